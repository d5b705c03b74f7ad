"""From a synced tracker to mails that are sent and noted, or to previews of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config import mail_password, mail_token
from sheets_sync.desk import Desk
from sheets_sync.digest import Digests, make_messages, trial_message
from sheets_sync.errors import (
    Busy,
    Forbidden,
    NoMailServer,
    SheetsSyncError,
    Unreachable,
    UsageError,
)
from sheets_sync.ledger import Ledger
from sheets_sync.mail import Mailer, Secrets, write_previews
from sheets_sync.model import SYNC_TAB, Language, Member, Message, Report, Sheet
from sheets_sync.plan import make_context
from sheets_sync.stores import Store
from sheets_sync.stores.locks import run_lock
from sheets_sync.sync import preview
from sheets_sync.sync_tab import last_digests
from sheets_sync.terminal.console import write_document
from sheets_sync.texts import say
from sheets_sync.texts.cleaning import fold

SENDER = "Partner tracker <partner-tracker@example.org>"
"""Stands in previews when the settings name no sender."""


class Delivery(NamedTuple):
    """What came of a run: whose mail was accepted, and whose was not, with the reason.

    ``fault`` tells why the tracker or the ledger could not be written, or is None.
    """

    messages: Sequence[Message]
    sent: Sequence[Member]
    failed: Mapping[str, SheetsSyncError]
    fault: SheetsSyncError | None


def run(
    desk: Desk, tracker: str | None, *, dry_run: bool, folder: Path | None, test: str | None
) -> None:
    """Sync, then mail today's digests; or show them, write them, or send one as a test."""
    if not desk.settings.team:
        raise UsageError("no_team")
    only_looks = dry_run or folder is not None
    store = desk.store(tracker, read_only=only_looks or test is not None)
    if only_looks:
        show(desk, digests_of(desk, store, preview(store, desk.settings, desk.today_of)), folder)
    elif test is not None:
        send_test(desk, store, member_named(test, desk.settings.team))
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
        write_document({**_json(messages), "files": [str(path) for path in paths]})
        return
    if not messages:
        desk.terminal.line("digest.nothing_due", style="green")
    for message in messages:
        name, subject = message.recipient.name, message.subject
        desk.terminal.line("digest.would_go", name=name, subject=subject)
    if folder is not None:
        desk.terminal.line("digest.written", n=len(messages), folder=str(folder))


def member_named(name: str, team: Sequence[Member]) -> Member:
    """The member of that name. Raises UsageError with the names there are."""
    for member in team:
        if fold(member.name) == fold(name):
            return member
    raise UsageError("unknown_member", name=name, members=tuple(it.name for it in team))


def send_test(desk: Desk, store: Store, member: Member) -> None:
    """Send one member their digest, marked as a test; it counts as no digest."""
    mailer = make_mailer(desk)
    report = preview(store, desk.settings, desk.today_of)
    message = trial_message(digests_of(desk, store, report), member)
    with desk.terminal.working("digest.sending", n=1), closing(mailer):
        mailer.send(message)
    if desk.options.as_json:
        write_document({**_json([message]), "sent": [member.name], "test": True})
    else:
        desk.terminal.line("digest.sent", style="green", n=1, names=(member.name,))


def send_today(desk: Desk, store: Store) -> None:
    """Send today's digests and tell of it. Raises what kept some from being sent."""
    delivery = deliver(desk, store)
    failure = failure_of(delivery)
    told = {**_json(delivery.messages), **_delivery_json(delivery, desk.terminal.language)}
    if not desk.options.as_json:
        _tell(desk, delivery)
    elif failure is None:
        write_document(told)
    if failure is not None:
        desk.found = told
        raise failure


