"""From a table of cells as read to the problems in it (tracker.md 6), by row.

Each check is one small function for one column: it looks down the column, or at what several
columns say together, and yields the problems that belong there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, cast

from sheets_sync.columns import ACTIVE, CLOSED, PEOPLE, VETTING_COLUMNS, ColumnSpec, Kind
from sheets_sync.countries import country_name, country_names
from sheets_sync.model import Cell, Fact, Label, Language, Problem, Settings, Sheet
from sheets_sync.reading import (
    FIRST_DAY,
    LAST_DAY,
    Customs,
    Reading,
    as_day,
    as_shown,
    choice_names,
)
from sheets_sync.texts.cleaning import fold, fold_all

UNREADABLE_CODES: Mapping[Kind, str] = {
    Kind.CHOICE: "unknown_choice",
    Kind.YES_NO: "unknown_choice",
    Kind.DATE: "unreadable_date",
    Kind.NUMBER: "not_a_number",
    Kind.EMAIL: "not_an_email",
    Kind.PHONE: "not_a_phone",
    Kind.LINK: "not_a_link",
    Kind.COUNTRY: "unknown_choice",
}
"""What to call a cell that could not be read, by its column's kind."""

_TOUCHES = ("last_contact", "last_reply", "meeting", "thanked")
"""Any of these tells when there was contact."""
_COPIED_LENGTH = 20
_COPIED_PARTNERS = 3
"""The same benefit, this long, at so many different partners was copied."""
_ALIKE = 0.65
"""How alike (difflib's ratio) two words are when one is taken for a slip of the other."""
_ALIKE_COUNTRIES = 0.8
"""There are so many names of countries that most words are somewhat like one of them."""
_MOST_GUESSES = 200
_LONGEST_GUESS = 60
"""Bounds of guessing what was meant, so that a column of nonsense costs nothing."""


class Table(NamedTuple):
    """A sheet as read, ready to be checked.

    ``read`` holds the people's columns that exist. ``stages`` has ``idea`` where the cell is
    blank or unreadable; ``verdicts`` the vetting verdicts; ``filled`` tells which rows are
    partners. Positions are those of the sheet's columns.
    """

    sheet: Sheet
    settings: Settings
    today: date
    customs: Customs
    read: Mapping[str, Reading]
    stages: Sequence[str]
    verdicts: Sequence[str | None]
    filled: Sequence[bool]

    def days(self, key: str) -> Sequence[date | None]:
        """A date column as read; blanks where there is no such column."""
        return cast("Sequence[date | None]", self._values(key))

    def texts(self, key: str) -> Sequence[str | None]:
        """A column of text, choices or addresses as read; blanks where there is none."""
        return cast("Sequence[str | None]", self._values(key))

    def problem(
        self,
        place: tuple[str, int],
        code: str,
        facts: Mapping[str, Fact] = MappingProxyType({}),
        *,
        blocking: bool = False,
    ) -> Problem:
        """A problem of the cell at a place (column and position), with what stood there."""
        column, position = place
        read = self.read[column].values[position]
        stood = read if isinstance(read, date) else self.sheet.people[column][position]
        value = as_shown(stood)
        return Problem(self.sheet.first_row + position, column, code, value, blocking, facts)

    def _values(self, key: str) -> Sequence[object]:
        reading = self.read.get(key)
        return reading.values if reading else [None] * self.sheet.height


Check: TypeAlias = Callable[[Table, str], Iterator[Problem]]
"""Yields the problems of one kind that belong to a column (its key), top down."""


def find_problems(table: Table) -> Mapping[int, Sequence[Problem]]:
    """The problems by row number, in the columns' order; rows without any are not there."""
    found: dict[int, list[Problem]] = {}
    for key in table.read:
        for check in (unreadable, *CHECKS.get(key, ())):
            for problem in check(table, key):
                found.setdefault(problem.row, []).append(problem)
    return found


def unreadable(table: Table, key: str) -> Iterator[Problem]:
    """Cells that are not what their column holds."""
    spec, cells = PEOPLE[key], table.sheet.people[key]
    facts_of: dict[str | None, Mapping[str, Fact]] = {}
    for i in sorted(table.read[key].unreadable):
        shown = as_shown(cells[i])
        if shown not in facts_of:
            guessing = len(facts_of) < _MOST_GUESSES
            facts_of[shown] = _expected(spec, cells[i], table.customs, guessing=guessing)
        blocking = key == "stage" or (spec.kind is Kind.DATE and table.stages[i] not in CLOSED)
        code = UNREADABLE_CODES[spec.kind]
        yield table.problem((key, i), code, facts_of[shown], blocking=blocking)


