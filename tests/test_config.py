"""Settings: what a file may say, every mistake with its line, and what the environment adds."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_sync.config import (
    google_endpoint,
    load_settings,
    mail_password,
    mail_token,
    parse_settings,
    settings_file,
    state_folder,
)
from sheets_sync.config.lines import lines_of
from sheets_sync.errors import SettingsError, UsageError
from sheets_sync.model import LANGUAGES, Member, Settings
from sheets_sync.texts import say

EXAMPLE = Path(__file__).parent.parent / "config" / "settings.example.toml"
KEYS = {
    "": "tracker language timezone country date_formats team playbook digest mail google watch"
    " files fleet",
    "playbook": "reply_within chase_after arrange_within plan_within keep_in_touch publish_before"
    " photo_before_publish thank_within thank_for after_event_within first_contact_lead"
    " revet_after candidates_per_theme",
    "digest": "coordinator at days max_items max_mails all_clear",
    "mail": "host port security username from auth ca_file allow_plain",
    "google": "credentials",
    "watch": "every_minutes ping",
    "files": "backups",
}
"""Every key that the documented interface has."""

MAIL = '[mail]\nhost = "smtp.example.org"\nfrom = "a@example.org"\n'
TEAM = '[team]\n"Aino Virtanen" = "aino@example.org"\n'


def read(text: str, folder: Path = Path("/settings")) -> Settings:
    return parse_settings(text, folder / "settings.toml")


def mistakes(text: str) -> list[tuple[int, str]]:
    """The line and the message (without ``settings.``) of every mistake in a text."""
    with pytest.raises(SettingsError) as caught:
        read(text)
    for mistake in caught.value.mistakes:
        for language in LANGUAGES:
            assert "{" not in say(mistake, language).replace("{…}", "")
    return [
        (int(str(mistake.facts["line"])), mistake.id.removeprefix("settings."))
        for mistake in caught.value.mistakes
    ]


def words(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(text)
    return "\n".join(say(mistake, "en") for mistake in caught.value.mistakes)


# What a good file says


def test_without_a_file_all_settings_are_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, {}) == Settings()


def test_an_empty_file_changes_nothing_but_the_source(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("")
    assert load_settings(file, {}) == Settings(source=str(file))


def test_the_example_loads_and_says_what_its_comments_say() -> None:
    found = load_settings(EXAMPLE, {})
    assert found.tracker == str(EXAMPLE.parent.parent / "partners.xlsx")
    assert found.credentials == str(EXAMPLE.parent / "service-account.json")
    assert found.team[1] == Member(
        name="Dana Levi", email="dana@example.org", language="he", max_items=10
    )
    assert found.digest.coordinator == "Aino Virtanen"
    assert (found.digest.at, found.digest.days, found.digest.all_clear) == (time(7, 30), None, 0)
    assert found.mail is not None
    assert (found.mail.port, found.mail.sender) == (587, "Partners <partners@example.org>")


def test_the_numbers_of_the_example_are_the_defaults() -> None:
    found = load_settings(EXAMPLE, {})
    assert found.playbook == Settings().playbook
    assert (found.every_minutes, found.backups) == (Settings().every_minutes, Settings().backups)


def example_with_every_key() -> str:
    """The example, the keys that it only mentions in comments taken in as well."""
    return re.sub(r"(?m)^# (\w+ = )", r"\1", EXAMPLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", KEYS)
def test_the_example_shows_every_key_and_no_other(table: str) -> None:
    shown = tomllib.loads(example_with_every_key())
    assert set(shown[table] if table else shown) == set(KEYS[table].split())


def test_every_key_of_the_example_is_accepted() -> None:
    text = example_with_every_key()
    assert parse_settings(text, EXAMPLE).ping_url == "https://example.org/ping/partners"


def test_what_the_file_says_is_what_the_program_gets() -> None:
    found = read(
        'country = "fi"\ndate_formats = ["%d.%m.%y"]\nlanguage = "he"\n'
        'timezone = "Asia/Jerusalem"\n'
        "[playbook]\nchase_after = [3]\nthank_for = 0\n"
        '[digest]\nat = 09:05:00\ndays = ["thu", "mon", "thu"]\nmax_items = 5\nmax_mails = 6\n'
        "[watch]\nevery_minutes = 5\n[files]\nbackups = 0\n"
    )
    assert (found.country, found.language, found.timezone) == ("FI", "he", "Asia/Jerusalem")
    assert found.date_formats == ("%d.%m.%y",)
    assert (found.playbook.chase_after, found.playbook.thank_for) == ((3,), 0)
    assert (found.digest.at, found.digest.days) == (time(9, 5), (0, 3))
    assert (found.digest.max_items, found.digest.max_mails) == (5, 6)
    assert (found.every_minutes, found.backups) == (5, 0)


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("partners.xlsx", "/settings/partners.xlsx"),
        ("../partners.XLSM", "/partners.XLSM"),
        ("data/partners", "/settings/data/partners"),
        ("/data/partners.xlsx", "/data/partners.xlsx"),
        ("https://docs.google.com/spreadsheets/d/abc/edit", None),
        ("docs.google.com/spreadsheets/d/abc/edit", None),
        ("1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms", None),
    ],
)
def test_a_tracker_is_a_path_from_the_settings_file_or_an_address(
    written: str, understood: str | None
) -> None:
    assert read(f'tracker = "{written}"').tracker == (understood or written)


def test_a_bare_name_that_exists_beside_the_settings_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "partners").touch()
    assert read('tracker = "partners"', tmp_path).tracker == str(tmp_path / "partners")


def test_the_coordinator_is_found_folded_and_named_as_in_the_team() -> None:
    found = read(f'{TEAM}[digest]\ncoordinator = "aino  VIRTANEN"\n')
    assert found.digest.coordinator == "Aino Virtanen"


@pytest.mark.parametrize(
    ("extra", "port", "auth"),
    [
        ("", 587, "none"),
        ('username = "u"\n', 587, "password"),
        ('security = "tls"\n', 465, "none"),
        ('security = "tls"\nport = 2465\n', 2465, "none"),
        ('username = "u"\nauth = "xoauth2"\n', 587, "xoauth2"),
    ],
)
def test_what_mail_leaves_out_follows_from_what_it_says(extra: str, port: int, auth: str) -> None:
    mail = read(MAIL + extra).mail
    assert mail is not None
    assert (mail.port, mail.auth) == (port, auth)


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("a@example.org", "a@example.org"),
        ("<a@example.org>", "a@example.org"),
        ("Aino <a@example.org>", "Aino <a@example.org>"),
        ("Virtanen, Aino <a@example.org>", '"Virtanen, Aino" <a@example.org>'),
    ],
)
def test_a_sender_is_an_address_with_or_without_a_name(written: str, sender: str) -> None:
    mail = read(f'[mail]\nhost = "h.example.org"\nfrom = "{written}"').mail
    assert mail is not None
    assert mail.sender == sender


def test_a_username_that_is_an_address_is_the_sender_too() -> None:
    mail = read('[mail]\nhost = "smtp.example.org"\nusername = "u@example.org"').mail
    assert mail is not None
    assert mail.sender == "u@example.org"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_without_encryption_mail_may_go_to_this_computer(host: str) -> None:
    text = f'[mail]\nhost = "{host}"\nfrom = "a@example.org"\nsecurity = "none"\nusername = "u"'
    assert read(text).mail is not None


def test_without_encryption_a_trusted_relay_may_take_mail_without_a_password() -> None:
    extra = 'security = "none"\nallow_plain = true\nauth = "none"'
    assert read(MAIL + extra).mail is not None


def test_a_tracker_of_the_fleet_inherits_and_may_say_otherwise() -> None:
    found = read(
        f'tracker = "a.xlsx"\ncountry = "FI"\n{TEAM}[digest]\ncoordinator = "Aino Virtanen"\n'
        'max_items = 7\n[[fleet.tracker]]\ntracker = "b.xlsx"\ncountry = "IL"\n'
        '[fleet.tracker.digest]\nat = "09:00"\n'
        '[[fleet.tracker]]\ntracker = "c.xlsx"\n'
    )
    second, third = found.fleet
    assert (second.tracker, second.country) == ("/settings/b.xlsx", "IL")
    assert (second.digest.at, second.digest.max_items) == (time(9), 7)
    assert (third.country, third.team, third.fleet) == ("FI", found.team, ())


def test_a_team_of_its_own_replaces_the_one_above() -> None:
    found = read(
        f'{TEAM}[[fleet.tracker]]\ntracker = "b.xlsx"\n[fleet.tracker.team]\nDana = "d@example.org"'
    )
    assert [member.name for member in found.fleet[0].team] == ["Dana"]


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes('\ufefflanguage = "fi"\r\n[files]\r\nbackups = 3\r\n'.encode())
    assert load_settings(file, {}).backups == 3


# What is wrong, and on which line

ONE_MISTAKE = [
    # keys
    ('\nlangage = "fi"', 2, "unknown_key_near"),
    ("colour = 3", 1, "unknown_key"),
    ("[digest]\nat = '07:30'\nmax_item = 5", 3, "unknown_key_near"),
    ("max_mails = 5", 1, "misplaced_key"),
    ('[watch]\nlanguage = "fi"', 2, "key_below_table"),
    (f'{TEAM}country = "FI"', 3, "key_below_table"),
    ("[team]\nAino = { email = 'a@example.org', langauge = 'fi' }", 2, "unknown_key_near"),
    ("[team]\nAino = { language = 'fi' }", 2, "missing_key"),
    ("[mail]\nfrom = 'a@example.org'", 1, "missing_key"),
    ("[mail]\nhost = 'smtp.example.org'", 1, "missing_from"),
    ("[mail]\nhost = 'smtp.example.org'\nusername = 'u'", 1, "missing_from"),
    # types
    ("country = 3", 1, "need_text"),
    ("tracker = ['a.xlsx']", 1, "need_text"),
    ("[playbook]\nreply_within = '1'", 2, "need_number"),
    ("[playbook]\nreply_within = 1.5", 2, "need_number"),
    ("[playbook]\nreply_within = 1.0", 2, "need_number"),
    ("[playbook]\nreply_within = true", 2, "need_number"),
    ("[playbook]\nchase_after = 7", 2, "need_list"),
    ("[playbook]\nchase_after = [\n  7,\n  'x',\n]", 2, "need_number"),
    (f"{MAIL}allow_plain = 'yes'", 4, "need_yes_no"),
    ("playbook = 3", 1, "need_table"),
    ("team = ['aino@example.org']", 1, "need_table"),
    ("[team]\nAino = 3", 2, "need_table"),
    ("[fleet.tracker]\ntracker = 'a.xlsx'", 1, "fleet_brackets"),
    # values
    ("tracker = '  '", 1, "blank"),
    ("language = 'FI'", 1, "not_a_choice_near"),
    ("language = 'sv'", 1, "not_a_choice"),
    ("timezone = 'Helsinki'", 1, "unknown_timezone_near"),
    ("timezone = 'Europe'", 1, "unknown_timezone"),
    ("timezone = '../etc'", 1, "unknown_timezone"),
    ("country = 'Finland'", 1, "unknown_country_near"),
    ("country = 'QQ'", 1, "unknown_country"),
    ("date_formats = ['%d.%m']", 1, "date_format_lacks"),
    ("date_formats = ['%m/%Y']", 1, "date_format_lacks"),
    ("date_formats = ['%d.%Y']", 1, "date_format_lacks"),
    ("date_formats = ['%d.%m.%Y %Q']", 1, "date_format_odd"),
    ("[team]\nAino = 'aino'", 2, "not_an_address"),
    ("[team]\nAino = 'a@example.org, b@example.org'", 2, "not_an_address"),
    ("[team]\n' ' = 'a@example.org'", 2, "nameless"),
    (f"{TEAM}'aino-virtanen' = 'b@example.org'", 3, "name_twice"),
    (f"{TEAM}Dana = 'AINO@example.org'", 3, "address_twice"),
    ("[team]\nAino = { email = 'a@example.org', max_items = 0 }", 2, "out_of_range"),
    ("[playbook]\nthank_for = -1", 2, "out_of_range"),
    ("[playbook]\nthank_for = 3651", 2, "out_of_range"),
    ("[playbook]\nchase_after = [7, 0]", 2, "out_of_range"),
    ("[playbook]\nchase_after = []", 2, "wrong_length"),
    (f"[playbook]\nchase_after = {[1] * 11}", 2, "wrong_length"),
    ("[digest]\ncoordinator = 'Aino'", 2, "coordinator_unknown"),
    (f"{TEAM}[digest]\ncoordinator = 'Aino Virtane'", 4, "coordinator_near"),
    ("[digest]\nat = '7.30'", 2, "not_a_time"),
    ("[digest]\nat = '24:00'", 2, "not_a_time"),
    ("[digest]\nat = 7", 2, "not_a_time"),
    ("[digest]\ndays = ['monday']", 2, "not_days_near"),
    ("[digest]\ndays = 'weekdays'", 2, "not_days"),
    ("[digest]\ndays = []", 2, "not_days"),
    ("[digest]\nall_clear = 'Mon'", 2, "not_a_day_near"),
    ("[digest]\nall_clear = 'never'", 2, "not_a_day"),
    ("[digest]\nmax_mails = 0", 2, "out_of_range"),
    ("[mail]\nhost = 'https://smtp.example.org'\nfrom = 'a@example.org'", 2, "not_a_host"),
    ("[mail]\nhost = 'smtp.example.org:25'\nfrom = 'a@example.org'", 2, "not_a_host"),
    ("[mail]\nhost = 'h'\nfrom = 'A <a@example.org>, B <b@example.org>'", 3, "not_a_sender"),
    ('[mail]\nhost = "h"\nfrom = "A\\r\\nBcc: x@example.org <a@example.org>"', 3, "not_a_sender"),
    (f"{MAIL}port = 70000", 4, "out_of_range"),
    (f"{MAIL}security = 'ssl'", 4, "not_a_choice"),
    (f"{MAIL}security = 'start-tls'", 4, "not_a_choice_near"),
    (f"{MAIL}auth = 'password'", 4, "missing_username"),
    (f"{MAIL}security = 'none'", 4, "no_encryption"),
    (f"{MAIL}security = 'none'\nauth = 'none'", 4, "no_encryption"),
    (f"{MAIL}security = 'none'\nallow_plain = true\nusername = 'u'", 4, "password_in_clear"),
    ("[watch]\nevery_minutes = 0", 2, "out_of_range"),
    ("[watch]\nping = 'http://example.org'", 2, "not_a_ping"),
    ("[files]\nbackups = -1", 2, "out_of_range"),
    # secrets
    ("[mail]\nhost = 'h'\nfrom = 'a@example.org'\npassword = 'x'", 4, "secret_password"),
    ("mail_token = 'x'", 1, "secret_token"),
    ("[google]\napi-key = 'x'", 2, "secret_key"),
    ("[google]\nclient_secret = 'x'", 2, "secret_key"),
    ("[google]\ncredentials = '''\n-----BEGIN PRIVATE KEY-----\n'''", 2, "secret_key"),
    ("""[google]\ncredentials = '{"type": "service_account"}'""", 2, "secret_key"),
    ("date_formats = ['-----BEGIN PRIVATE KEY-----']", 1, "secret_key"),
    ("[team]\nAino = { email = 'a@example.org', password = 'x' }", 2, "secret_password"),
    # the fleet
    ("[[fleet.tracker]]\nlanguage = 'fi'", 1, "missing_key"),
    ("tracker = 'a.xlsx'\n[[fleet.tracker]]\ntracker = 'a.xlsx'", 3, "tracker_twice"),
    (
        (
            "[[fleet.tracker]]\ntracker = 'a.xlsx'\n[[fleet.tracker]]\ntracker = 'b.xlsx'\n"
            "[fleet.tracker.digest]\nat = 'x'"
        ),
        6,
        "not_a_time",
    ),
    (
        (
            f"{TEAM}[digest]\ncoordinator = 'Aino Virtanen'\n"
            "[[fleet.tracker]]\ntracker = 'b.xlsx'\n[fleet.tracker.team]\nDana = 'd@example.org'"
        ),
        5,
        "coordinator_unknown",
    ),
    # the writing itself
    ("a = 1\nlanguage = fi", 2, "syntax"),
    ('language = "fi\ncountry = "FI"', 1, "syntax"),
    ("[playbook]\nchase_after = [7,\n7\n", 2, "syntax"),
    ("[team]\nAino Virtanen = 'a@example.org'", 2, "bad_key"),
    ("[team]\nÄijä = 'a@example.org'", 2, "bad_key"),
    ('tracker = "C:\\Users\\x.xlsx"', 1, "backslash"),
    ('tracker = "C:\\data\\x.xlsx"', 1, "backslash"),
    ("language = 'fi'\n\nlanguage = 'he'", 3, "written_twice"),
    ("[digest]\nmax_mails = 3\n[digest]\nmax_items = 3", 3, "written_twice"),
]


@pytest.mark.parametrize(("text", "line", "mistake"), ONE_MISTAKE)
def test_each_mistake_is_told_once_with_its_line(text: str, line: int, mistake: str) -> None:
    assert mistakes(text) == [(line, mistake)]


def test_the_table_of_mistakes_has_every_sentence_there_is() -> None:
    catalogue = "sheets_sync/texts/catalogues/en/LC_MESSAGES/settings.po"
    text = (EXAMPLE.parent.parent / catalogue).read_text(encoding="utf-8")
    assert {mistake for _, _, mistake in ONE_MISTAKE} == set(
        re.findall(r'(?m)^msgid "settings\.(\w+)"', text)
    )


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    found = mistakes(
        "langage = 'fi'\ncountry = 'QQ'\n[team]\nAino = 'aino'\nAINO = 3\n"
        "[digest]\ncoordinator = 'Dana'\nat = 'noon'\n[mail]\npassword = 'x'\nport = 0\n"
    )
    assert [line for line, _ in found] == [1, 2, 4, 5, 5, 7, 8, 9, 9, 10, 11]


def test_an_inherited_mistake_is_told_once() -> None:
    text = (
        "colour = 1\n[[fleet.tracker]]\ntracker = 'a.xlsx'\n[[fleet.tracker]]\ntracker = 'b.xlsx'"
    )
    assert mistakes(text) == [(1, "unknown_key")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("langage = 'fi'", "Line 1: there is no setting “langage”. Did you mean “language”?"),
        ("max_mails = 5", "Line 1: “max_mails” belongs below [digest], not here."),
        (
            "[playbook]\nreply_within = '1'",
            (
                'Line 2: “playbook.reply_within” is "1", where a whole number is needed,'
                " without quotes."
            ),
        ),
        (
            "[playbook]\nthank_for = 4000",
            "Line 2: “playbook.thank_for” is 4000; it must be from 0 to 3650.",
        ),
        (
            f"{TEAM}[digest]\ncoordinator = 'Aino Virtane'",
            (
                "Line 4: the coordinator “Aino Virtane” is not in the team. Did you mean"
                " “Aino Virtanen”?"
            ),
        ),
        (
            "timezone = 'Helsinki'",
            "Line 1: there is no time zone “Helsinki”. Did you mean “Europe/Helsinki”?",
        ),
        (
            "country = 'Finland'",
            "Line 1: “Finland” is not a country in two letters. Did you mean “FI”?",
        ),
    ],
)
def test_a_sentence_says_where_what_and_what_was_meant(text: str, sentence: str) -> None:
    assert words(text) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "password = 'CANARY'",
        "[mail]\npassword = 'CANARY'",
        "[mail]\nusername = { password = 'CANARY' }",
        "[mail]\npasswort = ['CANARY']",
        '[google]\ncredentials = \'{"private_key": "CANARY"}\'',
        "date_formats = ['-----BEGIN CANARY']",
        "[mail]\npassword = CANARY",
        "[mail]\npassword = 'CANARY",
    ],
)
def test_a_secret_is_never_repeated(text: str) -> None:
    assert "CANARY" not in words(text)


def test_a_name_in_the_team_may_sound_like_a_secret() -> None:
    assert read("[team]\n'Secret Key' = 'a@example.org'").team[0].name == "Secret Key"


def test_several_mistakes_are_counted() -> None:
    with pytest.raises(SettingsError) as caught:
        read("a = 1\nb = 2")
    assert say(caught.value.sentence, "en") == (
        "The settings file has 2 mistakes: /settings/settings.toml"
    )


toml_values = st.recursive(
    st.booleans() | st.integers(-5, 9000) | st.sampled_from(["'x'", "'mon'", "'a@example.org'"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
toml_keys = st.sampled_from([*" ".join(KEYS.values()).split(), "colour", "password"])


def written(value: Any) -> str:  # noqa: ANN401 - whatever TOML can hold
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=150, deadline=None)
@given(
    top=st.dictionaries(toml_keys, toml_values, max_size=3),
    tables=st.dictionaries(
        st.sampled_from([*KEYS, "team", "team.A", "fleet"]),
        st.dictionaries(toml_keys, toml_values, max_size=3),
        max_size=3,
    ),
)
def test_whatever_a_file_says_there_are_settings_or_sentences(
    top: dict[str, Any], tables: dict[str, dict[str, Any]]
) -> None:
    lines = [f"{key} = {written(value)}" for key, value in top.items()]
    for table, pairs in tables.items():
        lines += [f"[{table or 'other'}]", *(f"{k} = {written(v)}" for k, v in pairs.items())]
    try:
        read("\n".join(lines))
    except SettingsError as error:
        assert all(say(mistake, "en").startswith("Line ") for mistake in error.mistakes)  # noqa: PT017


def test_the_line_of_every_key_is_known() -> None:
    text = (
        '# c\na = 1\nb = [\n 1,\n]\n[t."x y"]\nc = """\nd = 1\n"""\n'
        "[[f.u]]\n[[f.u]]\ne = 1\n[f.u.v]\nw = { z = 1 }\n"
    )
    assert lines_of(text) == {
        (): 1,
        ("a",): 2,
        ("b",): 3,
        ("t", "x y"): 6,
        ("t", "x y", "c"): 7,
        ("f", "u", 0): 10,
        ("f", "u", 1): 11,
        ("f", "u", 1, "e"): 12,
        ("f", "u", 1, "v"): 13,
        ("f", "u", 1, "v", "w"): 14,
        ("f", "u", 1, "v", "w", "z"): 14,
    }


# Which file, and the environment


def test_the_file_named_on_the_command_line_comes_first(tmp_path: Path) -> None:
    found = settings_file(tmp_path / "a.toml", {"SHEETS_SYNC_CONFIG": "b.toml"})
    assert found == tmp_path / "a.toml"


def test_the_file_named_by_the_environment_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").touch()
    assert settings_file(None, {"SHEETS_SYNC_CONFIG": "b.toml"}) == tmp_path / "b.toml"
    assert settings_file(None, {}) == tmp_path / "config" / "settings.toml"


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(tmp_path / "none.toml", {})
    assert caught.value.kind == "settings_missing"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["a folder", "no text"])
def test_what_is_no_text_file_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "settings.toml"
    file.mkdir() if content is None else file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        load_settings(file, {})
    assert caught.value.kind == "settings_unreadable"


@pytest.mark.parametrize(
    ("variable", "secret"),
    [("SHEETS_SYNC_MAIL_PASSWORD", mail_password), ("SHEETS_SYNC_MAIL_TOKEN", mail_token)],
)
def test_a_secret_comes_from_its_variable_or_from_a_file(
    tmp_path: Path,
    variable: str,
    secret: Any,  # noqa: ANN401 - one of two functions
) -> None:
    file = tmp_path / "secret"
    file.write_text("in the file \n")
    assert secret({}) is None
    assert secret({f"{variable}_FILE": str(file)}) == "in the file "
    assert secret({variable: "direct", f"{variable}_FILE": str(file)}) == "direct"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(None, "secret_file_missing"), ("\n", "secret_file_unreadable")],
)
def test_a_secret_file_that_holds_nothing_is_an_error(
    tmp_path: Path, content: str | None, kind: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_text(content)
    with pytest.raises(UsageError) as caught:
        mail_password({"SHEETS_SYNC_MAIL_PASSWORD_FILE": str(file)})
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080", "http://localhost:1/", "https://[::1]:8443"]
)
def test_the_google_endpoint_may_be_on_this_computer(address: str) -> None:
    assert google_endpoint({"SHEETS_SYNC_GOOGLE_ENDPOINT": address}) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
        "ftp://127.0.0.1",
        "localhost",
        "http://[",
    ],
)
def test_the_google_endpoint_may_not_be_elsewhere(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        google_endpoint({"SHEETS_SYNC_GOOGLE_ENDPOINT": address})
    assert caught.value.kind == "endpoint_not_loopback"


def test_the_state_folder_is_named_by_the_environment(tmp_path: Path) -> None:
    assert state_folder({"SHEETS_SYNC_STATE": str(tmp_path)}) == tmp_path
    assert state_folder({}).name == "sheets-sync"


def test_without_a_settings_file_pydantic_is_not_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from sheets_sync.config import load_settings; load_settings(None, {});"
        "sys.exit('pydantic' in sys.modules or 'holidays' in sys.modules)"
    )
    root = str(EXAMPLE.parent.parent)
    ran = subprocess.run(  # noqa: PLW1510 - the exit code is what is looked at
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": root}
    )
    assert ran.returncode == 0
