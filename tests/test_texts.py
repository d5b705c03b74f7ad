"""The catalogues: complete, fresh, with the same placeholders; sentences whole and safe."""

from __future__ import annotations

import re
import string
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from sheets_sync.model import Label, Sentence
from sheets_sync.texts import known, label, say
from sheets_sync.texts.cleaning import clean, fold, isolate, shorten, trim
from tests import catalogues

PACKAGE = Path(__file__).parent.parent / "sheets_sync"
TEXT_FACTS = {"partner", "contact", "name", "benefit", "theme", "value", "tracker", "detail"}


PARTS_OF_ERRORS = {
    "errors.header_place",
    "errors.google_no_json",
    "errors.google_oauth_client",
    "errors.google_other_json",
    "errors.google_this_account",
}
"""Facts in words, for the sentences of errors."""


def english() -> list[tuple[str, Message]]:
    """Every English message with its id."""
    return [
        (message.id if isinstance(message.id, str) else message.id[0], message)
        for domain in catalogues.domains()
        for message in catalogues.load("en", domain)
        if message.id
    ]


def forms(message: Message) -> list[str]:
    """The texts of a message: one, or one a plural form."""
    told = message.string
    return [told] if isinstance(told, str) else list(told or ())


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_compiled_catalogues_are_fresh() -> None:
    assert catalogues.stale() == []


@pytest.mark.parametrize(("message_id", "message"), english(), ids=[it[0] for it in english()])
def test_an_english_message_has_words_and_whole_placeholders(
    message_id: str, message: Message
) -> None:
    assert message_id
    for form in forms(message):
        assert form.strip()
        assert all(name.isidentifier() for name in placeholders(form))


@pytest.mark.parametrize(("message_id", "message"), english(), ids=[it[0] for it in english()])
def test_no_sentence_begins_with_a_fact_of_a_cell(message_id: str, message: Message) -> None:
    assert message_id
    for form in forms(message):
        first = re.match(r"\{(\w+)\}", form)
        assert not (first and first[1] in TEXT_FACTS)


@pytest.mark.parametrize("language", catalogues.TRANSLATIONS)
@pytest.mark.parametrize("domain", catalogues.domains())
def test_a_translation_has_the_ids_of_the_english_catalogue(language: str, domain: str) -> None:
    translated = catalogues.load(language, domain)
    source = catalogues.load("en", domain)

    assert {str(it.id) for it in translated} == {str(it.id) for it in source}


@pytest.mark.parametrize("language", catalogues.TRANSLATIONS)
@pytest.mark.parametrize("domain", catalogues.domains())
def test_a_translation_has_the_placeholders_of_the_english_one(language: str, domain: str) -> None:
    translated = catalogues.load(language, domain)
    wrong = [
        message_id
        for message_id, message in english()
        if message_id.startswith(f"{domain}.")
        and (theirs := translated.get(message.id))
        and any(form for form in forms(theirs))
        and set().union(*map(placeholders, forms(theirs)))
        != set().union(*map(placeholders, forms(message)))
    ]

    assert wrong == []


def test_ids_that_stand_in_the_code_are_in_the_catalogues() -> None:
    domains = "|".join(catalogues.domains())
    literal = re.compile(rf'Sentence\(\s*"((?:{domains})\.[\w.]+)"')
    missing = [
        (path.name, message_id)
        for path in PACKAGE.rglob("*.py")
        for message_id in literal.findall(path.read_text(encoding="utf-8"))
        if not known(message_id)
    ]

    assert missing == []


def test_every_error_has_a_next_step() -> None:
    kinds = {
        message_id
        for message_id, _ in english()
        if message_id.startswith("errors.") and not message_id.endswith(".next")
    }

    assert [kind for kind in sorted(kinds - PARTS_OF_ERRORS) if not known(f"{kind}.next")] == []


def test_every_kind_that_is_raised_has_its_sentence() -> None:
    classes = (
        "UsageError|SettingsError|TrackerError|Refused|NotATracker|NotTakenOver|Suspicious|"
        "NoSuchTracker|Unreachable|NoMailServer|Busy|SheetChanged|Forbidden"
    )
    literal = re.compile(rf'\b(?:{classes})\(\s*"(\w+)"')
    missing = [
        (path.name, kind)
        for path in PACKAGE.rglob("*.py")
        for kind in literal.findall(path.read_text(encoding="utf-8"))
        if not known(f"errors.{kind}")
    ]

    assert missing == []


def test_an_unknown_message_is_an_error() -> None:
    with pytest.raises(KeyError):
        say(Sentence("errors.no_such_thing"), "en")


def test_facts_are_worded_in_the_language_of_the_sentence() -> None:
    sentence = Sentence(
        "terminal.explain.if.nothing",
        {
            "value": date(2026, 11, 21),
            "column": Label("column.due"),
            "status": Label("status.idle"),
        },
    )

    assert "21 Nov 2026" in say(sentence, "en")
    assert "21.11.2026" in say(sentence, "fi")
    assert label("column.due", "fi") in say(sentence, "fi")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Follow-up  DATE", "follow up date"),
        ("Puh.", "puh"),
        ("E-mail\u00a0address", "e mail address"),
        ("Last\ncontact", "last contact"),
        ("\u200fשותף\u200e", "שותף"),
        ("צ׳אט", "צ אט"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁrst", "first"),
        ("", ""),
        ("...", ""),
    ],
)
def test_names_are_compared_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [("  a b ", "a b"), ("\u00a0a\u200b", "a"), ("\u200f\u200e", ""), ("\ta\r\n", "a")],
)
def test_the_ends_of_a_text_are_trimmed(text: str, trimmed: str) -> None:
    assert trim(text) == trimmed


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"),
        ("\x1b[31mred", "[31mred"),
        ("abc\u202edef", "abcdef"),
        ("a\u200bb", "ab"),
        ("a\x9bb", "a b"),
    ],
)
def test_what_is_shown_holds_no_control_characters(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 6) == "abcde…"


def test_text_that_runs_against_the_language_is_isolated() -> None:
    assert isolate("שותף", "en") == "\u2068שותף\u2069"
    assert isolate("Choir", "he") == "\u2068Choir\u2069"
    assert isolate("שותף", "he") == "שותף"
    assert isolate("Choir", "en") == "Choir"
