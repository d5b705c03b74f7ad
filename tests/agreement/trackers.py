"""Random trackers, as people keep them: tidy or not, with days where the rules change their mind.

Days lie around today and around the limits that the settings draw, so that every rule fires
often, and often just not; ``pytest -s tests/agreement/test_agreement.py`` prints how often.
Hypothesis draws the frame and a seed a row: it can leave rows out, and stays quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Literal, NamedTuple

from hypothesis import strategies as st

from sheets_sync.model import Cell, Member, PlaybookSettings, Settings
from tests.agreement.random_rows import Cells, disguised, one_in, row
from tests.agreement.tables import HEADER_ALIASES, LANGUAGES, MANAGED, PEOPLE, STATUS_LABELS


class Tracker(NamedTuple):
    """A sheet's cells from row 1 down, and what they are judged by."""

    grid: list[list[Cell]]
    settings: Settings
    today: date
    date_system: Literal[1900, 1904]


TODAYS = (
    date(2026, 11, 18),  # a Wednesday
    date(2026, 11, 21),  # a Saturday
    date(2026, 11, 15),  # a Sunday
    date(2026, 12, 24),  # Christmas Eve
    date(2027, 1, 1),
    date(2026, 6, 18),  # before the Finnish Midsummer
    date(2026, 9, 11),  # before the Jewish New Year
    date(2027, 4, 22),  # Passover
    date(2028, 2, 29),
)
TEAM = (
    Member(name="Aino Virtanen", email="aino@example.org"),
    Member(name="דנה לוי", email="Dana@example.org"),
)
NUMBERS_OF_THE_PLAYBOOK = st.builds(
    PlaybookSettings,
    reply_within=st.integers(0, 3),
    chase_after=st.lists(st.integers(1, 20), min_size=1, max_size=5).map(tuple),
    arrange_within=st.integers(0, 9),
    plan_within=st.integers(0, 5),
    keep_in_touch=st.integers(0, 40),
    publish_before=st.integers(0, 10),
    photo_before_publish=st.integers(0, 5),
    thank_within=st.integers(0, 3),
    thank_for=st.integers(0, 70),
    after_event_within=st.integers(0, 20),
    first_contact_lead=st.integers(0, 60),
    revet_after=st.integers(0, 400),
    candidates_per_theme=st.integers(0, 4),
)
SETTINGS = st.builds(
    Settings,
    language=st.sampled_from((None, None, None, *LANGUAGES)),
    country=st.sampled_from((None, "FI", "IL")),
    date_formats=st.sampled_from(((), (), ("%d.%m.%y",), ("%m/%d/%Y", "%d-%m-%Y"), ("%m.%d.%Y",))),
    team=st.sampled_from(((), TEAM)),
    playbook=st.one_of(st.just(PlaybookSettings()), NUMBERS_OF_THE_PLAYBOOK),
)


def headers_of(keys: Sequence[str], chance: Random) -> list[str]:
    """Name columns: mostly in one language, at times in another, by an alias or by the key."""
    main = chance.choice((0, 1, 2))
    mixed = one_in(2, chance)
    headers = []
    for key in keys:
        labels = {**PEOPLE, **MANAGED}[key]
        names = [labels[main]]
        if mixed:
            names = [labels[main], *labels, key, *HEADER_ALIASES.get(key, ())[:8]]
        headers.append(disguised(chance.choice(names), chance))
    return headers


def columns(chance: Random) -> list[str]:
    """Pick the columns that exist: all, all but a few, or only a few."""
    optional = [key for key in (*PEOPLE, *MANAGED) if key not in NEEDED]
    share = chance.choice((1, 1, 0.85, 0.5, 0.15))
    return [*NEEDED, *(key for key in optional if chance.random() < share)]


NEEDED = ("partner", "stage", "status", "next_action", "due")

TITLES: Sequence[list[Cell]] = (
    [],
    ["Our partners 2026"],
    ["Partner", "and more"],
    [None, date(2026, 1, 1), "Stage", 3],
)
UNKNOWN: Sequence[Cell] = ("Budget", "Town", None, 42, "Next step", "#REF!", "Owner's boss")


def managed_cells(chance: Random) -> Cells:
    """Make up what an earlier run left in a row; the Status cell shows whose columns they are."""
    label = chance.choice([name for names in STATUS_LABELS.values() for name in names])
    junk = (None, "old", 7, date(2026, 1, 1), True)
    return {key: chance.choice(junk) for key in MANAGED} | {"status": label}


@st.composite
def trackers(draw: st.DrawFn) -> Tracker:
    """Draw a whole tracker with settings and a day."""
    today = draw(st.sampled_from(TODAYS))
    settings = draw(SETTINGS)
    date_system = draw(DATE_SYSTEMS)
    seed, seeds = draw(SEED), draw(SEEDS)
    frame = Random(seed)  # noqa: S311  (no secrets here)
    chances = [Random(f"{seed} {number}") for number in seeds]  # noqa: S311
    people = [row(settings.playbook, today, date_system, chance) for chance in chances]
    if one_in(4, frame):
        people = [{**cells, **managed_cells(frame)} for cells in people]
    return Tracker(sheet_of(people, frame), settings, today, date_system)


DATE_SYSTEMS: st.SearchStrategy[Literal[1900, 1904]] = st.sampled_from((1900, 1904))
PART = st.sampled_from(range(100))
SEED = st.tuples(PART, PART, PART, PART).map(str)
"""In parts, because Hypothesis likes to repeat itself: so it seldom repeats the whole."""
SEEDS = st.lists(PART, min_size=1, max_size=15)
"""A seed a row: the same one twice in a tracker makes the same row twice."""


def sheet_of(people: Sequence[Cells], chance: Random) -> list[list[Cell]]:
    """Lay rows out under a header, with what else stands in people's sheets."""
    keys = columns(chance)
    headed: list[tuple[str | None, Cell]] = [*zip(keys, headers_of(keys, chance), strict=True)]
    headed += [(None, chance.choice(UNKNOWN)) for _ in range(chance.randint(0, 2))]
    if one_in(2, chance):
        chance.shuffle(headed)
    grid = [list(chance.choice(TITLES)) for _ in range(chance.randint(0, 2))]
    grid.append([header for _, header in headed])
    for cells in people:
        line = ["x" if key is None else cells.get(key) for key, _ in headed]
        short = "status" not in cells and one_in(20, chance)
        grid.append(line[: chance.randint(0, len(line))] if short else line)
    return grid
