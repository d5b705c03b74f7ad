"""The Finnish and Hebrew catalogues: complete, and written as these languages are written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sheets_sync.config import parse_settings
from sheets_sync.desk import Desk, Options
from sheets_sync.model import LANGUAGES, Label, Language, Sentence
from sheets_sync.template import build
from sheets_sync.texts import label, say, word_fact
from tests import catalogues

TRANSLATED: tuple[Language, ...] = ("fi", "he")
PLURAL_FORMS = {"en": 2, "fi": 2, "he": 3}
SAME_AS_ENGLISH = {
    "fi": {"labels.choice.stage.idea"},
    "he": {"sample.radio.email"},
}
"""What is written alike in both languages; what is made of facts alone is the same anyway."""


def named(words: str) -> frozenset[str]:
    """Words that stand in a row."""
    return frozenset(words.split())


PLACE = re.compile(r"\{\w+\}")
INVENTED = ("sample", "labels")
"""Names of invented people and of columns: no sentences."""

# What may stand in Latin letters in a Hebrew sentence, and be the same in English and Finnish.
THINGS = named(
    "Excel Google Sheets Cloud Drive Workspace Microsoft LibreOffice OpenDocument OAuth API JSON "
    "UTF STARTTLS XOAUTH Enter Ctrl End FI IL"
)
WHAT_GOOGLE_CALLS_IT = named("IAM Admin Service Accounts Keys Enable")
"""Google's console speaks neither Finnish nor Hebrew."""
COMMANDS = named("sync check digest init setup restore watch gcloud login application")
SETTINGS = named(
    "country language tracker timezone coordinator team mail google fleet max_mails every_minutes "
    "host port auth security username from credentials ca_file allow_plain "
    "starttls xoauth tls none true false working default account service settings config"
)
OPTIONS = named("help force json list preview DIR dry run ignore lock URL")
ENDINGS = named("xlsx xlsm xls xlsb ods html toml com org new http https smtp www")
EXAMPLES = named(
    "Aino Virtanen aino Dana Levi dana Europe Helsinki Asia Jerusalem Name name address example "
    "Partners partners Kumppanit Trackers docs spreadsheets edit googleapis sheets"
)
THEMSELVES = frozenset({"English", "suomi", "sheets_sync", "fi", "en", "he"})
VARIABLES = re.compile(r"[A-Z]+(_[A-Z]+)*_?|_?FILE|GOOGLE_\w+")
KNOWN = (
    THINGS | WHAT_GOOGLE_CALLS_IT | COMMANDS | SETTINGS | OPTIONS | ENDINGS | EXAMPLES | THEMSELVES
)
ALSO_FINNISH = frozenset({"version", "data", "Data", "idea"})

COMMANDS_TO_ONE_MAN = ("לחץ", "בחר", "פתח", "הקלד", "נסה", "בדוק", "הוסף", "כתוב את", "אתה", "עליך")
"""Hebrew that speaks to one man; all others read it too."""