def missing_partner(table: Table, key: str) -> Iterator[Problem]:
    """Rows that say something, but not of whom."""
    for i, (filled, name) in enumerate(zip(table.filled, table.texts(key), strict=True)):
        if filled and name is None:
            yield table.problem((key, i), "missing_partner", blocking=True)


def duplicate_partner(table: Table, key: str) -> Iterator[Problem]:
    """The same partner, theme and event in several rows."""
    names = fold_all(table.texts(key))
    times = Counter(names)
    namesakes = [i for i, name in enumerate(names) if name is not None and times[name] > 1]
    themes, events = table.texts("theme"), table.days("event")
    themes = fold_all([themes[i] for i in namesakes])
    same = [(names[i], theme, events[i]) for i, theme in zip(namesakes, themes, strict=True)]
    rows = Counter(same)
    for i, what in zip(namesakes, same, strict=True):
        if rows[what] > 1:
            yield table.problem((key, i), "duplicate_partner")


def unknown_owner(table: Table, key: str) -> Iterator[Problem]:
    """Owners who are nobody in the team; silent without a team."""
    team = table.settings.team
    if not team:
        return
    known = {fold(name) for member in team for name in (member.name, member.email)}
    names = {fold(member.name): member.name for member in team}
    strangers: dict[str, Mapping[str, Fact]] = {}
    for i, owner in enumerate(table.texts(key)):
        if owner is None or fold(owner) in known:
            continue
        if owner not in strangers:
            guessing = len(strangers) < _MOST_GUESSES
            meant = _only_with(owner, names) or _nearest(owner, names, guessing=guessing)
            strangers[owner] = {"meant": names[meant]} if meant else {}
        yield table.problem((key, i), "unknown_owner", strangers[owner])


def _only_with(word: str, names: Mapping[str, str]) -> str | None:
    """The one folded name that holds a whole word: Aino, when only one in the team is an Aino."""
    found = [name for name in names if fold(word) in name.split()]
    return found[0] if len(found) == 1 else None


def duplicate_email(table: Table, key: str) -> Iterator[Problem]:
    """One address at different partners."""
    emails = [email and email.casefold() for email in table.texts(key)]
    times = Counter(emails)
    holders: dict[str, dict[str, str]] = {}
    shared = [
        (i, email, name)
        for i, (email, name) in enumerate(zip(emails, table.texts("partner"), strict=True))
        if email is not None and times[email] > 1 and name is not None
    ]
    for _, email, name in shared:
        holders.setdefault(email, {}).setdefault(fold(name), name)
    for i, email, name in shared:
        others = [other for folded, other in holders[email].items() if folded != fold(name)]
        if others:
            yield table.problem((key, i), "duplicate_email", {"other": others[0]})


def vetting_incomplete(table: Table, key: str) -> Iterator[Problem]:
    """The first blank cell that keeps the vetting of an active partner from being complete."""
    earlier = [other for other in VETTING_COLUMNS if other in table.read]
    earlier = earlier[: earlier.index(key)]
    for i, (stage, verdict) in enumerate(zip(table.stages, table.verdicts, strict=True)):
        if (
            verdict == "incomplete"
            and stage in ACTIVE
            and _is_blank(table, key, i)
            and not any(_is_blank(table, other, i) for other in earlier)
        ):
            yield table.problem((key, i), "vetting_incomplete")


def copied_benefit(table: Table, key: str) -> Iterator[Problem]:
    """The same long words at three or more different partners."""
    benefits = fold_all(table.texts(key))
    times = Counter(benefits)
    copied = [
        (i, benefit, fold(name))
        for i, (benefit, name) in enumerate(zip(benefits, table.texts("partner"), strict=True))
        if benefit is not None
        and times[benefit] >= _COPIED_PARTNERS
        and len(benefit) >= _COPIED_LENGTH
        and name is not None
    ]
    partners: dict[str, set[str]] = {}
    for _, benefit, name in copied:
        partners.setdefault(benefit, set()).add(name)
    for i, benefit, _ in copied:
        if len(partners[benefit]) >= _COPIED_PARTNERS:
            facts = {"partners": len(partners[benefit])}
            yield table.problem((key, i), "copied_benefit", facts)


def future_date(table: Table, key: str) -> Iterator[Problem]:
    """Days on which something happened, yet to come."""
    for i, day in enumerate(table.days(key)):
        if day is not None and day > table.today:
            blocking = table.stages[i] not in CLOSED
            yield table.problem((key, i), "future_date", {"day": day}, blocking=blocking)


