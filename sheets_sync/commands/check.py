"""From a tracker to everything that would go wrong with it, and the next step for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sheets_sync.checkup import service_findings, settings_findings, sheet_findings
from sheets_sync.commands.digest import make_mailer
from sheets_sync.desk import Desk
from sheets_sync.errors import SheetsSyncError
from sheets_sync.model import Finding, Language, Report, Sentence
from sheets_sync.report import report_json, stream_json
from sheets_sync.service.memory import Memory
from sheets_sync.service.times import zone_of
from sheets_sync.stores import Store
from sheets_sync.sync import object_to, preview
from sheets_sync.terminal.console import write_json
from sheets_sync.texts import say


def run(desk: Desk, tracker: str | None) -> bool:
    """Look at settings, access, columns, rows and the mail server; whether anything is wrong.

    Raises what would keep a sync from reading or writing or a digest from going out, after all
    that could be seen was told.
    """
    settings, today_of = desk.settings, desk.today_of
    store: Store | None = None
    try:
        store = desk.store(tracker, read_only=True)
        with desk.terminal.working("reading", tracker=store.name):
            report = preview(store, settings, today_of)
    except SheetsSyncError as error:
        _tell_so_far(desk, store, error)
        raise
    mail, fault = _mail_findings(desk)
    findings = [
        *settings_findings(settings),
        *store.diagnose(),
        *sheet_findings(report),
        *_service_findings(desk, store, report),
        *mail,
    ]
    fault = _objection(report) or fault
    tell(desk, report, findings, fault)
    if fault is not None:
        raise fault
    return any(finding.level == "problem" for finding in findings)


def _tell_so_far(desk: Desk, store: Store | None, error: SheetsSyncError) -> None:
    """Tell what there is to say though the tracker cannot be read; the error itself comes last."""
    place = store.diagnose() if store else ()
    mail, _ = _mail_findings(desk)
    found = [*settings_findings(desk.settings), *place, *mail]
    findings = [finding for finding in found if finding.sentence != error.sentence]
    if desk.options.as_json:
        desk.found = {"findings": [*_findings_json(findings, desk.terminal.language)]}
        return
    from sheets_sync.terminal.check_view import show_findings

    show_findings(findings, desk.terminal)


def _objection(report: Report) -> SheetsSyncError | None:
    """What a sync would raise in place of writing this plan."""
    try:
        object_to(report.plan)
    except SheetsSyncError as error:
        return error
    return None


def _service_findings(desk: Desk, store: Store, report: Report) -> Iterator[Finding]:
    """What ``watch`` on this computer remembers of the tracker, if it ever looked after it."""
    memory = Memory(desk.state, store.origin.id)
    zone = zone_of(desk.settings.timezone or report.sheet.timezone)
    moment = memory.last_sync
    return service_findings(moment and moment.astimezone(zone), memory.last_digest)


def _mail_findings(desk: Desk) -> tuple[Sequence[Finding], SheetsSyncError | None]:
    """Whether the mail server lets us in; no mail is sent."""
    if desk.settings.mail is None:
        return (), None
    try:
        make_mailer(desk).check()
    except SheetsSyncError as error:
        return [Finding("problem", error.sentence, error.next_step)], error
    host = desk.settings.mail.host
    return [Finding("fine", Sentence("terminal.check.mail", {"host": host}))], None


def tell(
    desk: Desk, report: Report, findings: Sequence[Finding], fault: SheetsSyncError | None
) -> None:
    """Print the findings the way that was asked for; with a fault, JSON is left to its error."""
    if desk.options.as_json:
        more = {"findings": [*_findings_json(findings, desk.terminal.language)]}
        if fault is None:
            write_json(stream_json(report, desk.settings, more=more))
        else:
            desk.found = {**report_json(report, desk.settings), **more}
        return
    from sheets_sync.terminal.check_view import show

    if fault is not None:  # it is told last, with what to do; once is enough
        findings = [finding for finding in findings if finding.sentence != fault.sentence]
    show(report, findings, desk.terminal, everything=desk.options.verbose)


def _findings_json(
    findings: Sequence[Finding], language: Language
) -> Iterator[dict[str, str | None]]:
    for finding in findings:
        step = finding.next_step
        yield {
            "level": finding.level,
            "kind": finding.sentence.id.partition(".")[2],
            "message": say(finding.sentence, language),
            "next": say(step, language) if step else None,
        }
