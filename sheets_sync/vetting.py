"""From a Sheet to its Partners, with the vetting verdict of each, and their Problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import compress

from sheets_sync.columns import PEOPLE, VETTING_COLUMNS, Kind
from sheets_sync.model import (
    Fact,
    Label,
    Language,
    Partner,
    Problem,
    Sentence,
    Settings,
    Sheet,
    Vetted,
)
from sheets_sync.problems import UNREADABLE_CODES, Table, find_problems
from sheets_sync.reading import Customs, Read, Reading, is_error, read_column
from sheets_sync.texts.cleaning import fold

_CELL_KEYS = Partner._fields[1:-1]
"""What a Partner holds between its row and its verdict: people's columns."""


def vet(sheet: Sheet, settings: Settings, today: date, language: Language) -> Vetted:
    """Read the people's columns, and tell what cannot be right.

    Rows that are no partner are left out. ``language`` is the tracker's: it decides how days
    may be written.
    """
    customs = Customs(language, settings.country, settings.date_formats, sheet.date_system)
    read = {
        key: read_column(spec, sheet.people[key], customs)
        for key, spec in PEOPLE.items()
        if key in sheet.people and spec.kind is not Kind.IGNORED
    }
    table = Table(
        sheet=sheet,
        settings=settings,
        today=today,
        customs=customs,
        read=read,
        stages=[str(stage or "idea") for stage in read["stage"].values],
        verdicts=_verdicts(read),
        filled=_filled_rows(sheet, read),
    )
    return Vetted(_partners(table), find_problems(table))


def verdict_of(answers: Mapping[str, Read]) -> str | None:
    """The vetting verdict on the answers in those of the four vetting columns that exist."""
    if not answers:
        return None
    if answers.get("values_fit") == "no" or answers.get("reputation") == "bad":
        return "failed"
    if None in answers.values():
        return "incomplete"
    if answers.get("values_fit") == "partly" or answers.get("reputation") == "unsure":
        return "concern"
    return "passed"


def problem_sentence(problem: Problem) -> Sentence:
    """What to tell people of a problem: where, what stood there, what to do."""
    facts: dict[str, Fact] = {"column": Label(f"column.{problem.column}"), **problem.facts}
    if problem.value is not None:
        facts["value"] = problem.value
    return Sentence(f"problems.{_message(problem)}", facts)


def _message(problem: Problem) -> str:
    """The sentence's name: the code, or that of a sentence that can say more."""
    if problem.code in UNREADABLE_CODES.values() and is_error(problem.value):
        return "broken_formula"
    if "meant" in problem.facts:
        return f"{problem.code}.meant"
    if problem.column == "country":
        return "unknown_choice.country"
    if problem.code == "unreadable_date" and "day" in problem.facts:
        return "unreadable_date.outside"
    return problem.code


def _verdicts(read: Mapping[str, Reading]) -> Sequence[str | None]:
    """The verdict on each row, each combination of answers being judged once."""
    keys = [key for key in VETTING_COLUMNS if key in read]
    if not keys:
        return [None] * len(read["stage"].values)
    columns = [_answers(key, read[key].values) for key in keys]
    rows = list(zip(*columns, strict=True))
    verdicts = {row: verdict_of(dict(zip(keys, row, strict=True))) for row in set(rows)}
    return [verdicts[row] for row in rows]


def _answers(key: str, values: Sequence[Read]) -> Sequence[Read]:
    """A vetting column with its texts, of which only blank or not matters, made alike."""
    if PEOPLE[key].kind is Kind.CHOICE:
        return values
    return [None if value is None else True for value in values]


def _filled_rows(sheet: Sheet, read: Mapping[str, Reading]) -> Sequence[bool]:
    """Which rows are partners: some known cell of people's is filled, FALSE apart."""
    filled = [name is not None for name in read["partner"].values]
    for position, named in enumerate(filled):
        if not named:
            filled[position] = any(
                reading.values[position] is not None or position in reading.unreadable
                for key, reading in read.items()
                if not _is_unticked(sheet, key, position)
            )
    return filled


def _is_unticked(sheet: Sheet, key: str, position: int) -> bool:
    """Whether a cell is a box that nobody ticked."""
    cell = sheet.people[key][position]
    if PEOPLE[key].kind is Kind.YES_NO and isinstance(cell, str):
        return fold(cell) == "false"
    return cell is False


def _partners(table: Table) -> Sequence[Partner]:
    """A Partner for each row that is one, in the sheet's order."""
    height = table.sheet.height
    columns = {key: reading.values for key, reading in table.read.items()} | {"stage": table.stages}
    blank = [None] * height
    rows = range(table.sheet.first_row, table.sheet.first_row + height)
    cells = zip(
        rows,
        *(columns.get(key, blank) for key in _CELL_KEYS),
        table.verdicts,
        strict=True,
    )
    return list(map(Partner._make, compress(cells, table.filled)))
