"""From what rows say to what cannot be right there: tracker.md section 6, stated a second time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from sheets_sync.model import Settings
from tests.agreement.oracle_cells import UNREADABLE, Row, Tracker, as_text, fold, read_cell, trim
from tests.agreement.oracle_rules import days, earlier, verdict_of
from tests.agreement.tables import ACTIVE, CHOICES, CLOSED, DATES, FOUR_QUESTIONS, PEOPLE


class Record:
    """One partner row: the cells as they stand, what they say, and what could not be read."""

    def __init__(self, number: int, raw: Row, tracker: Tracker) -> None:
        """Read the row of that sheet row number; ``raw`` holds the known columns of people."""
        self.number, self.raw, self.columns = number, raw, tuple(raw)
        self.tracker = tracker
        self.said = dict.fromkeys(PEOPLE)
        for key in raw:
            if key != "notes":
                self.said[key] = read_cell(key, raw[key], tracker)
        self.unreadable = {key for key, said in self.said.items() if said is UNREADABLE}
        self.cells: Row = {
            key: None if key in self.unreadable else said for key, said in self.said.items()
        }
        self.cells["stage"] = self.cells["stage"] or "idea"
        self.verdict = verdict_of(self.cells, self.columns)
        self.problems: dict[str, Row] = {}

    @property
    def name(self) -> str | None:
        """The partner's name, folded."""
        return None if self.cells["partner"] is None else fold(self.cells["partner"])

    @property
    def theme(self) -> str | None:
        """The partner's theme, folded."""
        return None if self.cells["theme"] is None else fold(self.cells["theme"])

    def report(self, column: str, code: str, *, blocking: bool = False) -> None:
        """Note a problem, unless the column does not exist."""
        if column in self.columns:
            self.problems[column] = {
                "column": column,
                "code": code,
                "blocking": blocking,
                "value": self.shown(column),
            }

    def shown(self, column: str) -> str | None:
        """What stood in a cell, as text, dates in ISO form."""
        cell, said = self.raw[column], self.cells[column]
        if isinstance(said, date):
            return said.isoformat()
        if isinstance(cell, datetime):
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
        if isinstance(cell, date):
            return cell.isoformat()
        if isinstance(cell, str):
            return trim(cell) or None
        return "FALSE" if cell is False else as_text(cell, self.tracker)


UNREADABLE_CODES = {
    "email": "not_an_email",
    "phone": "not_a_phone",
    "link": "not_a_link",
    "attempts": "not_a_number",
    "keep_in_touch": "not_a_number",
    **dict.fromkeys(DATES, "unreadable_date"),
    **dict.fromkeys(CHOICES, "unknown_choice"),
}


def check_row(row: Record, settings: Settings, today: date) -> None:
    """Note the problems that one row has by itself."""
    stage, closed = row.cells["stage"], row.cells["stage"] in CLOSED
    if row.cells["partner"] is None:
        row.report("partner", "missing_partner", blocking=True)
    for key in row.unreadable:
        blocking = key == "stage" or (key in DATES and not closed)
        row.report(key, UNREADABLE_CODES[key], blocking=blocking)
    for key in ("last_contact", "last_reply", "thanked", "vetted_on"):
        if earlier(today, row.cells[key]):
            row.report(key, "future_date", blocking=not closed)
    if stage in ACTIVE and all(
        row.said[key] is None for key in ("last_contact", "last_reply", "meeting", "thanked")
    ):
        row.report("last_contact", "missing_last_contact", blocking=True)
    check_owner(row, settings)
    check_vetting(row, settings, today)
    check_publication(row, settings, today)
    idea_or_blank = row.said["stage"] in ("idea", None)
    if idea_or_blank and row.cells["last_contact"]:
        row.report("stage", "stage_behind")


def check_owner(row: Record, settings: Settings) -> None:
    """The owner is somebody of the team, by name or by address."""
    owner = row.cells["owner"]
    if not owner or not settings.team:
        return
    if not any(fold(owner) in (fold(member.name), fold(member.email)) for member in settings.team):
        row.report("owner", "unknown_owner")


def check_vetting(row: Record, settings: Settings, today: date) -> None:
    """An active partner's four questions are answered, and not too long ago."""
    stage, vetted_on = row.cells["stage"], row.cells["vetted_on"]
    if stage in ACTIVE and row.verdict == "incomplete":
        for key in FOUR_QUESTIONS:
            if key in row.columns and row.said[key] is None:
                row.report(key, "vetting_incomplete")
                break
    oldest = today - days(settings.playbook.revet_after)
    if stage in ("idea", "paused", *ACTIVE) and earlier(vetted_on, oldest):
        row.report("vetted_on", "stale_vetting")


def check_publication(row: Record, settings: Settings, today: date) -> None:
    """What is announced is announced early enough."""
    event = row.cells["event"]
    if event and event >= today:
        last_day = event - days(settings.playbook.publish_before)
        if earlier(last_day, row.cells["published"]):
            row.report("published", "late_publication")


def check_across(rows: Sequence[Record]) -> None:
    """Note the problems that rows have with each other; those without a name take no part."""
    named = [row for row in rows if row.name is not None]
    for row in named:
        twins = [
            other
            for other in named
            if (other.name, other.theme, other.cells["event"])
            == (row.name, row.theme, row.cells["event"])
        ]
        if len(twins) > 1:
            row.report("partner", "duplicate_partner")
        mail = row.cells["email"]
        if mail and any(
            other.cells["email"]
            and other.cells["email"].casefold() == mail.casefold()
            and other.name != row.name
            for other in named
        ):
            row.report("email", "duplicate_email")
        benefit = fold(row.cells["partner_benefit"] or "")
        same = {o.name for o in named if fold(o.cells["partner_benefit"] or "") == benefit}
        if len(benefit) >= 20 and len(same) >= 3:
            row.report("partner_benefit", "copied_benefit")


def thin_themes(rows: Sequence[Record], wanted: int) -> list[Row]:
    """The themes with nobody agreed or done and too few live partners, in the sheet's order."""
    named = [row for row in rows if row.name is not None and row.theme]  # a dash is no theme
    thin = []
    for theme in dict.fromkeys(row.theme for row in named):
        members = [row for row in named if row.theme == theme]
        live = {
            row.name
            for row in members
            if row.cells["stage"] in ("idea", "paused", *ACTIVE) and row.verdict != "failed"
        }
        if len(live) < wanted and not any(
            row.cells["stage"] in ("agreed", "done") for row in members
        ):
            spelling = members[0].cells["theme"]
            thin.append({"theme": spelling, "code": "thin_theme", "live": len(live)})
    return thin
