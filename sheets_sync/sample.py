"""From today and a language to about twenty invented partners, in every situation there is.

What is said of them stands in the catalogues (``sample.<id>.<column>``); here stands when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sheets_sync.columns import PEOPLE, Kind
from sheets_sync.model import Language, Member, Sentence, Value
from sheets_sync.texts import known, label, say

OWNERS = (1, 2)
_TEXTS = tuple(key for key, spec in PEOPLE.items() if spec.kind is not Kind.YES_NO)


class Situation(NamedTuple):
    """A sample partner: choices by canonical key, days counted from today, and numbers.

    ``shows`` is the rule that wins, or the status where none does.
    """

    id: str
    shows: str
    stage: str
    theme: str
    type: str
    owner: int | None
    choices: Mapping[str, str]
    days: Mapping[str, int] = {}
    numbers: Mapping[str, int] = {}
    reach: tuple[str, ...] = ("email", "phone")


FITS = {"values_fit": "yes", "reputation": "good"}
EMAIL, PHONE, CHAT = {"channel": "email"}, {"channel": "phone"}, {"channel": "chat"}
EQUAL, HELPS, TELLS = (
    {"role": "co_organiser"},
    {"role": "contributor"},
    {"role": "messenger"},
)
APPROVED = {"photo_approved": "yes"}

SITUATIONS = (
    Situation(
        "choir", "reply", "in_talks", "cafe", "community", 1, FITS | CHAT,
        {"vetted_on": -30, "last_contact": -9, "last_reply": -4}, {"attempts": 0},
    ),
    Situation(
        "radio", "chase", "contacted", "jobs", "organisation", 2, FITS | EMAIL | TELLS,
        {"vetted_on": -20, "last_contact": -10}, {"attempts": 1},
    ),
    Situation(
        "repair", "thank", "agreed", "repair", "community", 1, FITS | PHONE | EQUAL | APPROVED,
        {"vetted_on": -90, "last_contact": -5, "last_reply": -5, "meeting": -30, "event": -2,
         "published": -12},
    ),
    Situation(
        "college", "meet", "in_talks", "digital", "organisation", 2, FITS | EMAIL | EQUAL,
        {"vetted_on": -25, "last_contact": -5, "last_reply": -5, "meeting": 0},
    ),
    Situation(
        "theatre", "event_passed", "planning", "cafe", "organisation", 1,
        FITS | EMAIL | HELPS | APPROVED,
        {"vetted_on": -60, "last_contact": -12, "last_reply": -12, "meeting": -20, "event": -6,
         "published": -15},
    ),
    Situation(
        "coop", "keep_in_touch", "agreed", "repair", "organisation", 2, FITS | PHONE | HELPS,
        {"vetted_on": -120, "last_contact": -35, "last_reply": -35, "meeting": -60},
    ),
    Situation(
        "library", "publish", "agreed", "cafe", "organisation", 1,
        FITS | EMAIL | EQUAL | APPROVED,
        {"vetted_on": -80, "last_contact": -6, "last_reply": -6, "meeting": -25, "event": 12},
    ),
    Situation(
        "garden", "approve_photo", "planning", "garden", "community", 2, FITS | CHAT | EQUAL,
        {"vetted_on": -40, "last_contact": -4, "last_reply": -4, "meeting": -20, "event": 16},
        {}, ("phone", "link"),
    ),
    Situation(
        "museum", "agree_plan", "in_talks", "jobs", "organisation", 1, FITS | EMAIL,
        {"vetted_on": -28, "last_contact": -6, "last_reply": -6, "meeting": -2},
    ),
    Situation(
        "neighbours", "arrange_meeting", "in_talks", "digital", "community", 2, FITS | PHONE,
        {"vetted_on": -14, "last_contact": -3, "last_reply": -3},
    ),
    Situation(
        "bakery", "after_event", "agreed", "garden", "organisation", 1,
        FITS | PHONE | HELPS | APPROVED,
        {"vetted_on": -100, "last_contact": -13, "last_reply": -13, "meeting": -40, "event": -12,
         "published": -22, "thanked": -10},
    ),
    Situation(
        "seniors", "keep_in_touch", "planning", "digital", "community", 2,
        FITS | PHONE | EQUAL,
        {"vetted_on": -50, "last_contact": -10, "last_reply": -10, "meeting": -31, "event": 70},
        {"keep_in_touch": 14}, ("phone",),
    ),
    Situation("newspaper", "vet", "idea", "reading", "organisation", 1, EMAIL),
    Situation(
        "foundation", "discuss", "idea", "jobs", "organisation", 2,
        EMAIL | {"values_fit": "yes", "reputation": "unsure"}, {"vetted_on": -3},
    ),
    Situation(
        "makers", "find_contact", "idea", "repair", "community", 1, FITS, {"vetted_on": -2},
        {}, (),
    ),
    Situation(
        "swimming", "first_contact", "idea", "sports", "organisation", 2, FITS | EMAIL,
        {"vetted_on": -1, "event": 60}, {}, ("email", "link"),
    ),
    Situation(
        "workshop", "first_contact", "idea", "jobs", "person", None, FITS, {"vetted_on": -1},
        {}, ("phone",),
    ),
    Situation(
        "slots", "stop", "contacted", "cafe", "organisation", 1,
        PHONE | {"values_fit": "no", "reputation": "bad"}, {"vetted_on": -4, "last_contact": -4},
        {"attempts": 1}, ("phone",),
    ),
    Situation(
        "bank", "chase", "contacted", "digital", "organisation", 1, FITS | EMAIL | HELPS,
        {"vetted_on": -45, "last_contact": -16, "follow_up": 5}, {"attempts": 3},
    ),
    Situation(
        "scouts", "follow_up", "paused", "sports", "community", 2, FITS | CHAT,
        {"vetted_on": -400, "last_contact": -50, "last_reply": -48, "follow_up": 9},
    ),
    Situation(
        "university", "follow_up", "declined", "cafe", "organisation", 1, FITS | EMAIL,
        {"vetted_on": -380, "last_contact": -200, "last_reply": -195, "follow_up": 0},
    ),
    Situation(
        "hall", "fix_data", "contacted", "sports", "organisation", 2, FITS | PHONE,
        {"vetted_on": -10}, {"attempts": 1}, ("phone",),
    ),
    Situation(
        "market", "fix_data", "contacted", "garden", "community", 1, FITS | PHONE,
        {"vetted_on": -8}, {}, ("phone",),
    ),
    Situation(
        "orchestra", "idle", "paused", "cafe", "community", 2, FITS | EMAIL,
        {"vetted_on": -150, "last_contact": -70, "last_reply": -70}, {}, ("email",),
    ),
    Situation(
        "school", "closed", "done", "cafe", "organisation", 1,
        FITS | EMAIL | EQUAL | APPROVED,
        {"vetted_on": -200, "last_contact": -49, "last_reply": -52, "meeting": -100,
         "event": -50, "published": -64, "thanked": -49},
    ),
)  # fmt: skip
"""As a coordinator might have written them down: what cannot wait is not always on top."""


def sample_rows(today: date, language: Language) -> Sequence[Mapping[str, Value]]:
    """The sample partners as rows of a tracker: canonical key to what the cell says."""
    return [
        _row(situation, number, today, language)
        for number, situation in enumerate(SITUATIONS, start=1)
    ]


def sample_team(language: Language) -> tuple[Member, ...]:
    """The people who look after the sample partners, the coordinator first."""
    return tuple(
        Member(
            name=_text(f"owner.{owner}", language), email=_text(f"owner.{owner}.email", language)
        )
        for owner in OWNERS
    )


def _row(situation: Situation, number: int, today: date, language: Language) -> Mapping[str, Value]:
    row: dict[str, Value] = {
        "theme": _text(f"theme.{situation.theme}", language),
        **_reach(situation, number),
        **{key: today + timedelta(days=days) for key, days in situation.days.items()},
        **situation.numbers,
    }
    if situation.owner is not None:
        row["owner"] = _text(f"owner.{situation.owner}", language)
    choices = {**situation.choices, "type": situation.type, "stage": situation.stage}
    for key, choice in choices.items():
        row[key] = label(f"choice.{key}.{choice}", language)
    return {**row, **_texts(situation, language)}


def _reach(situation: Situation, number: int) -> Mapping[str, Value]:
    """Addresses and numbers that belong to nobody."""
    all_ways = {
        "email": f"{situation.id}@example.org",
        "phone": f"555 01{number:02}",
        "link": f"https://{situation.id}.example.org",
    }
    return {way: all_ways[way] for way in situation.reach}


def _texts(situation: Situation, language: Language) -> Mapping[str, Value]:
    """What the catalogues say of a partner; it may stand in for a choice or a day."""
    ids = {key: f"{situation.id}.{key}" for key in _TEXTS}
    return {key: _text(id_, language) for key, id_ in ids.items() if known(f"sample.{id_}")}


def _text(message: str, language: Language) -> str:
    return say(Sentence(f"sample.{message}"), language)
