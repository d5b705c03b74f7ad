"""From the backups kept of a file to a list of them, or back to one."""

from __future__ import annotations

from collections.abc import Sequence

from sheets_sync.desk import Desk
from sheets_sync.errors import UsageError
from sheets_sync.stores.backups import Backup
from sheets_sync.stores.excel import ExcelStore
from sheets_sync.terminal.console import write_document


def run(desk: Desk, tracker: str | None, *, number: int, list_only: bool) -> None:
    """Put the file back to the copy of that number (1 is the newest), or list the copies."""
    store = desk.store(tracker)
    if not isinstance(store, ExcelStore):
        raise UsageError("no_backups_here", tracker=store.name)
    kept = store.backups()
    if not kept and not list_only:
        raise UsageError("no_backups", tracker=store.name)
    if list_only:
        _show(desk, store, kept)
        return
    if not 1 <= number <= len(kept):
        raise UsageError("no_such_backup", number=number, n=len(kept))
    store.restore(kept[number - 1])
    if desk.options.as_json:
        write_document({"restored": _json(kept[number - 1])})
    else:
        moment = _moment(kept[number - 1])
        desk.terminal.line("restore.done", style="green", tracker=store.name, moment=moment)


def _show(desk: Desk, store: ExcelStore, kept: Sequence[Backup]) -> None:
    if desk.options.as_json:
        write_document({"backups": [_json(it) for it in kept]})
        return
    desk.terminal.line("restore.list", style="bold", tracker=store.name, n=len(kept))
    for number, backup in enumerate(kept, start=1):
        message = "restore.saved" if backup.rescued else "restore.backup"
        desk.terminal.line(message, indent=2, number=number, moment=_moment(backup))


def _moment(backup: Backup) -> str:
    """When the copy was made, in this computer's time."""
    return backup.when.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _json(backup: Backup) -> dict[str, str | bool]:
    when = backup.when.isoformat()
    return {"path": str(backup.path), "when": when, "saved_by_a_person": backup.rescued}
