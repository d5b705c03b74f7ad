"""From the playbook's catalogues to message ids, templates, and the longest facts for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from sheets_sync.columns import PEOPLE, STAGES, Kind
from sheets_sync.model import Label, Language, Sentence
from sheets_sync.texts import label, word_fact
from tests import catalogues

DATES = ("day", "event", "chosen", "clock", "published", "thanked")
TEXTS = ("who", "introduced_by", "benefit", "theme")
NUMBERS = ("n", "attempt", "number")
BLOCKED = ("partner", "stage", *(key for key, spec in PEOPLE.items() if spec.kind is Kind.DATE))
QUESTIONS = ("values_fit", "partner_benefit", "our_benefit", "reputation")
MONTH_ENDS = tuple(date(2026, month, 28) for month in range(1, 13))


def templates(language: Language) -> Iterator[tuple[str, str]]:
    """Each message id with each of its forms; those without words yet are left out."""
    for message in catalogues.load(language, "playbook"):
        message_id = message.id if isinstance(message.id, str) else message.id[0]
        forms = [message.string] if isinstance(message.string, str) else message.string
        yield from ((message_id, form) for form in forms or () if message_id and form)


def message_ids() -> set[str]:
    """All ids of the domain."""
    return {message_id for message_id, _ in templates("en")}


def longest_fact(place: str, message_id: str, language: Language) -> str:
    """The longest that may stand in a place of a sentence."""
    for places, longest in LONGEST_BY_PLACE.items():
        if place in places:
            return longest(language)
    if place == "columns":
        keys = QUESTIONS if ".done." in message_id else BLOCKED
        return word_fact(tuple(Label(f"column.{key}") for key in keys), language)
    return label(label_id(place), language)


def label_id(place: str) -> str:
    """``choice_values_fit_yes`` is the place of the label ``choice.values_fit.yes``."""
    kind, _, rest = place.partition("_")
    if kind == "column":
        return f"column.{rest}"
    column = next(key for key in PEOPLE if rest.startswith(f"{key}_"))
    return f"choice.{column}.{rest.removeprefix(f'{column}_')}"


def longest_date(language: Language) -> str:
    """The longest way a day is written."""
    return max((word_fact(day, language) for day in MONTH_ENDS), key=len)


def longest_text(language: Language) -> str:
    """People's words, cut and wrapped because they run against the language's direction."""
    return word_fact(("w" if language == "he" else "ש") * 50, language, 40)


def longest_number(_: Language) -> str:
    """Days and attempts have at most four digits."""
    return "3650"


def all_questions(language: Language) -> str:
    """The four questions of vetting as a list."""
    return word_fact(tuple(Sentence(f"playbook.question.{key}") for key in QUESTIONS), language)


def longest_stage(language: Language) -> str:
    """The longest name of a stage."""
    return max((label(f"choice.stage.{stage}", language) for stage in STAGES), key=len)


def longest_address(language: Language) -> str:
    """The longest name of a column for an address."""
    return max((label(f"column.{way}", language) for way in ("email", "phone", "link")), key=len)


LONGEST_BY_PLACE: Mapping[tuple[str, ...], Callable[[Language], str]] = {
    DATES: longest_date,
    TEXTS: longest_text,
    NUMBERS: longest_number,
    ("questions",): all_questions,
    ("stage",): longest_stage,
    ("address",): longest_address,
}
