"""From a plan to one message for each member who has something due."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sheets_sync.digest.audience import coordinator_of, shares
from sheets_sync.digest.render import Content, render_html, render_text
from sheets_sync.digest.sections import URGENT, Section, is_urgent, make_sections, total
from sheets_sync.model import Decision, Fact, Member, Message, Origin, Plan, Sentence, Settings
from sheets_sync.playbook import Context
from sheets_sync.texts import say
from sheets_sync.texts.cleaning import clean, shorten

MAX_BYTES = 100_000
"""Mail programs cut longer HTML; items are left out, and counted, until it fits."""


class Digests(NamedTuple):
    """What all digests of a day are made from."""

    plan: Plan
    context: Context
    settings: Settings
    origin: Origin
    timezone: str | None = None


def make_messages(digests: Digests) -> Sequence[Message]:
    """Today's digests: one for each member for whom something is overdue or due today.

    On the day ``all_clear`` a member with nothing due gets a short mail that says so. Whether
    one was sent already is not looked at here.
    """
    told = shares(digests.plan.decisions, digests.settings)
    all_clear = digests.settings.digest.all_clear == digests.plan.today.weekday()
    return [
        make_message(digests, member, told[member.name])
        for member in digests.settings.team
        if all_clear or is_urgent(_sections(digests, member, told[member.name]))
    ]


def trial_message(digests: Digests, member: Member) -> Message:
    """One member's digest of today, whatever is in it, marked as a test."""
    told = shares(digests.plan.decisions, digests.settings)
    return make_message(digests, member, told[member.name], test=True)


def make_message(
    digests: Digests, member: Member, decisions: Sequence[Decision], *, test: bool = False
) -> Message:
    """Word one member's digest, leaving items out until it is short enough to be shown whole."""
    sections = _sections(digests, member, decisions)
    content = _content(digests, member, sections, test=test)
    html = render_html(content)
    while len(html.encode()) > MAX_BYTES and any(len(it.decisions) > 1 for it in sections):
        sections = [_halved(section) for section in sections]
        content = content._replace(sections=sections)
        html = render_html(content)
    return Message(
        recipient=member,
        day=digests.plan.today,
        sent_at=_sent_at(digests),
        subject=_subject(digests, member, sections, test=test),
        text=render_text(content),
        html=html,
        message_id=message_key(digests, member, test=test),
        list_id=_key(digests.origin.id)[:16],
        reply_to=_reply_to(digests.settings),
    )


def message_key(digests: Digests, member: Member, *, test: bool) -> str:
    """The part of the Message-ID before the at sign: the same for the same mail, sent twice."""
    day = digests.plan.today.isoformat()
    return _key(digests.origin.id, day, member.email.casefold(), "test" if test else "")


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _sections(digests: Digests, member: Member, decisions: Sequence[Decision]) -> Sequence[Section]:
    most = member.max_items or digests.settings.digest.max_items
    return make_sections(decisions, digests.plan.today, max_items=most)


def _halved(section: Section) -> Section:
    kept = section.decisions[: max(1, len(section.decisions) // 2)]
    return Section(section.name, kept, section.total - len(kept))


def _content(
    digests: Digests, member: Member, sections: Sequence[Section], *, test: bool
) -> Content:
    plan = digests.plan
    coordinates = member == coordinator_of(digests.settings)
    return Content(
        language=member.language or digests.settings.language or plan.language,
        tracker_language=plan.language,
        today=plan.today,
        member=member,
        sections=sections,
        context=digests.context,
        origin=digests.origin,
        everybody=plan.decisions if coordinates else (),
        themes=plan.themes if coordinates else (),
        settings=digests.settings,
        test=test,
    )


def _subject(digests: Digests, member: Member, sections: Sequence[Section], *, test: bool) -> str:
    """The numbers first, with the tracker's name."""
    language = member.language or digests.settings.language or digests.plan.language
    counted = {
        name: Sentence(f"digest.count.{name}", {"n": number})
        for name in URGENT
        if (number := total(sections, name))
    }
    variant = "_and_".join(counted) or "all_clear"
    facts: dict[str, Fact] = {**counted, "tracker": shorten(clean(digests.origin.title), 60)}
    subject = Sentence(f"digest.subject.{variant}", facts)
    if test:
        subject = Sentence("digest.subject.test", {"subject": subject})
    return clean(say(subject, language))


def _sent_at(digests: Digests) -> datetime:
    """The day at the digest's hour: the same however often the mail is made."""
    name = digests.settings.timezone or digests.timezone
    zone = ZoneInfo(name) if name else ZoneInfo("UTC")
    return datetime.combine(digests.plan.today, digests.settings.digest.at, tzinfo=zone)


def _reply_to(settings: Settings) -> str | None:
    coordinator = coordinator_of(settings)
    return coordinator.email if coordinator else None
