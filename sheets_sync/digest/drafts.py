"""From a decision that asks people to write or call to links with a ready draft.

The person sends it, not the program. An address or number comes only from a cell that
passed as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from sheets_sync.model import Decision, Fact, Language, Sentence
from sheets_sync.texts import known, say

_CALLABLE = frozenset({"reply", "first_contact", "chase", "arrange_meeting", "meet", "thank",
                       "agree_plan", "after_event", "keep_in_touch", "follow_up", "approve_photo",
                       "publish"})  # fmt: skip
"""The rules whose action is a word with somebody."""


class Link(NamedTuple):
    """A link that starts a mail or a call; ``kind`` is ``mailto`` or ``tel``."""

    kind: str
    address: str
    url: str


def draft_links(decision: Decision, language: Language) -> Iterator[Link]:
    """The links for a decision: the partner's own channel first."""
    obligation, partner = decision.obligation, decision.partner
    if obligation is None or obligation.rule not in _CALLABLE:
        return
    links = []
    if partner.email:
        links.append(Link("mailto", partner.email, _mailto(decision, partner.email, language)))
    if partner.phone:
        links.append(Link("tel", partner.phone, f"tel:{_dialled(partner.phone)}"))
    if partner.channel == "phone":
        links.reverse()
    yield from links


def _mailto(decision: Decision, address: str, language: Language) -> str:
    subject = draft(decision, "subject", language)
    body = draft(decision, "body", language)
    if subject is None or body is None:
        return f"mailto:{quote(address, safe='@')}"
    body = body.replace("\n", "\r\n")
    told = f"subject={quote(subject, safe='')}&body={quote(body, safe='')}"
    return f"mailto:{quote(address, safe='@')}?{told}"


def draft(decision: Decision, part: str, language: Language) -> str | None:
    """The draft's subject or body for the rule that won, or None where there is no draft."""
    rule = decision.obligation.rule if decision.obligation else ""
    partner = decision.partner
    facts: dict[str, Fact] = {
        "partner": partner.partner or "",
        "contact": partner.contact or partner.partner or "",
        "benefit": partner.partner_benefit or "",
        "theme": partner.theme or "",
    }
    variant = "benefit" if partner.partner_benefit else "plain"
    for message in (f"drafts.{rule}.{part}.{variant}", f"drafts.{rule}.{part}"):
        if known(message):
            return say(Sentence(message, facts), language)
    return None


def _dialled(phone: str) -> str:
    """A number as a tel: link takes it: digits, and a plus sign before them."""
    digits = "".join(char for char in phone if char.isdecimal())
    return f"+{digits}" if phone.strip().startswith("+") else digits
