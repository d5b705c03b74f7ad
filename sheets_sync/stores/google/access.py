"""From a sheet to what opens and what bars the way to it, step by step until one fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sheets_sync.errors import SheetsSyncError
from sheets_sync.model import Fact, Finding, Sentence
from sheets_sync.stores.google.client import SheetsClient
from sheets_sync.stores.google.survey import Survey, Tag, take_survey


def diagnose(
    client: SheetsClient, sheet: str, *, survey: Survey | None = None, tags: Sequence[Tag] = ()
) -> Sequence[Finding]:
    """What there is to say of the sign-in, the sheet and the rights; writes nothing.

    ``survey`` and ``tags`` are those of an earlier connection, which are not asked for again.
    """
    findings: list[Finding] = []
    try:
        for finding in _walk(client, sheet, survey, tags):
            findings.append(finding)  # noqa: PERF402 - what was found before a failure is kept
    except SheetsSyncError as error:
        findings.append(Finding("problem", error.sentence, error.next_step))
    return findings


def _walk(
    client: SheetsClient, sheet: str, survey: Survey | None, tags: Sequence[Tag]
) -> Iterator[Finding]:
    client.sign_in()
    yield _fine("signed_in", account=client.account_fact)
    survey = survey or take_survey(client, sheet)
    yield _opened(survey)
    found = tags or [tag for tab in survey.tabs for tag in tab.tags]
    if found:  # somebody may write: only an editor can mark columns
        yield _fine("tagged", n=len(found))
    else:
        yield _note("untagged")
        yield _note("editing", account=client.account_fact)


def reached(client: SheetsClient, survey: Survey | None) -> Iterator[Finding]:
    """How far a connection got that then failed; asks nothing of Google again."""
    if client.is_signed_in:
        yield _fine("signed_in", account=client.account_fact)
    if survey:
        yield _opened(survey)


def _opened(survey: Survey) -> Finding:
    if survey.timezone:
        return _fine("opened", title=survey.title, timezone=survey.timezone)
    return _fine("opened_somewhere", title=survey.title)


def _fine(message: str, **facts: Fact) -> Finding:
    return Finding("fine", Sentence(f"terminal.check.google.{message}", facts))


def _note(message: str, **facts: Fact) -> Finding:
    name = f"terminal.check.google.{message}"
    return Finding("note", Sentence(name, facts), Sentence(f"{name}.next", facts))
