"""From situations that reach every rule in each of its ways to all that is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from sheets_sync.model import Problem, Sentence
from sheets_sync.playbook import decide, done_when_obligation, find_obligations
from sheets_sync.wording import action, why
from tests.situations import context, partner

Cells = Mapping[str, object]

# Enough to reach every rule in each of its ways; what else may be filled in comes on top.
SITUATIONS: tuple[Cells, ...] = (
    *({"stage": stage, **bad, "verdict": "failed", "email": "a@example.org"}
      for stage in ("idea", "agreed")
      for bad in (
          {"values_fit": "no"},
          {"reputation": "bad"},
          {"values_fit": "no", "reputation": "bad"},
      )),
    {"stage": "planning", "event": -3},
    {"stage": "in_talks", "last_reply": -1, "attempts": 3},
    {"stage": "idea", "last_reply": -1, "attempts": 1},
    {"stage": "idea", "last_reply": -1, "attempts": 3},
    {"stage": "agreed", "meeting": 2},
    {"stage": "agreed", "meeting": 2, "plan": "we bake"},
    {"stage": "agreed", "event": -1, "last_contact": -9},
    {"stage": "planning", "event": 20, "last_contact": -1},
    {"stage": "planning", "event": 250, "last_contact": -1},
    {"stage": "planning", "event": 20, "published": -190},
    {"stage": "planning", "event": 20, "published": -9, "thanked": -8},
    *({**answers, "event": event, "verdict": "concern"}
      for event in (None, 50)
      for answers in (
          {"values_fit": "partly", "reputation": "good"},
          {"values_fit": "yes", "reputation": "unsure"},
          {"values_fit": "partly", "reputation": "unsure"},
      )),
    {}, {"event": 50},
    {"phone": "+358401234567"}, {"phone": "+358401234567", "event": 50},
    {"link": "https://example.org"},
    *({"stage": "contacted", "last_contact": -9, "attempts": attempts, **address}
      for attempts in (None, 2, 3, 4)
      for address in (
          {}, {"phone": "+358401234567"}, {"email": "a@example.org"}, {"link": "example.org"},
      )),
    {"stage": "in_talks", "last_contact": -9},
    {"stage": "in_talks", "last_contact": -9, "meeting": -3},
    {"stage": "agreed", "event": -9, "thanked": -8},
    {"stage": "agreed", "event": -9, "thanked": 0},
    {"stage": "planning", "last_contact": -9, "keep_in_touch": 9},
    {"verdict": "incomplete"}, {"verdict": "incomplete", "event": 50},
    {"verdict": "incomplete", "stage": "agreed"},
    *({"stage": stage} for stage in ("paused", "declined", "done", "in_talks")),
    {"stage": "done", "thanked": -9}, {"stage": "declined", "last_contact": -9},
)  # fmt: skip

MISSING: tuple[tuple[str, ...], ...] = (
    (),
    ("attempts",),
    ("last_contact",),
    ("follow_up",),
    ("keep_in_touch",),
    ("contact", "vetted_on"),
)


def people() -> Iterator[Cells]:
    """What may stand beside the situation: names, channels, and nothing at all."""
    kinds = (None, "organisation", "community", "person")
    channels = (None, "phone", "email", "chat", "meeting")
    for kind, channel in product(kinds, channels):
        yield {"type": kind, "channel": channel}
    for introduced_by, benefit in product((None, "Dana"), (None, "more visitors")):
        for channel in channels:
            yield {"channel": channel, "introduced_by": introduced_by, "partner_benefit": benefit}
    yield {"contact": "Aino", "theme": "Food"}


def said_of(cells: Cells, missing: tuple[str, ...]) -> Iterator[Sentence]:
    """All that is said of such a partner, of each obligation."""
    situation = context(without=missing)
    someone = partner(**{**cells, **dict.fromkeys(missing)})
    found = decide(someone, (), situation)
    yield found.why
    for one in find_obligations(someone, situation).values():
        yield action(one, someone, situation)
        yield why(one, someone, situation)
        yield done_when_obligation(one, someone, situation)


def everything_said() -> Iterator[Sentence]:
    """The sentences of all situations, with and without a day to come back."""
    for cells in SITUATIONS:
        for beside in people():
            yield from said_of({**cells, **beside}, ())
        for missing, follow_up in product(MISSING, (None, 9)):
            yield from said_of({**cells, "follow_up": follow_up}, missing)
    blocked = Problem(2, "event", "unreadable_date", "soon", blocking=True)
    found = decide(partner(), (blocked,), context())
    assert found.action is not None
    yield found.action
    yield found.why
