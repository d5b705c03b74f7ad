"""From settings to the background service that syncs a tracker and mails its digests."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from sheets_sync.commands.digest import deliver, failure_of
from sheets_sync.desk import Desk
from sheets_sync.report import written
from sheets_sync.service import Watched, run_once, serve
from sheets_sync.service.log import Log, json_log, words_log
from sheets_sync.stores import Store
from sheets_sync.stores.excel import ExcelStore


def run(desk: Desk, tracker: str | None, *, once: bool) -> Exception | None:
    """Look after the tracker until told to stop; with ``once`` do what is due now and end.

    Answers the fault of a job that the log has told of already, and that is to be told no further
    since what it says may name somebody. Raises what keeps the service from starting.
    """
    watched = [watched_of(desk, desk.store(tracker))]
    if not once:
        serve(watched, state=desk.state, log=_log(desk))
        return None
    try:
        run_once(watched, state=desk.state, log=_log(desk))
    except Exception as fault:
        if not desk.options.as_json:
            raise
        return fault
    return None


def _log(desk: Desk) -> Log:
    if desk.options.as_json:
        return json_log(sys.stdout, now=lambda: datetime.now(UTC))

    def tell(words: str) -> None:
        now = datetime.now(UTC).astimezone()
        desk.terminal.text(f"{now:%H:%M:%S}  {words}")

    return words_log(tell, desk.terminal.language)


def watched_of(desk: Desk, store: Store) -> Watched:
    """The jobs for one tracker; no digest where no mail is set up."""
    zones: list[str | None] = [None]

    def sync() -> int:
        report = desk.synchronise(store)
        zones[0] = report.sheet.timezone
        return written(report)

    def digest() -> int:
        delivery = deliver(desk, store)
        if (failure := failure_of(delivery)) is not None:
            raise failure
        return len(delivery.sent)

    mails = desk.settings.mail is not None and desk.settings.team
    file = store if isinstance(store, ExcelStore) else None
    return Watched(
        tracker=store.origin.id,
        settings=desk.settings,
        sync=sync,
        digest=digest if mails else None,
        timezone=lambda: zones[0],
        file=Path(file.origin.id) if file else None,
        version=lambda: file.version if file else None,
    )
