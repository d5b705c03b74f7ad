"""From a synced tracker to mails that are sent and noted, or to previews of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config import mail_password, mail_token
from sheets_sync.desk import Desk
from sheets_sync.digest import Digests, make_messages, trial_message
from sheets_sync.errors import Busy, NoMailServer, SheetsSyncError, Unreachable, UsageError
from sheets_sync.ledger import Ledger
from sheets_sync.mail import Mailer, Secrets, write_previews
from sheets_sync.model import SYNC_TAB, Member, Message, Report, Sheet
from sheets_sync.plan import make_context
from sheets_sync.stores import Store
from sheets_sync.sync import preview
from sheets_sync.sync_tab import last_digests
from sheets_sync.terminal.console import write_json
from sheets_sync.texts.cleaning import fold

SENDER = "Partner tracker <partner-tracker@example.org>"
"""Stands in previews when the settings name no sender."""


class Delivery(NamedTuple):
    """What came of a run: whose mail was accepted, and whose was not, with the reason.

    ``busy`` tells why the tracker could not be written, or is None.
    """

    messages: Sequence[Message]
    sent: Sequence[Member]
    failed: Mapping[str, SheetsSyncError]
    busy: Busy | None


def run(
    desk: Desk, tracker: str | None, *, dry_run: bool, folder: Path | None, test: str | None
) -> None:
    """Sync, then mail today's digests; or show them, write them, or send one as a test."""
    if not desk.settings.team:
        raise UsageError("no_team")
    store = desk.store(tracker, read_only=dry_run or folder is not None)
    if dry_run or folder is not None:
        show(desk, digests_of(desk, store, preview(store, desk.settings, desk.today_of)), folder)
    elif test is not None:
        report = preview(store, desk.settings, desk.today_of)
        send_test(desk, digests_of(desk, store, report), test)
    else:
        send_today(desk, store)


def digests_of(desk: Desk, store: Store, report: Report) -> Digests:
    """What today's digests are made from."""
    return Digests(
        plan=report.plan,
        context=make_context(report.sheet, desk.settings, report.plan.today),
        settings=desk.settings,
        origin=store.origin,
        timezone=report.sheet.timezone,
    )


def show(desk: Desk, digests: Digests, folder: Path | None) -> None:
    """Tell whom today's digests would go to; with a folder write them there. Marks nothing."""
    messages = make_messages(digests)
    paths: Sequence[Path] = ()
    if folder is not None:
        sender = desk.settings.mail.sender if desk.settings.mail else SENDER
        paths = write_previews(messages, folder, sender)
    if desk.options.as_json:
        _write_json(messages, {"files": [str(path) for path in paths]})
        return
    if not messages:
        desk.terminal.line("digest.nothing_due", style="green")
    for message in messages:
        name, subject = message.recipient.name, message.subject
        desk.terminal.line("digest.would_go", name=name, subject=subject)
    if folder is not None:
        desk.terminal.line("digest.written", n=len(messages), folder=str(folder))


def send_test(desk: Desk, digests: Digests, name: str) -> None:
    """Send one member their digest, marked as a test; it counts as no digest."""
    member = next((it for it in desk.settings.team if fold(it.name) == fold(name)), None)
    if member is None:
        names = tuple(it.name for it in desk.settings.team)
        raise UsageError("unknown_member", name=name, members=names)
    mailer = make_mailer(desk)
    message = trial_message(digests, member)
    try:
        with desk.terminal.working("digest.sending", n=1):
            mailer.send(message)
    finally:
        mailer.close()
    if desk.options.as_json:
        _write_json([message], {"sent": [member.name], "test": True})
    else:
        desk.terminal.line("digest.sent", n=1, names=(member.name,))


def send_today(desk: Desk, store: Store) -> None:
    """Send today's digests and tell of it. Raises what kept some from being sent."""
    delivery = deliver(desk, store)
    _tell(desk, delivery)
    if (failure := failure_of(delivery)) is not None:
        raise failure