def stale_vetting(table: Table, key: str) -> Iterator[Problem]:
    """A vetting that is too old for a partner who is not closed."""
    span = timedelta(days=table.settings.playbook.revet_after)
    for i, (day, stage) in enumerate(zip(table.days(key), table.stages, strict=True)):
        if day is not None and table.today - day > span and stage not in CLOSED:
            yield table.problem((key, i), "stale_vetting", {"day": day, "by": day + span})


def stage_behind(table: Table, key: str) -> Iterator[Problem]:
    """Partners said to be an idea, though contacted; what cannot be read says nothing."""
    unread = table.read[key].unreadable
    for i, (stage, day) in enumerate(zip(table.stages, table.days("last_contact"), strict=True)):
        if day is not None and stage == "idea" and i not in unread:
            facts: dict[str, Fact] = {"day": day, "next": _choice(key, "contacted")}
            yield table.problem((key, i), "stage_behind", facts)


def missing_last_contact(table: Table, key: str) -> Iterator[Problem]:
    """Active partners with whom there was, by the cells, no contact ever."""
    unread = frozenset[int]().union(
        *(table.read[touch].unreadable for touch in _TOUCHES if touch in table.read)
    )
    touches = zip(*(table.days(touch) for touch in _TOUCHES), strict=True)
    for i, (stage, days) in enumerate(zip(table.stages, touches, strict=True)):
        if stage in ACTIVE and not any(days) and i not in unread:
            facts = {"stage": _choice("stage", stage)}
            yield table.problem((key, i), "missing_last_contact", facts, blocking=True)


def late_publication(table: Table, key: str) -> Iterator[Problem]:
    """Publishing too close to an event to come."""
    lead = timedelta(days=table.settings.playbook.publish_before)
    for i, (day, event) in enumerate(zip(table.days(key), table.days("event"), strict=True)):
        if day is not None and event is not None and event >= table.today and day > event - lead:
            facts = {"day": day, "event": event, "by": event - lead}
            yield table.problem((key, i), "late_publication", facts)


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "partner": (missing_partner, duplicate_partner),
    "owner": (unknown_owner,),
    "email": (duplicate_email,),
    "values_fit": (vetting_incomplete,),
    "partner_benefit": (vetting_incomplete, copied_benefit),
    "our_benefit": (vetting_incomplete,),
    "reputation": (vetting_incomplete,),
    "vetted_on": (future_date, stale_vetting),
    "stage": (stage_behind,),
    "last_contact": (future_date, missing_last_contact),
    "last_reply": (future_date,),
    "published": (late_publication,),
    "thanked": (future_date,),
}
"""The checks by the column that their problems are reported on; each column is also read."""


def _expected(
    spec: ColumnSpec, cell: Cell, customs: Customs, *, guessing: bool
) -> Mapping[str, Fact]:
    """What would have been right in place of a cell that could not be read."""
    if spec.kind is Kind.DATE:
        day = as_day(cell, customs)
        return {"day": day, "earliest": FIRST_DAY, "latest": LAST_DAY} if day else {}
    if spec.kind is Kind.NUMBER:
        return {"least": spec.least, "most": spec.most}
    if spec.kind is Kind.COUNTRY:
        return _expected_country(as_shown(cell) or "", customs.language, guessing=guessing)
    if not spec.choices:
        return {}
    names = choice_names(spec.key)
    meant = _nearest(as_shown(cell) or "", names, guessing=guessing)
    if meant:
        return {"meant": _choice(spec.key, names[meant])}
    return {"choices": tuple(_choice(spec.key, key) for key in spec.choices)}


def _expected_country(text: str, language: Language, *, guessing: bool) -> Mapping[str, Fact]:
    """The country that was probably meant, by its name in the tracker's language."""
    names = country_names()
    meant = _nearest(text, names, guessing=guessing, alike=_ALIKE_COUNTRIES)
    return {"meant": country_name(names[meant], language)} if meant else {}


def _nearest(
    text: str, names: Mapping[str, str], *, guessing: bool, alike: float = _ALIKE
) -> str | None:
    """The folded name that the text is nearly, if any."""
    if not guessing or len(text) > _LONGEST_GUESS:
        return None
    return next(iter(get_close_matches(fold(text), names, n=1, cutoff=alike)), None)


def _choice(column: str, key: str) -> Label:
    return Label(f"choice.{column}.{key}")


def _is_blank(table: Table, key: str, position: int) -> bool:
    """Whether nothing stands in a cell: one that could not be read is not blank."""
    reading = table.read[key]
    return reading.values[position] is None and position not in reading.unreadable
