"""From decisions and the team to what each member is told of.

An Owner cell selects a member of the team by name or address, else the row is the
coordinator's. Nobody outside the team is ever an answer here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sheets_sync.model import Decision, Member, Settings
from sheets_sync.texts.cleaning import fold, trim


def recipient_of(owner: str | None, settings: Settings) -> Member | None:
    """The member that an Owner cell names, else the coordinator; None when there is neither."""
    if owner:
        member = _members(settings).get(fold(owner)) or _addresses(settings).get(
            trim(owner).casefold()
        )
        if member:
            return member
    return coordinator_of(settings)


def coordinator_of(settings: Settings) -> Member | None:
    """The member who gets every row, or None."""
    return _members(settings).get(fold(settings.digest.coordinator or ""))


def shares(decisions: Sequence[Decision], settings: Settings) -> Mapping[str, Sequence[Decision]]:
    """By member's name the decisions they are told of: their own, the coordinator all."""
    coordinator = coordinator_of(settings)
    found: dict[str, list[Decision]] = {member.name: [] for member in settings.team}
    owners: dict[str | None, Member | None] = {}
    for decision in decisions:
        owner = decision.partner.owner
        if owner not in owners:
            owners[owner] = recipient_of(owner, settings)
        member = owners[owner]
        if member and member != coordinator:
            found[member.name].append(decision)
    if coordinator:
        found[coordinator.name] = list(decisions)
    return found


def _members(settings: Settings) -> Mapping[str, Member]:
    return {fold(member.name): member for member in settings.team}


def _addresses(settings: Settings) -> Mapping[str, Member]:
    return {member.email.casefold(): member for member in settings.team}
