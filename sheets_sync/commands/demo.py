"""From nothing to a folder with a synced sample tracker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sheets_sync.commands.digest import SENDER, digests_of
from sheets_sync.commands.init import make_tracker
from sheets_sync.commands.sync import tell
from sheets_sync.desk import Desk
from sheets_sync.digest import make_messages
from sheets_sync.errors import Forbidden, UsageError
from sheets_sync.mail import write_previews
from sheets_sync.model import Message, Report
from sheets_sync.sample import sample_team
from sheets_sync.stores import Store

NAME = "partners.xlsx"


def run(desk: Desk, folder: Path) -> None:
    """Make the sample tracker unless there is one, sync it and show what that did."""
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError("not_a_folder", path=str(folder)) from None
    except OSError as error:
        detail = error.strerror or str(error)
        raise Forbidden("cannot_create", path=str(folder), detail=detail) from error
    kept = path.exists()
    if not kept:
        language = desk.chosen_language or desk.settings.language or desk.terminal.language
        make_tracker(desk, path, language, sample=True)
    store = desk.store(str(path))
    report = desk.synchronise(store)
    tell(desk, report, everything=desk.options.verbose)
    digests = write_digests(desk, store, report, folder)
    if not desk.options.as_json:
        desk.terminal.gap()
        desk.terminal.line("demo.kept" if kept else "demo.made", path=str(path))
        if digests:
            desk.terminal.line("demo.digests", n=len(digests), folder=str(folder))
        desk.terminal.line("demo.own")


def write_digests(desk: Desk, store: Store, report: Report, folder: Path) -> Sequence[Message]:
    """Leave today's digests beside the tracker: for the sample team, unless there is another."""
    settings = desk.settings
    if not settings.team:
        team = sample_team(report.plan.language)
        wishes = replace(settings.digest, coordinator=team[0].name)
        settings = replace(settings, team=team, digest=wishes)
    digests = digests_of(desk, store, report)._replace(settings=settings)
    messages = make_messages(digests)
    write_previews(messages, folder, settings.mail.sender if settings.mail else SENDER)
    return messages
