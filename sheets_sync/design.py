"""The tracker's layout as plain data: order, widths, formats, dropdowns and colours.

The Excel template and a Google Sheet are laid out from the same tables, so they look alike.
Colours are RRGGBB; widths count characters; formulas are the ones both programs understand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sheets_sync.columns import MANAGED, PEOPLE, STATUSES, VERDICTS, Kind
from sheets_sync.model import Language
from sheets_sync.sync_tab import SILENT_DAYS
from sheets_sync.texts import label, label_names


class Group(NamedTuple):
    """Columns that belong together, in the order a coordinator works.

    ``folding`` are the details that fold away behind the rest; ``strong`` colours the band
    above the headers, ``soft`` the headers. The caption is ``guide.group.<id>``.
    """

    id: str
    keys: tuple[str, ...]
    folding: tuple[str, ...]
    strong: str
    soft: str

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the group, from left to right."""
        return self.keys + self.folding


GROUPS = (
    Group(
        "who",
        ("partner", "type", "theme", "owner"),
        ("contact", "channel", "email", "phone", "link", "introduced_by"),
        "0F4C5C",
        "D9E8EB",
    ),
    Group(
        "fit",
        ("values_fit",),
        ("partner_benefit", "our_benefit", "reputation", "vetted_on"),
        "5B4A8A",
        "E4DFF0",
    ),
    Group(
        "contacts",
        ("stage", "last_contact", "attempts", "last_reply", "follow_up", "meeting"),
        ("role", "plan", "keep_in_touch"),
        "1D5D8C",
        "DAE8F3",
    ),
    Group("event", ("event",), ("photo_approved", "published", "thanked"), "8A4B12", "F5E6D6"),
    Group("notes", ("notes",), (), "4B5563", "E5E7EB"),
    Group(
        "program",
        ("status", "next_action", "due", "days_overdue", "why", "vetting", "problems"),
        (),
        "1F2937",
        "374151",
    ),
)
"""From left to right; the last one is the program's own."""

ORDER = tuple(key for group in GROUPS for key in group.columns)
FOLDING = frozenset(key for group in GROUPS for key in group.folding)
BAND_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3
ROWS = 2000
"""So many rows below the header are ready to be filled in."""
LAST_ROW = HEADER_ROW + ROWS

WIDTHS: Mapping[str, float] = {
    "partner": 28,
    "type": 13,
    "theme": 22,
    "owner": 15,
    "contact": 18,
    "channel": 11,
    "email": 26,
    "phone": 18,
    "link": 22,
    "introduced_by": 18,
    "values_fit": 11,
    "partner_benefit": 28,
    "our_benefit": 28,
    "reputation": 12,
    "vetted_on": 13,
    "stage": 13,
    "last_contact": 13,
    "attempts": 10,
    "last_reply": 13,
    "follow_up": 13,
    "meeting": 13,
    "role": 14,
    "plan": 28,
    "keep_in_touch": 13,
    "event": 13,
    "photo_approved": 11,
    "published": 13,
    "thanked": 13,
    "notes": 28,
    "status": 14,
    "next_action": 64,
    "due": 13,
    "days_overdue": 10,
    "why": 48,
    "vetting": 13,
    "problems": 36,
}

_BOLD, _EDGES = 1.15, 4
"""How much wider bold letters are, and the room that edges, signs and arrows take."""

DATE_FORMATS: Mapping[Language, str] = {"en": "d mmm yyyy", "fi": "d.m.yyyy", "he": "d.m.yyyy"}
NUMBER_FORMAT = "0"
TEXT_FORMAT = "@"
GENERAL_FORMAT = "General"
EARLIEST_SERIAL, LATEST_SERIAL = 20000, 80000
"""The days that count as dates, 1954-10-03 to 2119-01-11, as serials."""
FONT = "Arial"
"""It has Hebrew, and looks the same in Excel, LibreOffice and Google Sheets."""
ROW_HEIGHT, HEADER_HEIGHT, BAND_HEIGHT = 42, 40, 20
"""In points. Rows have room for three lines from the start: a height that follows the text
would not follow what the program writes while the workbook is closed."""
RIGHT_TO_LEFT = frozenset({"he"})

DROPDOWNS: Mapping[str, tuple[str, ...]] = {
    key: PEOPLE[key].choices for key in ORDER if key in PEOPLE and PEOPLE[key].choices
}
"""The choices of each column that has some, by canonical key."""
SUGGESTED = ("owner", "theme")
"""Columns whose dropdown people fill themselves, on the Lists tab; other text is welcome too."""
SUGGESTIONS = 40
"""How many names a list that people fill has room for."""
ASKING = (
    "theme",
    "owner",
    "values_fit",
    "partner_benefit",
    "our_benefit",
    "reputation",
    "stage",
    "last_contact",
    "attempts",
    "last_reply",
    "follow_up",
    "role",
    "plan",
    "keep_in_touch",
    "photo_approved",
    "published",
    "thanked",
)
"""Columns that say on a click what to fill in: ``guide.ask.<key>``."""


def width(key: str, language: Language) -> float:
    """How wide a column is: as in WIDTHS, or more where the language's words need it."""
    longest_word = max(len(word) for word in label(f"column.{key}", language).split())
    longest_label = max((len(label(id_, language)) for id_ in _labels_in(key)), default=0)
    return max(WIDTHS[key], longest_word * _BOLD + _EDGES, longest_label + _EDGES)