def deliver(desk: Desk, store: Store) -> Delivery:
    """Sync, send what is due and was not sent yet, note it, and say so in the tracker.

    A tracker that is busy gets its digest from what was read. Raises what keeps the tracker
    from being read, and Busy while another run sends.
    """
    mailer = make_mailer(desk)
    ledger = Ledger(desk.state, store.origin.id)
    with _alone(desk, store):
        report, fault = _sync_or_read(desk, store, ledger)
        messages = unsent(make_messages(digests_of(desk, store, report)), ledger, report.sheet)
        if len(messages) > desk.settings.digest.max_mails:
            raise UsageError("too_many_mails", n=len(messages))
        with desk.terminal.working("digest.sending", n=len(messages)), closing(mailer):
            sent, failed, broken = send_all(mailer, messages, ledger)
        if fault is None and sent:
            fault = _mark(desk, store, ledger, sent)
    return Delivery(messages, [it.recipient for it in sent], failed, broken or fault)


@contextmanager
def _alone(desk: Desk, store: Store) -> Iterator[None]:
    """Hold the digests of this tracker: two runs at once would mail everybody twice."""
    with ExitStack() as held:
        try:
            held.enter_context(run_lock(desk.state, f"{store.origin.id}#digest"))
        except Busy as busy:
            raise Busy("another_digest", tracker=store.name) from busy
        yield


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
    mailer: Mailer, messages: Sequence[Message], ledger: Ledger
) -> tuple[Sequence[Message], Mapping[str, SheetsSyncError], SheetsSyncError | None]:
    """Send each message and note it at once; one that fails does not hold up the others.

    Answers which were accepted, by member's name why others were not, and why the ledger could
    not be written, if so: then no more are sent, for who has theirs could not be told.
    """
    sent: list[Message] = []
    failed: dict[str, SheetsSyncError] = {}
    if messages:
        ledger.prepare()
    for message in messages:
        try:
            mailer.send(message)
        except (NoMailServer, Forbidden) as error:
            return sent, failed | _the_rest(messages, sent, error), None
        except Unreachable as error:
            failed[message.recipient.name] = error
            continue
        sent.append(message)
        try:
            ledger.note(message.recipient.name, message.day)
        except SheetsSyncError as error:
            return sent, failed | _the_rest(messages, sent, error), error
    return sent, failed, None


def _the_rest(
    messages: Sequence[Message], sent: Sequence[Message], error: SheetsSyncError
) -> dict[str, SheetsSyncError]:
    return {it.recipient.name: error for it in messages if it not in sent}


def _mark(desk: Desk, store: Store, ledger: Ledger, sent: Sequence[Message]) -> Busy | None:
    """Say in the tracker who has theirs; the ledger knows it already when that cannot be."""
    days = {**ledger.last_digests(), **{it.recipient.name: it.day for it in sent}}
    try:
        desk.synchronise(store, digests=days)
    except Busy as error:
        return error
    return None


def failure_of(delivery: Delivery) -> SheetsSyncError | None:
    """What to raise in the end: for mails not accepted, else for what could not be written."""
    if not delivery.failed:
        return delivery.fault
    if not delivery.sent:
        return next(iter(delivery.failed.values()))
    return Unreachable("some_mails_failed", members=tuple(delivery.failed))


def _tell(desk: Desk, delivery: Delivery) -> None:
    names = tuple(member.name for member in delivery.sent)
    if names:
        desk.terminal.line("digest.sent", style="green", n=len(names), names=names)
        for error in dict.fromkeys(delivery.failed.values()):
            desk.errors.sentence(error.sentence, style="red", indent=2)
    elif not delivery.failed:
        desk.terminal.line("digest.nothing_to_send", style="green")


def _json(messages: Sequence[Message]) -> Mapping[str, object]:
    return {
        "digests": [{"member": it.recipient.name, "subject": it.subject} for it in messages],
    }


def _delivery_json(delivery: Delivery, language: Language) -> Mapping[str, object]:
    return {
        "sent": [member.name for member in delivery.sent],
        "failed": [
            {"member": name, "kind": error.kind, "message": say(error.sentence, language)}
            for name, error in delivery.failed.items()
        ],
    }
