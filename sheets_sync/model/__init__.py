"""The nouns: plain data that one stage hands to the next, and the types of settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple, TypeAlias

from sheets_sync.model.settings import (
    LANGUAGES as LANGUAGES,
)
from sheets_sync.model.settings import (
    DigestSettings as DigestSettings,
)
from sheets_sync.model.settings import (
    Language as Language,
)
from sheets_sync.model.settings import (
    MailSettings as MailSettings,
)
from sheets_sync.model.settings import (
    Member as Member,
)
from sheets_sync.model.settings import (
    PlaybookSettings as PlaybookSettings,
)
from sheets_sync.model.settings import (
    Settings as Settings,
)

Cell: TypeAlias = bool | int | float | str | date | datetime | None
"""One cell as read. An error value is its text (``#REF!``); a blank cell is None."""

Value: TypeAlias = bool | int | float | str | date | None
"""What the program writes into a cell."""

Column: TypeAlias = Sequence[Cell]
"""The cells of one column, from ``Sheet.first_row`` down; all columns are equally long."""

TRACKER_TAB = "partners"
SYNC_TAB = "sync"
SUMMARY_TAB = "summary"


class Label(NamedTuple):
    """A word people see, named by what it stands for.

    ``Label("column.due")`` or ``Label("choice.stage.idea")``; worded by ``texts``.
    """

    id: str


Fact: TypeAlias = "str | int | date | Label | Sentence | tuple[Fact, ...]"
"""What fills a place in a sentence. Plain text is people's text; a tuple is worded as a list."""


class Sentence(NamedTuple):
    """A message id (``domain.name``) and the facts that fill it; worded by ``texts.say``."""

    id: str
    facts: Mapping[str, Fact] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One of the program's own tabs: its name, and its cells, ``rows[0]`` being row 1."""

    name: str
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A tracker as a store read it; what is not known is not in it.

    ``people`` and ``managed`` hold columns by canonical key; position ``i`` is sheet row
    ``first_row + i``. ``letters`` tells where a column stands ("AD"), for reports alone.
    ``formulas`` holds, by managed key, the positions where a person put a formula: these
    cells are not written. ``date_system`` is the year that day serials count from (1900 or
    1904). ``mends`` are cells above the rows that the store asks to put right, with what stands
    there: a managed header that was written over. ``token`` is its own memory of what it read.
    """

    tab: str
    header_row: int
    first_row: int
    headers: Mapping[str, str]
    letters: Mapping[str, str]
    people: Mapping[str, Column]
    managed: Mapping[str, Column]
    formulas: Mapping[str, frozenset[int]] = field(default_factory=dict)
    tabs: Mapping[str, Tab] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()
    timezone: str | None = None
    date_system: Literal[1900, 1904] = 1900
    mends: tuple[Change, ...] = ()
    token: object = None

    @property
    def height(self) -> int:
        """The number of rows below the header."""
        return len(next(iter(self.people.values()), ()))


class Origin(NamedTuple):
    """Where a tracker is kept: a stable id, its title, and the place as people name it.

    ``row_url`` is an address with ``{row}`` in it that opens a row, or None for a file.
    """

    id: str
    title: str
    place: str
    row_url: str | None = None


class Partner(NamedTuple):
    """One partner as read from a row: absent, blank and unreadable cells are None.

    ``stage`` is ``idea`` when blank or unreadable. ``row`` is the sheet's row number,
    ``verdict`` the vetting verdict or None. Choices are canonical keys; ``country`` is the ISO
    code (``FI``) of the country they work in.
    """

    row: int
    partner: str | None = None
    type: str | None = None
    theme: str | None = None
    owner: str | None = None
    contact: str | None = None
    channel: str | None = None
    email: str | None = None
    phone: str | None = None
    link: str | None = None
    introduced_by: str | None = None
    values_fit: str | None = None
    partner_benefit: str | None = None
    our_benefit: str | None = None
    reputation: str | None = None
    vetted_on: date | None = None
    role: str | None = None
    stage: str = "idea"
    last_contact: date | None = None
    attempts: int | None = None
    last_reply: date | None = None
    follow_up: date | None = None
    meeting: date | None = None
    plan: str | None = None
    keep_in_touch: int | None = None
    event: date | None = None
    photo_approved: bool | None = None
    published: date | None = None
    thanked: date | None = None
    country: str | None = None
    verdict: str | None = None


class Problem(NamedTuple):
    """A value that cannot be right: where, what (a code of tracker.md 6), what stood there.

    ``value`` is text (dates in ISO form) or None for a blank cell; ``facts`` fill the sentence
    beyond column and value.
    """

    row: int
    column: str
    code: str
    value: str | None
    blocking: bool
    facts: Mapping[str, Fact] = {}


class Vetted(NamedTuple):
    """The partners of a sheet in its order, and their problems by row, in column order."""

    partners: Sequence[Partner]
    problems: Mapping[int, Sequence[Problem]]


class Obligation(NamedTuple):
    """What one rule asks for: by when (None: no day), and the facts behind it.

    ``clock`` is the due that the rule itself gives, before a snooze moved it.
    """

    rule: str
    due: date | None
    facts: Mapping[str, Fact] = {}
    snoozed: bool = False
    clock: date | None = None


class Decision(NamedTuple):
    """What to say of one partner: the obligation that won, the others, and the silenced.

    ``obligation`` is None for the statuses fix_data, idle and closed. ``also`` stands in the
    order of the choice. ``action`` is None for idle and closed; ``why`` never is.
    """

    partner: Partner
    status: str
    obligation: Obligation | None
    also: Sequence[Obligation]
    silenced: Sequence[Obligation]
    action: Sentence | None
    why: Sentence
    days_overdue: int | None
    problems: Sequence[Problem]


class Theme(NamedTuple):
    """A theme with too few candidates: its first spelling and how many live partners it has."""

    theme: str
    live: int


class Edit(NamedTuple):
    """A cell that should say something else.

    ``tab`` is TRACKER_TAB, SYNC_TAB or SUMMARY_TAB; ``row`` the sheet's row number; ``column``
    a managed key on the tracker, a letter ("B") on the program's own tabs.
    """

    tab: str
    row: int
    column: str
    value: Value


class Finding(NamedTuple):
    """One thing that ``check`` looked at, and the next step where one is called for."""

    level: Literal["fine", "note", "problem"]
    sentence: Sentence
    next_step: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a sheet should say, and which cells do not say so yet.

    ``wanted`` holds what the managed columns should say, by key, shaped like ``Sheet.managed``.
    ``suspicion`` is a sentence of the errors' (``errors.<kind>``) when something speaks against
    writing this plan, or None.
    """

    language: Language
    today: date
    decisions: Sequence[Decision]
    themes: Sequence[Theme]
    counts: Mapping[str, int]
    wanted: Mapping[str, Sequence[Value]]
    edits: Sequence[Edit]
    notes: Sequence[Sentence] = ()
    suspicion: Sentence | None = None


class Change(NamedTuple):
    """One cell as the report tells it: the edit, and what stood there before."""

    edit: Edit
    before: Cell


class Write(NamedTuple):
    """One round of writing: the edits, and the sheet as it stood before them."""

    edits: Sequence[Edit]
    before: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run found and did, for people and for ``--json``.

    ``plan`` and ``sheet`` are the last ones. ``writes`` holds every round; after a dry run the
    one that would come.
    """

    tracker: str
    dry_run: bool
    plan: Plan
    sheet: Sheet
    writes: Sequence[Write]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One digest, worded. ``day`` is the day it is for, ``sent_at`` its Date header."""

    recipient: Member
    day: date
    sent_at: datetime
    subject: str
    text: str
    html: str
    message_id: str
    list_id: str
    reply_to: str | None