def deliver(desk: Desk, store: Store) -> Delivery:
    """Sync, send what is due and was not sent yet, note it, and say so in the tracker.

    A tracker that is busy gets its digest from what was read. Raises Forbidden when the mail
    server lets us in no more, and what keeps the tracker from being read.
    """
    ledger = Ledger(desk.state, store.origin.id)
    report, busy = _sync_or_read(desk, store, ledger)
    digests = digests_of(desk, store, report)
    messages = unsent(make_messages(digests), ledger, report.sheet)
    if len(messages) > desk.settings.digest.max_mails:
        raise UsageError("too_many_mails", n=len(messages))
    sent, failed = send_all(desk, messages, ledger)
    if busy is None and sent:
        busy = _mark(desk, store, ledger)
    return Delivery(messages, sent, failed, busy)


def _sync_or_read(desk: Desk, store: Store, ledger: Ledger) -> tuple[Report, Busy | None]:
    try:
        return desk.synchronise(store, digests=ledger.last_digests()), None
    except Busy as error:
        return preview(store, desk.settings, desk.today_of), error


def unsent(messages: Sequence[Message], ledger: Ledger, sheet: Sheet) -> Sequence[Message]:
    """The messages whose recipients have had none that day, by the ledger or by the Sync tab."""
    tab = sheet.tabs.get(SYNC_TAB)
    told = last_digests(tab, date_system=sheet.date_system) if tab else {}
    days: dict[str, date] = {}
    for name, day in (*told.items(), *ledger.last_digests().items()):
        days[fold(name)] = max(day, days.get(fold(name), day))
    return [it for it in messages if days.get(fold(it.recipient.name), date.min) < it.day]


def make_mailer(desk: Desk) -> Mailer:
    """What sends through the settings' server. Raises UsageError where they name none."""
    if desk.settings.mail is None:
        raise UsageError("no_mail_settings")
    secrets = Secrets(password=mail_password(desk.environment), token=mail_token(desk.environment))
    return Mailer(desk.settings.mail, secrets)


def send_all(
    desk: Desk, messages: Sequence[Message], ledger: Ledger
) -> tuple[Sequence[Member], Mapping[str, SheetsSyncError]]:
    """Send each message and note it at once; one that fails does not hold up the others."""
    sent: list[Member] = []
    failed: dict[str, SheetsSyncError] = {}
    if not messages:
        return sent, failed
    mailer = make_mailer(desk)
    with desk.terminal.working("digest.sending", n=len(messages)):
        for message in messages:
            try:
                mailer.send(message)
            except NoMailServer as error:
                failed |= {it.recipient.name: error for it in messages if it.recipient not in sent}
                break
            except Unreachable as error:
                failed[message.recipient.name] = error
            else:
                ledger.note(message.recipient.name, message.day)
                sent.append(message.recipient)
        mailer.close()
    return sent, failed


def _mark(desk: Desk, store: Store, ledger: Ledger) -> Busy | None:
    """Say in the tracker who has theirs; the ledger knows it already when that cannot be."""
    try:
        desk.synchronise(store, digests=ledger.last_digests())
    except Busy as error:
        return error
    return None


def failure_of(delivery: Delivery) -> SheetsSyncError | None:
    """What to raise in the end: for mails not accepted, else for a tracker that was busy."""
    if not delivery.failed:
        return delivery.busy
    if not delivery.sent:
        return next(iter(delivery.failed.values()))
    return Unreachable("some_mails_failed", members=tuple(delivery.failed))


def _tell(desk: Desk, delivery: Delivery) -> None:
    names = tuple(member.name for member in delivery.sent)
    if desk.options.as_json:
        if failure_of(delivery) is None:
            _write_json(delivery.messages, {"sent": list(names)})
        return
    if names:
        desk.terminal.line("digest.sent", style="green", n=len(names), names=names)
    elif not delivery.failed:
        desk.terminal.line("digest.nothing_to_send", style="green")
    if names:
        for error in delivery.failed.values():
            desk.terminal.sentence(error.sentence, style="red", indent=2)


def _write_json(messages: Sequence[Message], more: Mapping[str, object]) -> None:
    told = [{"member": it.recipient.name, "subject": it.subject} for it in messages]
    document = {"digests": told, **more}
    write_json(iter([json.dumps(document, ensure_ascii=False) + "\n"]))