def _labels_in(key: str) -> list[str]:
    """The ids of the labels that a column's cells may hold."""
    if key == "status":
        return [f"status.{status}" for status in STATUSES]
    if key == "vetting":
        return [f"verdict.{verdict}" for verdict in VERDICTS]
    return [f"choice.{key}.{choice}" for choice in DROPDOWNS.get(key, ())]


def is_managed(key: str) -> bool:
    """Whether the program alone writes the column."""
    return key in MANAGED


def number_format(key: str, language: Language) -> str:
    """The format of a column's cells: dates, whole numbers, digits kept as text, or general."""
    kind = PEOPLE[key].kind if key in PEOPLE else None
    if kind is Kind.DATE or key == "due":
        return DATE_FORMATS[language]
    if kind is Kind.NUMBER or key == "days_overdue":
        return NUMBER_FORMAT
    return TEXT_FORMAT if kind is Kind.PHONE else GENERAL_FORMAT


class Look(NamedTuple):
    """How a cell looks when a highlight holds; None and False leave it as it is.

    ``sign`` is shown before the text, so that no meaning hangs on colour alone.
    """

    fill: str | None = None
    ink: str | None = None
    bold: bool = False
    italic: bool = False
    sign: str | None = None
    line: str | None = None


class Highlight(NamedTuple):
    """A conditional format: where, when (a formula without "="), and the look."""

    columns: tuple[str, ...]
    formula: str
    look: Look


STATUS_LOOKS: Mapping[str, Look] = {
    "fix_data": Look("FDE2F3", "9D174D", bold=True, sign="✎"),
    "not_a_fit": Look("E5E7EB", "374151", bold=True, sign="✕"),
    "overdue": Look("FBD5D5", "9B1C1C", bold=True, sign="▲"),
    "due_today": Look("FDE8B8", "7A4A05", bold=True, sign="●"),
    "upcoming": Look("DCEBFA", "1E4F80", sign="○"),
    "to_do": Look("E6E1F5", "4B3B7C", sign="□"),
    "idle": Look("F3F4F6", "4B5563", italic=True, sign="–"),
    "closed": Look("E3F1E5", "285F31", sign="✓"),
}
VERDICT_LOOKS: Mapping[str, Look] = {
    "failed": Look("FBD5D5", "9B1C1C", bold=True),
    "incomplete": Look("FDE8B8", "7A4A05"),
    "concern": Look("FDE8B8", "7A4A05", bold=True),
    "passed": Look("E3F1E5", "285F31"),
}
LATE = Look("FBD5D5", "9B1C1C", bold=True)
TODAY = Look("FDE8B8", "7A4A05", bold=True)
SOON = Look("FFF7DB", "7A4A05")
CHECK = Look("FDE2F3", "9D174D")
RULED = Look(line="D1D5DB")
MANAGED_LOOK = Look("F3F4F6", line="D1D5DB")


def highlights(letters: Mapping[str, str], row: int = FIRST_ROW) -> tuple[Highlight, ...]:
    """The conditional formats, the strongest first, worded for the first row that has them.

    ``letters`` tells where each column stands ("AD").
    """
    cell = {key: f"${letter}{row}" for key, letter in letters.items()}
    filled = f'{cell["partner"]}<>""'
    return (
        *_by_label("status", STATUS_LOOKS, ("status",), cell),
        *_by_label("verdict", VERDICT_LOOKS, ("vetting",), cell),
        *_partner_by_status(cell),
        Highlight(("due",), f"AND(ISNUMBER({cell['due']}),{cell['due']}<TODAY())", LATE),
        Highlight(("due",), f"AND(ISNUMBER({cell['due']}),{cell['due']}=TODAY())", TODAY),
        Highlight(("due",), f"AND(ISNUMBER({cell['due']}),{cell['due']}<=TODAY()+7)", SOON),
        Highlight(("days_overdue",), f"ISNUMBER({cell['days_overdue']})", LATE),
        Highlight(("problems",), f'{cell["problems"]}<>""', CHECK),
        Highlight(tuple(key for key in ORDER if is_managed(key)), filled, MANAGED_LOOK),
        Highlight(tuple(key for key in ORDER if not is_managed(key)), filled, RULED),
    )


def _partner_by_status(cell: Mapping[str, str]) -> tuple[Highlight, ...]:
    """The name stays in view, so it carries the colours of what cannot wait."""
    urgent = {key: STATUS_LOOKS[key] for key in ("fix_data", "overdue", "due_today")}
    return _by_label("status", urgent, ("partner",), cell)


def _by_label(
    kind: str, looks: Mapping[str, Look], columns: tuple[str, ...], cell: Mapping[str, str]
) -> tuple[Highlight, ...]:
    source = cell["status" if kind == "status" else "vetting"]
    return tuple(
        Highlight(columns, says(source, f"{kind}.{key}"), look) for key, look in looks.items()
    )


def says(cell: str, label: str) -> str:
    """A formula: the cell holds that label, in whichever language the tracker is written."""
    words = dict.fromkeys(label_names(label).values())
    quoted = (word.replace('"', '""') for word in words)
    return "OR(" + ",".join(f'{cell}="{word}"' for word in quoted) + ")"


STALE = Look("C81E1E", "FFFFFF", bold=True)


def stale(cell: str) -> str:
    """A formula: the day in the cell is too long ago for a tracker that is looked after."""
    return f"AND(ISNUMBER({cell}),TODAY()-{cell}>{SILENT_DAYS})"
