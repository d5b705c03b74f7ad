"""From a tracker to a synced one, and to the report of what that changed."""

from __future__ import annotations

from sheets_sync.desk import Desk
from sheets_sync.model import Report
from sheets_sync.report import stream_json
from sheets_sync.sync import object_to, preview
from sheets_sync.terminal.console import write_json


def run(desk: Desk, tracker: str | None, *, dry_run: bool, force: bool, ignore_lock: bool) -> None:
    """Sync the tracker, or with ``dry_run`` show what a sync would change."""
    store = desk.store(tracker, ignore_lock=ignore_lock, read_only=dry_run)
    with desk.terminal.working("syncing", tracker=store.name):
        if dry_run:
            report = preview(store, desk.settings, desk.today_of)
            if not force:
                object_to(report.plan)
        else:
            report = desk.synchronise(store, force=force)
    tell(desk, report, everything=dry_run or desk.options.verbose)


def tell(desk: Desk, report: Report, *, everything: bool) -> None:
    """Print a report the way that was asked for."""
    if desk.options.as_json:
        write_json(stream_json(report, desk.settings, more={}))
        return
    from sheets_sync.terminal.sync_view import show_report

    show_report(report, desk.terminal, everything=everything)
