"""From a store and settings to a report: the one place where a plan meets the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sheets_sync.errors import Busy, NotTakenOver, SheetChanged, Suspicious, TrackerError
from sheets_sync.model import Plan, Report, Settings, Sheet, Write
from sheets_sync.plan import NO_DIGESTS, make_plan, renew
from sheets_sync.stores import Store

MAX_ROUNDS = 5
"""So often a plan is written before the tracker counts as busy."""

TodayOf = Callable[[str | None], date]
"""Answers what day it is in a time zone (None: the computer's own)."""

_OBJECTIONS: Mapping[str, type[TrackerError]] = {
    "errors.not_taken_over": NotTakenOver,
    "errors.suspicious": Suspicious,
}


def synchronise(
    store: Store,
    settings: Settings,
    today_of: TodayOf,
    *,
    digests: Mapping[str, date] = NO_DIGESTS,
    force: bool = False,
) -> Report:
    """Read, plan and write until the sheet says what it should.

    ``digests`` holds by member's name the day of the last digest, for the Sync tab. Raises Busy
    when the sheet keeps changing under us, and NotTakenOver or Suspicious, with nothing
    written, when something speaks against the plan and ``force`` is not given.
    """
    sheet = store.read()
    today = today_of(settings.timezone or sheet.timezone)
    plan = make_plan(sheet, settings, today, digests=digests)
    writes: list[Write] = []
    for _ in range(MAX_ROUNDS):
        if not plan.edits:
            break
        if not force:
            object_to(plan)
        after = _write(store, plan, sheet, writes)
        same_people = after.people is sheet.people
        if same_people:
            plan = renew(plan, after, digests=digests)
        else:
            plan = make_plan(after, settings, today, digests=digests)
        sheet = after
    if plan.edits:
        raise Busy("keeps_changing", tracker=store.name)
    return Report(tracker=store.name, dry_run=False, plan=plan, sheet=sheet, writes=writes)


def preview(store: Store, settings: Settings, today_of: TodayOf) -> Report:
    """The report of a dry run: what a sync would write now. Nothing is written or objected to."""
    sheet = store.read()
    plan = make_plan(sheet, settings, today_of(settings.timezone or sheet.timezone))
    writes = [Write(plan.edits, sheet)] if plan.edits else []
    return Report(tracker=store.name, dry_run=True, plan=plan, sheet=sheet, writes=writes)


def object_to(plan: Plan) -> None:
    """Raise what speaks against writing the plan, if anything does."""
    if plan.suspicion is not None:
        message, facts = plan.suspicion
        raise _OBJECTIONS[message](message.removeprefix("errors."), **facts)


def _write(store: Store, plan: Plan, sheet: Sheet, writes: list[Write]) -> Sheet:
    """The sheet after one try of writing; a sheet that had changed is simply read again."""
    try:
        after = store.write(plan.edits, against=sheet)
    except SheetChanged:
        return store.read()
    writes.append(Write(plan.edits, sheet))
    return after
