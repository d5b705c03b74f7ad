"""Every problem goes away when people do what its sentence tells them to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pytest

from sheets_sync.columns import MANAGED, PEOPLE
from sheets_sync.model import LANGUAGES, Cell, Fact, Label, Language, Member, Problem, Settings
from sheets_sync.stores.memory import MemoryStore
from sheets_sync.sync import synchronise
from sheets_sync.texts import label, say
from sheets_sync.vetting import problem_sentence
from tests.catalogues import load

TODAY = date(2026, 11, 23)
TEAM = (Member(name="Aino Virtanen", email="aino@example.org"),)
Cells = Mapping[str, Cell]
KEYS = (*PEOPLE, *MANAGED)

VETTED: Cells = {
    "values_fit": "yes",
    "partner_benefit": "new listeners",
    "our_benefit": "a room",
    "reputation": "good",
}
ACTIVE: Cells = {
    **VETTED,
    "partner": "Harbour Choir",
    "stage": "in_talks",
    "last_contact": date(2026, 11, 20),
}
"""A partner in whose row nothing is wrong."""
COPIED = "Their members would come to us on Sundays too"


class Told(NamedTuple):
    """A problem, and its sentence as people read it in a language."""

    problem: Problem
    words: str
    language: Language

    def worded(self, name: str) -> str:
        """The word for a fact that is a label."""
        fact: Fact = self.problem.facts[name]
        assert isinstance(fact, Label)
        return label(fact.id, self.language)

    def day(self, name: str) -> date:
        """A fact that is a day."""
        fact = self.problem.facts[name]
        assert isinstance(fact, date)
        return fact


class Case(NamedTuple):
    """Rows of which the first has a problem in a column, and what its sentence says to write.

    ``mend`` gives the cells to write into the first row; None in place of cells clears it.
    """

    sentence: str
    column: str
    rows: Sequence[Cells]
    mend: Callable[[Told], Cells | None]


def wrong(column: str, cell: Cell, **more: Cell) -> Sequence[Cells]:
    """One row, right but for this cell."""
    return [{**ACTIVE, **more, column: cell}]


def write(cell: Cell) -> Callable[[Told], Cells]:
    """Write this into the cell."""
    return lambda told: {told.problem.column: cell}


def write_example(told: Told) -> Cells:
    """Write what the sentence gives as an example: the last day or address in it."""
    examples = re.findall(r"\d+[-./]\d+[-./]\d+|[\w:/.@-]+\.org", told.words)
    return {told.problem.column: examples[-1]}


def write_fact(name: str) -> Callable[[Told], Cells]:
    """Write the word that the sentence proposes."""
    return lambda told: {told.problem.column: told.worded(name)}


def write_choice(position: int) -> Callable[[Told], Cells]:
    """Write one of the words that the sentence offers."""

    def cells(told: Told) -> Cells:
        choices = told.problem.facts["choices"]
        assert isinstance(choices, tuple)
        word = choices[position]
        assert isinstance(word, Label)
        return {told.problem.column: label(word.id, told.language)}

    return cells


def write_name(told: Told) -> Cells:
    """Write the name that the sentence proposes."""
    return {told.problem.column: str(told.problem.facts["meant"])}


def clear(_: Told) -> None:
    """Clear the row."""


SIBLING = {**ACTIVE, "partner": "Swimming Hall", "email": "hall@example.org"}
TWINS = ({**SIBLING, "partner": "Choir"}, SIBLING)
EVENT = {**ACTIVE, "event": date(2026, 12, 20), "published": date(2026, 12, 18)}

CASES = (
    Case("missing_partner", "partner", wrong("partner", None), write("Harbour Choir")),
    Case("missing_partner", "partner", wrong("partner", None), clear),
    Case("unknown_choice", "stage", wrong("stage", "xyzzy", last_contact=None), write_choice(0)),
    Case("unknown_choice", "stage", wrong("stage", "xyzzy"), write_choice(-1)),
    Case("unknown_choice", "channel", wrong("channel", "pigeon"), write_choice(0)),
    Case("unknown_choice", "photo_approved", wrong("photo_approved", "soon"), write_choice(0)),
    Case("unknown_choice.country", "country", wrong("country", "Atlantis"), write("FI")),
    Case("unknown_choice.country", "country", wrong("country", "Atlantis"), write("Finland")),
    Case("unknown_choice.meant", "country", wrong("country", "Izrael"), write_name),
    Case("unknown_choice.meant", "stage", wrong("stage", "Contactd"), write_fact("meant")),
    Case("unknown_choice.meant", "role", wrong("role", "messengr"), write_fact("meant")),
    Case("unreadable_date", "event", wrong("event", "in spring"), write_example),
    Case("unreadable_date", "last_contact", wrong("last_contact", "3/4/26"), write_example),
    Case("unreadable_date.outside", "event", wrong("event", "2226-11-30"), write("2026-11-30")),
    Case("broken_formula", "event", wrong("event", "#REF!"), write(date(2026, 12, 24))),
    Case("broken_formula", "stage", wrong("stage", "#N/A"), write("in_talks")),
    Case("future_date", "last_contact", wrong("last_contact", date(2026, 12, 1)), write(TODAY)),
    Case("future_date", "last_reply", wrong("last_reply", date(2026, 11, 24)), write(TODAY)),
    Case("future_date", "thanked", wrong("thanked", date(2027, 1, 1)), write(TODAY)),
    Case("future_date", "vetted_on", wrong("vetted_on", date(2027, 1, 1)), write(TODAY)),
    Case("missing_last_contact", "last_contact", wrong("last_contact", None), write(TODAY)),
    Case("not_an_email", "email", wrong("email", "choir(at)example.org"), write_example),
    Case("not_an_email", "email", wrong("email", "a@example.org, b@x.org"), write("a@example.org")),
    Case("not_a_phone", "phone", wrong("phone", "ask Ben"), write("+358 9 1234567")),
    Case("not_a_link", "link", wrong("link", "see below"), write_example),
    Case("not_a_number", "attempts", wrong("attempts", "two"), write(2)),
    Case("not_a_number", "keep_in_touch", wrong("keep_in_touch", 0), write(14)),
    Case("unknown_owner", "owner", wrong("owner", "Zebedee"), write("Aino Virtanen")),
    Case("unknown_owner.meant", "owner", wrong("owner", "Aino Virtannen"), write_name),
    Case("duplicate_partner", "partner", [ACTIVE, ACTIVE], clear),
    Case("duplicate_email", "email", TWINS, write("c@example.org")),
    Case("vetting_incomplete", "our_benefit", wrong("our_benefit", None), write("a room")),
    Case("vetting_incomplete", "values_fit", wrong("values_fit", None), write("partly")),
    Case(
        "copied_benefit",
        "partner_benefit",
        [{**ACTIVE, "partner": name, "partner_benefit": COPIED} for name in ("A", "B", "C")],
        write("Their choir would get a stage"),
    ),
    Case("stale_vetting", "vetted_on", wrong("vetted_on", date(2025, 1, 1)), write(TODAY)),
    Case("late_publication", "published", [EVENT], lambda told: {"published": told.day("by")}),
    Case("stage_behind", "stage", wrong("stage", "idea"), write_fact("next")),
    Case("stage_behind", "stage", wrong("stage", None), write_fact("next")),
)  # fmt: skip


def test_every_sentence_of_the_problems_is_in_the_table() -> None:
    english = {entry.id for entry in load("en", "problems") if entry.id}
    assert {f"problems.{case.sentence}" for case in CASES} == english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.sentence}-{case.column}")
def test_doing_what_the_sentence_says_clears_the_problem(case: Case, language: Language) -> None:
    store = store_of(case.rows, language)
    (problem,) = [it for it in problems(store, language)[2] if it.column == case.column]
    sentence = problem_sentence(problem)
    assert sentence.id == f"problems.{case.sentence}"
    told = Told(problem, say(sentence, language), language)
    assert told.words in str(cell(store, 2, "problems"))

    mend(store, case.mend(told))

    left = problems(store, language)
    assert left == {}
    assert {cell(store, 2 + i, "problems") for i in range(len(case.rows))} == {None}


def store_of(rows: Sequence[Cells], language: Language) -> MemoryStore:
    """A tracker of this language with all columns; choices are worded in it."""
    header: list[Cell] = [label(f"column.{key}", language) for key in KEYS]
    lines = [[_worded(key, row.get(key), language) for key in KEYS] for row in rows]
    return MemoryStore({"Partners": [header, *lines]})


def _worded(key: str, value: Cell, language: Language) -> Cell:
    is_choice = key in PEOPLE and value in PEOPLE[key].choices
    return label(f"choice.{key}.{value}", language) if is_choice else value


def problems(store: MemoryStore, language: Language) -> Mapping[int, Sequence[Problem]]:
    """The problems that a sync finds, by row; rows without any are not there."""
    settings = Settings(language=language, team=TEAM, country="FI")
    plan = synchronise(store, settings, lambda _: TODAY).plan
    return {it.partner.row: it.problems for it in plan.decisions if it.problems}


def mend(store: MemoryStore, cells: Cells | None) -> None:
    """Write into the first partner's row, or clear it."""
    row = store.tabs["Partners"][1]
    for key in PEOPLE if cells is None else cells:
        row[KEYS.index(key)] = cells[key] if cells else None


def cell(store: MemoryStore, row: int, key: str) -> Cell:
    """What stands in a cell."""
    return store.tabs["Partners"][row - 1][KEYS.index(key)]
