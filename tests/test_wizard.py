"""The command setup: answers as people type them, and the settings file that they make."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sheets_sync.config import load_settings
from sheets_sync.errors import Forbidden
from sheets_sync.model import LANGUAGES, Language, Member, Settings
from sheets_sync.wizard import Surroundings, run_setup
from sheets_sync.wizard.answers import (
    Objection,
    Person,
    read_country,
    read_hour,
    read_language,
    read_person,
    read_server,
    read_tracker,
    read_yes,
)
from sheets_sync.wizard.proposals import (
    MailServer,
    country_of_zone,
    propose_country,
    propose_tracker,
    server_for,
)

FULL = (
    "partners.xlsx",
    "fi",
    "fi",
    "Aino Virtanen <aino@example.org>",
    'Dana "דנה" Levi, dana@example.org',
    "",
    "smtp.example.org",
    "",
    "8.15",
)


class Scripted:
    """A person who answers from a list, and remembers what was asked, proposed and told."""

    def __init__(self, *answers: str) -> None:
        """Answer these, in order; a blank one takes what is proposed."""
        self.answers: Iterator[str] = iter(answers)
        self.asked: list[str] = []
        self.proposed: list[str] = []
        self.told: list[str] = []

    def ask(self, question: str, proposal: str) -> str:
        """Answer the next question."""
        self.asked.append(question)
        self.proposed.append(proposal)
        return next(self.answers) or proposal

    def run(
        self,
        folder: Path,
        *,
        language: Language = "en",
        environment: Mapping[str, str] | None = None,
        headers: Language | None = None,
    ) -> Path | None:
        """Go through the command in a folder; ``headers`` is the language of any tracker there."""
        surroundings = environment or {"LANG": "fi_FI.UTF-8"}
        around = Surroundings(folder, surroundings, language, lambda _: headers)
        file = folder / "config" / "settings.toml"
        return run_setup(self.ask, self.told.append, file=file, around=around)


def settings_of(file: Path | None) -> Settings:
    assert file is not None
    return load_settings(file, {})


def test_six_answers_make_the_settings(tmp_path: Path) -> None:
    found = settings_of(Scripted(*FULL).run(tmp_path))
    assert found.tracker == str(tmp_path / "partners.xlsx")
    assert (found.language, found.country) == ("fi", "FI")
    assert found.team == (
        Member(name="Aino Virtanen", email="aino@example.org"),
        Member(name='Dana "דנה" Levi', email="dana@example.org"),
    )
    assert found.digest.coordinator == "Aino Virtanen"
    assert found.digest.at.isoformat() == "08:15:00"
    assert found.mail is not None
    assert (found.mail.host, found.mail.port, found.mail.security) == (
        "smtp.example.org",
        587,
        "starttls",
    )
    assert (found.mail.username, found.mail.sender) == ("aino@example.org", "aino@example.org")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_commented_in_the_language_of_the_person(
    tmp_path: Path, language: Language
) -> None:
    file = Scripted(*FULL).run(tmp_path, language=language)
    assert file is not None
    assert sum(line.startswith("# ") for line in file.read_text("utf-8").splitlines()) == 4
    settings_of(file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_the_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = Scripted(*FULL).run(tmp_path)
    assert file is not None
    assert file.stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    file = Scripted(*FULL).run(tmp_path)
    assert file is not None
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("answer", ["", "n", "no", "what?"])
def test_settings_that_are_there_stay_unless_told_otherwise(tmp_path: Path, answer: str) -> None:
    (tmp_path / "config").mkdir()
    file = tmp_path / "config" / "settings.toml"
    file.write_text('language = "he"\n')
    person = Scripted(answer)
    assert person.run(tmp_path) is None
    assert file.read_text() == 'language = "he"\n'
    assert len(person.asked) == 1


def test_settings_that_are_there_are_replaced_after_a_yes(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text('language = "he"\n')
    assert settings_of(Scripted("y", *FULL).run(tmp_path)).language == "fi"


def test_nothing_is_written_before_the_last_answer(tmp_path: Path) -> None:
    with pytest.raises(StopIteration):
        Scripted(*FULL[:-1]).run(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_bad_answer_is_explained_and_asked_again(tmp_path: Path) -> None:
    person = Scripted("partners.xls", "partners.xlsx", "sv", "en", "Finland", "FI", "-")
    person.run(tmp_path)
    assert [question[:12] for question in person.asked[:2]] == [person.asked[0][:12]] * 2
    assert "partners.xls" in person.told[1]
    assert "sv" in person.told[2]
    assert "Did you mean FI?" in person.told[3]


def test_without_a_team_there_is_no_question_about_mail(tmp_path: Path) -> None:
    person = Scripted("partners.xlsx", "en", "-", "-")
    found = settings_of(person.run(tmp_path))
    assert (found.team, found.mail, found.country) == ((), None, None)
    assert len(person.asked) == 4


def test_mail_can_wait(tmp_path: Path) -> None:
    found = settings_of(
        Scripted("p.xlsx", "en", "-", "Aino aino@example.org", "", "-", "").run(tmp_path)
    )
    assert found.mail is None
    assert found.team[0].name == "Aino"


def test_what_is_proposed_is_what_is_probably_right(tmp_path: Path) -> None:
    (tmp_path / "schools.xlsx").touch()
    person = Scripted("", "", "", "Aino <aino@gmail.com>", "", "", "", "")
    found = settings_of(person.run(tmp_path, language="he", environment={"LANG": "he_IL.UTF-8"}))
    assert found.tracker == str(tmp_path / "schools.xlsx")
    assert (found.language, found.country) == ("he", "IL")
    assert found.mail is not None
    assert found.mail.host == "smtp.gmail.com"
    assert found.digest.at.isoformat() == "07:30:00"


def test_the_language_of_a_tracker_that_is_there_is_proposed(tmp_path: Path) -> None:
    person = Scripted("p.xlsx", "", "-", "-")
    found = settings_of(person.run(tmp_path, headers="fi"))
    assert found.language == "fi"


def test_a_provider_without_passwords_gets_a_token(tmp_path: Path) -> None:
    person = Scripted("p.xlsx", "en", "FI", "Aino <aino@outlook.com>", "", "", "", "")
    found = settings_of(person.run(tmp_path))
    assert found.mail is not None
    assert found.mail.auth == "xoauth2"
    assert "SHEETS_SYNC_MAIL_TOKEN_FILE" in person.told[-1]


def test_a_relay_on_this_computer_needs_no_signing_in(tmp_path: Path) -> None:
    person = Scripted("p.xlsx", "en", "FI", "Aino <a@example.org>", "", "localhost", "", "")
    found = settings_of(person.run(tmp_path))
    assert found.mail is not None
    assert (found.mail.security, found.mail.auth, found.mail.port) == ("none", "none", 25)


def test_the_end_says_how_to_make_a_tracker_that_is_missing(tmp_path: Path) -> None:
    person = Scripted("p.xlsx", "en", "-", "-")
    person.run(tmp_path)
    assert f"sheets-sync init {tmp_path / 'p.xlsx'}" in person.told[-1]
    (tmp_path / "p.xlsx").touch()
    person = Scripted("y", "p.xlsx", "en", "-", "-")
    person.run(tmp_path)
    assert "init" not in person.told[-1]


def test_the_end_says_how_to_share_a_google_sheet(tmp_path: Path) -> None:
    person = Scripted("https://docs.google.com/spreadsheets/d/abc/edit#gid=0", "en", "-", "-")
    found = settings_of(person.run(tmp_path))
    assert found.tracker == "https://docs.google.com/spreadsheets/d/abc/edit#gid=0"
    assert "service account" in person.told[-1]


def test_where_nothing_may_be_written_an_error_says_so(tmp_path: Path) -> None:
    (tmp_path / "config").touch()
    with pytest.raises(Forbidden) as caught:
        Scripted(*FULL).run(tmp_path)
    assert caught.value.kind == "cannot_create"


# Single answers


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ('"my partners.xlsx"', "my partners.xlsx"),
        ("C:\\data\\p.XLSM", "C:\\data\\p.XLSM"),
        ("docs.google.com/spreadsheets/d/abc", "docs.google.com/spreadsheets/d/abc"),
        ("1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms",) * 2,
    ],
)
def test_a_tracker_is_a_workbook_or_a_google_sheet(typed: str, understood: str) -> None:
    assert read_tracker(typed) == understood


@pytest.mark.parametrize("typed", ["", "partners.ods", "https://example.org/p", "partners"])
def test_other_trackers_are_objected_to(typed: str) -> None:
    with pytest.raises(Objection):
        read_tracker(typed)


@pytest.mark.parametrize(
    ("typed", "language"), [("FI", "fi"), ("English", "en"), ("עברית", "he"), (" suomi ", "fi")]
)
def test_a_language_goes_by_its_code_or_its_own_name(typed: str, language: str) -> None:
    assert read_language(typed) == language


@pytest.mark.parametrize(("typed", "code"), [("fi", "FI"), ("IL ", "IL"), ("-", None), ("", None)])
def test_a_country_is_two_letters_or_nothing(typed: str, code: str | None) -> None:
    assert read_country(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "Aino V <a@example.org>",
        "Aino V a@example.org",
        "Aino V, a@example.org",
        "Aino V: a@example.org",
    ],
)
def test_a_person_is_a_name_and_an_address_in_any_writing(typed: str) -> None:
    assert read_person(typed, team=()) == Person("Aino V", "a@example.org")


@pytest.mark.parametrize(
    "typed",
    [
        "Aino",
        "a@example.org",
        "Aino a@example",
        "Aino a@b.org, Dana d@b.org",
        "AINO x@example.org",
        "Dana A@example.org",
    ],
)
def test_what_is_no_new_person_is_objected_to(typed: str) -> None:
    with pytest.raises(Objection):
        read_person(typed, team=[Person("Aino", "a@example.org")])


@pytest.mark.parametrize(
    ("typed", "server"),
    [
        ("mail.example.org", MailServer("mail.example.org", 587, "starttls")),
        ("mail.example.org:465", MailServer("mail.example.org", 465, "tls")),
        ("mail.example.org:2525", MailServer("mail.example.org", 2525, "starttls")),
        ("127.0.0.1:1025", MailServer("127.0.0.1", 1025, "none")),
        ("SMTP.gmail.com", MailServer("smtp.gmail.com", 587, "starttls")),
        ("", None),
    ],
)
def test_a_server_may_have_a_port(typed: str, server: MailServer | None) -> None:
    assert read_server(typed) == server


@pytest.mark.parametrize(
    ("typed", "at"), [("7", "07:00"), ("7:30", "07:30"), ("07.30", "07:30"), ("23:59", "23:59")]
)
def test_an_hour_may_be_written_short(typed: str, at: str) -> None:
    assert read_hour(typed) == at


@pytest.mark.parametrize("typed", ["", "24", "7:60", "noon", "-"])
def test_what_is_no_hour_is_objected_to(typed: str) -> None:
    with pytest.raises(Objection):
        read_hour(typed)


@pytest.mark.parametrize("typed", ["y", "Yes", "k", "Kyllä", "כן"])
def test_a_yes_is_understood_in_each_language(typed: str) -> None:
    assert read_yes(typed)


@pytest.mark.parametrize(
    ("environment", "country"),
    [
        ({"LANG": "fi_FI.UTF-8"}, "FI"),
        ({"LC_ALL": "he_IL", "LANG": "en_US"}, "IL"),
        ({"LANG": "C.UTF-8", "TZ": "Asia/Jerusalem"}, "IL"),
        ({"LANG": "fi", "TZ": ":Europe/Helsinki"}, "FI"),
        ({"TZ": "UTC"}, None),
    ],
)
def test_the_country_comes_from_locale_or_time_zone(
    environment: dict[str, str], country: str | None
) -> None:
    assert propose_country(environment) == country


def test_the_only_workbook_in_the_folder_is_proposed(tmp_path: Path) -> None:
    assert propose_tracker(tmp_path) == "partners.xlsx"
    (tmp_path / "a.xlsx").touch()
    (tmp_path / "~$a.xlsx").touch()
    assert propose_tracker(tmp_path) == "a.xlsx"
    (tmp_path / "b.xlsx").touch()
    assert propose_tracker(tmp_path) == "partners.xlsx"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("a@Gmail.com", "smtp.gmail.com"),
        ("a@firm.onmicrosoft.com", "smtp.office365.com"),
        ("a@notgmail.com", None),
        ("a@example.org", None),
    ],
)
def test_the_server_of_a_known_provider_is_proposed(address: str, host: str | None) -> None:
    found = server_for(address)
    assert (found and found.host) == host


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Helsinki", "FI"), ("Asia/Jerusalem", "IL"), ("Etc/UTC", None), (None, None)],
)
def test_a_time_zone_that_is_nobody_s_proposes_no_country(
    zone: str | None, country: str | None
) -> None:
    assert country_of_zone(zone) == country
