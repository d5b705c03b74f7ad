"""Random rows of partners, as people type them: tidy or not, with days where the rules turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple

from sheets_sync.model import Cell, PlaybookSettings
from tests.agreement.tables import CHOICES, DATES, PEOPLE

Cells = dict[str, Any]
"""A row: canonical key -> cell; what is not named is blank."""


def one_in(number: int, chance: Random) -> bool:
    """Whether it happens this time."""
    return chance.randrange(number) == 0


MARKS = ("{}", "{}", "{}", " {} ", "\u200f{}\u200e", "{}:", "{}\u00a0", "\u202b{}\u202c", "({})")


def disguised(text: str, chance: Random) -> str:
    """Write a text as somebody might who means the same."""
    if not one_in(3, chance):
        return text
    text = chance.choice((str, str.upper, str.lower, str.swapcase))(text)
    spaces = chance.choice((" ", "  ", "\u00a0", "\n", " \u200b", "-"))
    return str(chance.choice(MARKS)).format(text.replace(" ", spaces))


NAMES = ("Acme", "Kahvila Aalto", "Kylän nuoret", "מתנ״ס הדר", "Straße 7", "Café Ile", "Library")
THEMES = ("Food aid", "Sport", "קריאה", "Kesäleiri")
OWNERS = ("Aino Virtanen", "aino@example.org", "דנה לוי", "Bob", "AINO@example.org")
BENEFITS = (
    "Visibility",
    "New members for the club",
    "A hall for sixty people",
    "נראות בקרב משפחות צעירות",
)
WORDS = ("Dana", "They bring the chairs", "Aino, from the library", "מביאים כיסאות")
EMAILS = (
    *("info@example.org", "INFO@example.org", "dana+1@example.com", "דנה@example.org"),
    *("eli@example.org", "sari@example.com", "dana@", "a@b@c"),
)
PHONES = ("+358 40 123 4567", "040 123 4567", "052-123-4567", 401234567, "0401234567", "12", "ask")
LINKS = (
    *("https://example.org/a", "HTTP://EXAMPLE.ORG", "example.org", "www.example.com/b?c=d"),
    *("https://example.org/a#b", "ftp://x", "two words"),
)
POOLS: dict[str, Sequence[Cell]] = {
    "partner": NAMES,
    "theme": THEMES,
    "owner": OWNERS,
    "partner_benefit": BENEFITS,
    "our_benefit": BENEFITS,
    "email": EMAILS,
    "phone": PHONES,
    "link": LINKS,
    "contact": WORDS,
    "introduced_by": WORDS,
    "plan": WORDS,
    "notes": WORDS,
}
ODD: Sequence[Cell] = (
    *("#REF!", "#N/A", "?", "-", "  ", "\u200f", "\u00a0", "soon", "TRUE", "no", "Contactd"),
    *(0, 1, 2.5, -3, 19999, 46347, 80001, 1e9, "3", "12.5"),
    *(True, False, date(2026, 11, 21), datetime(1950, 1, 1), date(2119, 1, 12)),  # noqa: DTZ001
    *("1.2.2027", "2027-02-30", "2027-2-3", "31/12/2026", "1.2.27", "12/31/2026", "31-12-2026"),
)
ATTEMPTS: Sequence[Cell] = (None, None, 0, 1, 2, 3, "3", 4.0, 9, 2, 2.5, "two", -1, 1001)
EVERY: Sequence[Cell] = (None, None, None, None, 1, 10, "30", 40.0, 0, 3651)
NEARLY = ("Contactd", "Co organisr", "puhelinsoitto", "ארגונים", "yes no")
BLANKS: Sequence[Cell] = (None, None, None, False, "", " \u00a0")
STAGES = (
    *("idea", "idea", "contacted", "contacted", "in_talks", "in_talks", "planning", "planning"),
    *("agreed", "agreed", "agreed", "done", "done", "paused", "paused", "declined"),
)


ANSWERS = {
    "passed": ("yes", "good"),
    "concern": ("partly", "good"),
    "doubt": ("yes", "unsure"),
    "failed": ("no", "good"),
    "worse": ("yes", "bad"),
}


class Aim(NamedTuple):
    """What brings a rule about: stages, days that are there, cells that are not."""

    stages: Sequence[str]
    dated: Sequence[str] = ()
    blank: Sequence[str] = ()
    answers: Sequence[str] = ("passed", "passed", "passed", "passed", "passed", *ANSWERS)


ANYTHING = Aim(STAGES)
AIMS = (
    Aim(["idea"], ["event"], ["contact", "email", "phone", "link"]),
    Aim(["idea"], [], ["contact", "email", "phone", "link", "last_contact"]),
    Aim(["idea", "idea", "contacted"], [], ["values_fit", "last_contact"]),
    Aim(["idea"], [], ["last_contact", "last_reply"], ["concern", "doubt"]),
    Aim(["idea", "idea", "contacted"], [], ["last_contact", "last_reply"]),
    Aim(["contacted", "in_talks"], ["last_contact"], ["meeting", "last_reply"]),
    Aim(["contacted", "in_talks"], ["last_contact", "last_reply"], ["meeting"]),
    Aim(["contacted", "in_talks", "planning"], ["last_contact", "meeting"], ["plan"]),
    Aim(["planning", "agreed"], ["last_contact", "event"], ["published"]),
    Aim(["planning", "agreed"], ["last_contact", "event", "published"], ["thanked"]),
    Aim(["planning", "agreed"], ["event", "published", "thanked"], ["photo_approved"]),
    Aim(["agreed", "agreed", "done"], ["event", "thanked"], ["last_contact", "last_reply"]),
    Aim(["agreed"], ["event", "thanked"], ["last_contact", "last_reply", "meeting"]),
    Aim(["agreed", "done"], ["event", "last_contact"], ["thanked"]),
    Aim(["idea", "planning", "paused"], ["last_contact", "last_reply"], ["thanked"]),
    Aim(["done", "paused", "declined"], ["follow_up"]),
    Aim(["done", "declined"], ["last_contact", "last_reply", "thanked", "vetted_on"]),
    Aim(["contacted", "in_talks"], ["meeting", "last_contact"], ["plan", "event"]),
)


def offset(limits: Sequence[int], chance: Random) -> int:
    """Pick a number of days: on a limit, a day off, or anywhere near."""
    if one_in(4, chance):
        return chance.randint(-3, 45)
    return chance.choice(limits) + chance.choice((0, 0, 1, -1))


def days_of(numbers: PlaybookSettings, today: date, chance: Random) -> dict[str, date]:
    """Pick a day for each date column, so that they lie to each other as the rules ask."""
    waits = [0, 1, 3, numbers.arrange_within, numbers.keep_in_touch, 30, *numbers.chase_after]
    behind = offset([1, numbers.thank_for, numbers.after_event_within], chance)
    ahead = offset([0, 7, numbers.publish_before, numbers.first_contact_lead], chance)
    event = chance.choice((-behind, ahead))
    contact = min(-offset(waits, chance), 0)
    reply = min(chance.choice((contact, contact + 1, contact - 1, contact + 3, -30, -31, -1)), 0)
    leads = (181, 180, 179, numbers.publish_before, 0, 30)
    published = event - chance.choice(leads) + chance.choice((-1, 0, 1))
    thanked = min(chance.choice((event, event - 1, event + 1, published, contact)), 0)
    meeting = chance.choice((-9, -1, -1, 0, 1, 8, contact, contact + 1))
    follow_ups = (contact, reply, thanked, max(contact, reply, thanked) + 1, -1, 0, 1, meeting, 12)
    found = {
        "event": event,
        "last_contact": contact,
        "last_reply": reply,
        "published": published,
        "thanked": thanked,
        "meeting": meeting,
        "follow_up": chance.choice(follow_ups),
        "vetted_on": chance.choice((-1, 0, 1)) - numbers.revet_after,
    }
    if one_in(5, chance):
        past = ("last_contact", "last_reply", "thanked", "vetted_on")
        found[chance.choice(past)] = chance.choice((1, 2, 40))
    return {key: today + timedelta(days=number) for key, number in found.items()}


def day_as_typed(day: date, date_system: int, chance: Random) -> Cell:
    """Write a day in one of the many ways, most of them right."""
    zero = date(1899, 12, 30) if date_system == 1900 else date(1904, 1, 1)
    ways: tuple[Cell, ...] = (
        *[day] * 6,
        datetime.combine(day, time(13, 30)),
        datetime.combine(day, time()),
        (day - zero).days,
        (day - zero).days + 0.5,
        day.isoformat(),
        f" {day.isoformat()}\u200f",
    )
    if one_in(15, chance):
        ways = (
            f"{day.day}.{day.month}.{day.year}",
            f"{day.day:02}.{day.month:02}.{day.year}",
            f"{day.day}/{day.month}/{day.year}",
            f"{day.month}/{day.day}/{day.year}",
            f"{day.day}.{day.month}.{day.year % 100:02}",
            f"{day.day:02}-{day.month:02}-{day.year}",
        )
    return chance.choice(ways)


def choice_as_typed(column: str, choice: str, chance: Random) -> Cell:
    """Write a choice in any language, by a further name or by its key."""
    return disguised(chance.choice((choice, *CHOICES[column][choice])), chance)


def pooled(column: str, chance: Random) -> Cell:
    """Pick one of a few texts, so that rows resemble each other."""
    cell = chance.choice(POOLS[column])
    if isinstance(cell, str) and column in ("partner", "theme", "owner", "partner_benefit"):
        cell = disguised(cell, chance)
    return cell


def answers(answer: str, chance: Random) -> Cells:
    """Answer the four questions so that this verdict comes of it."""
    values, reputation = ANSWERS[answer]
    return {
        "values_fit": choice_as_typed("values_fit", values, chance),
        "reputation": choice_as_typed("reputation", reputation, chance),
        "partner_benefit": pooled("partner_benefit", chance),
        "our_benefit": pooled("our_benefit", chance),
    }


def choices(stage: str, chance: Random) -> Cells:
    """Choose in each column of choices, seldom something that is none."""
    cells: Cells = {"stage": choice_as_typed("stage", stage, chance)}
    for key in ("type", "channel", "role", "photo_approved"):
        choice = chance.choice((None, *CHOICES[key]))
        cells[key] = choice_as_typed(key, choice, chance) if choice else None
    if one_in(8, chance):
        cells[chance.choice(list(cells))] = chance.choice(NEARLY)
    return cells


def filled_row(numbers: PlaybookSettings, today: date, date_system: int, chance: Random) -> Cells:
    """Fill in a partner, most cells as the columns ask."""
    aim = chance.choice((ANYTHING, ANYTHING, *AIMS))
    days = days_of(numbers, today, chance)
    cells: Cells = {}
    for key in DATES:
        if key in aim.dated or one_in(2 if aim is ANYTHING else 10, chance):
            cells[key] = day_as_typed(days[key], date_system, chance)
    for key in POOLS:
        if not one_in(16 if key == "partner" else 4, chance):
            cells[key] = pooled(key, chance)
    cells |= choices(chance.choice(aim.stages), chance)
    cells |= answers(chance.choice(aim.answers), chance)
    cells["attempts"] = chance.choice(ATTEMPTS)
    cells["keep_in_touch"] = chance.choice(EVERY)
    return cells | dict.fromkeys(aim.blank)


def row(numbers: PlaybookSettings, today: date, date_system: int, chance: Random) -> Cells:
    """Draw a row: a partner, mostly; at times with gaps, odd cells, or nothing at all."""
    kind = chance.choice((*["tidy"] * 5, "gaps", "odd", "empty"))
    cells = filled_row(numbers, today, date_system, chance)
    if kind == "gaps":
        for key in chance.sample(list(PEOPLE), chance.randint(1, 8)):
            cells[key] = chance.choice(BLANKS)
    if kind == "odd":
        for key in chance.sample(list(PEOPLE), chance.randint(1, 3)):
            cells[key] = chance.choice(ODD)
    if kind == "empty":
        box = chance.choice((False, "FALSE"))
        return {"photo_approved": box, "notes": "call the town hall"} if one_in(2, chance) else {}
    return cells