def forms(language: str, domain: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each message id of a catalogue with its texts."""
    for message in catalogues.load(language, domain):
        if message.id:
            message_id = message.id if isinstance(message.id, str) else message.id[0]
            text = message.string
            yield message_id, (text,) if isinstance(text, str) else tuple(text or ())


def texts(language: str, *, without: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Each text of a language with its id."""
    for domain in catalogues.domains():
        if domain not in without:
            for message_id, found in forms(language, domain):
                yield from ((message_id, text) for text in found)


def words_in_latin_letters(text: str) -> set[str]:
    """The words of a text in letters from a to z, its places left out."""
    return {*re.findall(r"[A-Za-z][A-Za-z_]*", PLACE.sub("", text))}


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("domain", catalogues.domains())
def test_every_sentence_is_there_in_each_of_its_forms(language: Language, domain: str) -> None:
    plural = {message.id[0] for message in catalogues.load("en", domain) if message.pluralizable}
    lacking = [
        message_id
        for message_id, found in forms(language, domain)
        if not all(found) or len(found) != (PLURAL_FORMS[language] if message_id in plural else 1)
    ]

    assert lacking == []


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("domain", catalogues.domains())
def test_no_sentence_waits_for_somebody_to_look_at_it(language: Language, domain: str) -> None:
    assert [it.id for it in catalogues.load(language, domain) if it.id and it.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", catalogues.domains())
def test_the_catalogues_count_as_their_languages_do(language: Language, domain: str) -> None:
    assert catalogues.load(language, domain).num_plurals == PLURAL_FORMS[language]


def test_hebrew_has_a_word_for_two_days() -> None:
    said = [say(Sentence("digest.late", {"n": days}), "he") for days in (1, 2, 3, 11)]
    assert said == ["יום אחד באיחור", "יומיים באיחור", "3 ימים באיחור", "11 ימים באיחור"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_was_left_in_english_by_oversight(language: Language) -> None:
    english = dict(texts("en"))
    same = {
        message_id
        for message_id, text in texts(language)
        if text == english[message_id] and re.search(r"\w", PLACE.sub("", text))
    }

    assert same == SAME_AS_ENGLISH[language]


def test_hebrew_sentences_hold_no_latin_words_but_names_of_things() -> None:
    foreign = [
        (message_id, word)
        for message_id, text in texts("he", without=INVENTED)
        for word in words_in_latin_letters(text)
        if len(word) > 1 and word not in KNOWN and not VARIABLES.fullmatch(word)
    ]

    assert foreign == []


def test_finnish_sentences_hold_no_words_of_the_english_ones() -> None:
    english: dict[str, set[str]] = {}
    for message_id, text in texts("en"):
        english.setdefault(message_id, set()).update(words_in_latin_letters(text))
    shared = [
        (message_id, word)
        for message_id, text in texts("fi", without=INVENTED)
        for word in words_in_latin_letters(text) & english[message_id]
        if len(word) > 2  # "on" and "in" are Finnish as well
        and word not in KNOWN | ALSO_FINNISH
        and not VARIABLES.fullmatch(word)
    ]

    assert shared == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_touches_a_fact(language: Language) -> None:
    glued = [
        (message_id, found[0])
        for message_id, text in texts(language)
        if (found := re.search(r"[^\W\d_]\{\w+\}|\{\w+\}[^\W\d_]", text))
    ]

    assert glued == []


def test_hebrew_hyphenates_only_what_is_written_in_digits() -> None:
    digits = {"day", "event", "thanked", "chosen", "clock", "published", "n", "number"}
    hyphenated = {place for _, text in texts("he") for place in re.findall(r"־\{(\w+)\}", text)}

    assert hyphenated <= digits


@pytest.mark.parametrize("language", TRANSLATED)
def test_quotes_are_those_of_the_language(language: Language) -> None:
    odd = [
        (message_id, text) for message_id, text in texts(language) if re.search("[“„«»‘‚]", text)
    ]
    uneven = [(message_id, text) for message_id, text in texts(language) if text.count("”") % 2]

    assert odd == []
    assert uneven == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_straight_quotes_stand_in_settings_alone(language: Language) -> None:
    english = dict(texts("en"))
    straight = [
        message_id
        for message_id, text in texts(language)
        if '"' in text and '"' not in english[message_id]
    ]

    assert straight == []


def test_hebrew_writes_its_own_marks_in_abbreviations() -> None:
    assert [it for it in texts("he") if re.search("[א-ת][\"'’][א-ת]", it[1])] == []


def test_hebrew_speaks_to_everybody() -> None:
    said = [
        (message_id, word)
        for message_id, text in texts("he")
        for word in COMMANDS_TO_ONE_MAN
        if re.search(rf"(?<!\w){word}(?!\w)", text)
    ]

    assert said == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_double_spaces_and_none_at_the_ends(language: Language) -> None:
    assert [it for it in texts(language) if "  " in it[1] or it[1] != it[1].strip(" ")] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("message", "column"),
    [
        ("digest.footer", "follow_up"),
        ("terminal.explain.without_snooze", "follow_up"),
        ("terminal.setup.team.next", "owner"),
        ("terminal.setup.file.team", "owner"),
        ("terminal.init.made", "stage"),
        ("terminal.init.made", "partner"),
    ],
)
def test_a_column_named_in_a_sentence_is_named_as_it_is_headed(
    language: Language, message: str, column: str
) -> None:
    text = dict(texts(language))[message]
    assert label(f"column.{column}", language) in text


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_tabs_and_headers_that_an_error_names_are_the_labels(language: Language) -> None:
    named = say(Sentence("errors.several_trackers.next"), language)
    assert all(label("tab.partners", other) in named for other in LANGUAGES)


# Names that run against the language, and the sentence that holds them.
MIXED: tuple[tuple[Language, str, str], ...] = (
    ("he", "Open Door Choir", "\u2068Open Door Choir\u2069"),
    ("he", "+358 40 123 4567", "\u2068+358 40 123 4567\u2069"),
    ("he", "555 0105", "\u2068555 0105\u2069"),
    ("he", "name@example.org", "\u2068name@example.org\u2069"),
    ("he", "ידידי Garden", "\u2068ידידי Garden\u2069"),
    ("he", "דנה לוי", "דנה לוי"),
    ("he", "גן 7", "גן 7"),
    ("he", "1984", "1984"),
    ("en", "דנה לוי", "\u2068דנה לוי\u2069"),
    ("fi", "דנה Levi", "\u2068דנה Levi\u2069"),
    ("fi", "Mäki & Järvi", "Mäki & Järvi"),
    ("en", "+358 40 123 4567", "+358 40 123 4567"),
)


@pytest.mark.parametrize(("language", "name", "shown"), MIXED)
def test_a_name_keeps_its_direction_within_a_sentence(
    language: Language, name: str, shown: str
) -> None:
    words = say(Sentence("playbook.reply.phone", {"who": name}), language)
    assert shown in words
    assert words.count("\u2068") == words.count("\u2069") == shown.count("\u2068")


def test_a_list_of_labels_ends_with_the_languages_own_and() -> None:
    columns = (Label("column.stage"), Label("column.event"))
    said = {
        language: say(Sentence("playbook.done.vet", {"columns": columns}), language)
        for language in LANGUAGES
    }

    assert said["en"] == "Fill in Stage and Event date."
    assert said["fi"] == "Täytä nämä: Vaihe ja Tapahtumapäivä."
    assert said["he"] == "למלא: שלב ותאריך האירוע."


@pytest.mark.parametrize(
    ("names", "joined"),
    [
        (("דנה", "נועה"), "דנה ונועה"),
        (("דנה", "Aino"), "דנה ו־\u2068Aino\u2069"),
        (("Aino", "Eero", "דנה"), "\u2068Aino\u2069, \u2068Eero\u2069 ודנה"),
        (("Aino",), "\u2068Aino\u2069"),
        (("3", "4"), "3 ו־4"),
    ],
)
def test_a_hebrew_list_hyphenates_its_and_before_other_letters(
    names: tuple[str, ...], joined: str
) -> None:
    assert word_fact(names, "he") == joined


def test_a_setting_copied_out_of_a_hebrew_sentence_can_be_read(tmp_path: Path) -> None:
    sentence = say(Sentence("terminal.check.settings.no_country.next"), "he")
    copied = re.findall(r'\S+ = "\w+"\W', sentence)

    assert parse_settings(copied[0], tmp_path / "settings.toml").country == "IL"


def test_a_path_copied_out_of_a_hebrew_sentence_leads_to_the_file(home: Path) -> None:
    file = home / "partners.xlsx"
    file.write_bytes(build("he"))
    words = say(Sentence("terminal.reading", {"tracker": str(file)}), "he")
    copied = next(word for word in words.split() if "xlsx" in word)
    desk = Desk(Options(), os.environ)

    assert copied != str(file)
    assert desk.store(copied).name == desk.store(str(file)).name
