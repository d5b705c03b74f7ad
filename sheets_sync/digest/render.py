"""From the content of a digest to its HTML and its plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from sheets_sync.digest.audience import recipient_of
from sheets_sync.digest.drafts import Link, draft_links
from sheets_sync.digest.sections import Section, total
from sheets_sync.model import Decision, Fact, Language, Member, Origin, Sentence, Settings, Theme
from sheets_sync.playbook import Context, done_when
from sheets_sync.summary import count
from sheets_sync.texts import label, say
from sheets_sync.texts.cleaning import clean, fold, isolate, shorten
from sheets_sync.vetting import problem_sentence

MAX_CELL = 200
"""At most so many characters of a cell are shown."""

_COLOURS = {"overdue": "#b3261e", "due_today": "#8a5a00", "week": "#1b6e3c"}
_ISOLATE, _END = "\u2068", "\u2069"


class Content(NamedTuple):
    """All that one digest tells. ``language`` is the reader's, the actions' is the tracker's.

    ``everybody`` holds all decisions for the coordinator, and nothing for others.
    """

    language: Language
    tracker_language: Language
    today: date
    member: Member
    sections: Sequence[Section]
    context: Context
    origin: Origin
    everybody: Sequence[Decision]
    themes: Sequence[Theme]
    settings: Settings
    test: bool


class Line(NamedTuple):
    """One partner in a section, every text safe to show but not yet escaped."""

    partner: str
    action: str | None
    due: str | None
    late: str | None
    why: str
    done: str | None
    contact: str | None
    owner: str | None
    problems: Sequence[str]
    place: str
    url: str | None
    links: Sequence[tuple[Link, str]]


class Bar(NamedTuple):
    """One part of the bar at the top: its share of the width in percent."""

    name: str
    number: int
    share: int
    colour: str
    words: str


class OwnerCount(NamedTuple):
    """How one member stands, for the coordinator."""

    name: str
    overdue: int
    due_today: int
    open: int


def render_html(content: Content) -> str:
    """The digest as an HTML document with inline styles and no remote parts."""
    return _templates().get_template("digest.html.j2").render(_view(content))


def render_text(content: Content) -> str:
    """The digest as plain text."""
    return _templates().get_template("digest.txt.j2").render(_view(content)).strip() + "\n"


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["bdi"] = bdi
    return templates


def bdi(text: str) -> Markup:
    """Text escaped, its isolated parts as ``<bdi>`` elements."""
    escaped = str(escape(text))
    if escaped.count(_ISOLATE) != escaped.count(_END):
        return Markup(escaped)  # noqa: S704 - escaped on the line above
    marked = escaped.replace(_ISOLATE, "<bdi>").replace(_END, "</bdi>")
    return Markup(marked)  # noqa: S704 - escaped, and only bdi elements added


def _view(content: Content) -> dict[str, object]:
    def words(message: str, **facts: Fact) -> str:
        return say(Sentence(f"digest.{message}", facts), content.language)

    return {
        "content": content,
        "words": words,
        "direction": _direction(content.language),
        "tracker_direction": _direction(content.tracker_language),
        "sections": [
            (section, [*_lines(section, content)], _COLOURS.get(section.name, "#3d4b5c"))
            for section in content.sections
        ],
        "bars": _bars(content),
        "owners": [*_owner_counts(content)],
    }


def _direction(language: Language) -> str:
    return "rtl" if language == "he" else "ltr"


def _lines(section: Section, content: Content) -> Iterator[Line]:
    for decision in section.decisions:
        yield _line(decision, content)


def _line(decision: Decision, content: Content) -> Line:
    partner, obligation = decision.partner, decision.obligation
    tracker, reader = content.tracker_language, content.language
    done = done_when(decision, content.context)
    due = obligation.due if obligation else None
    late = decision.days_overdue
    origin = content.origin
    place: dict[str, Fact] = {"place": origin.place, "row": partner.row}
    return Line(
        partner=cell(partner.partner, reader) or say(Sentence("digest.nameless"), reader),
        action=say(decision.action, tracker) if decision.action else None,
        due=say(Sentence("digest.due", {"day": due}), reader) if due else None,
        late=say(Sentence("digest.late", {"n": late}), reader) if late else None,
        why=say(decision.why, tracker),
        done=say(done, tracker) if done else None,
        contact=_contact(decision, reader),
        owner=_owner(decision, content.member, reader),
        problems=[say(problem_sentence(problem), tracker) for problem in decision.problems],
        place=say(Sentence("digest.place", place), reader),
        url=origin.row_url.format(row=partner.row) if origin.row_url else None,
        links=[(link, _link_words(link, reader)) for link in draft_links(decision, tracker)],
    )


def cell(text: str | None, language: Language) -> str:
    """People's text as it may be shown: one line, no control or bidi characters, not too long."""
    return isolate(shorten(clean(text), MAX_CELL), language) if text else ""


def _link_words(link: Link, language: Language) -> str:
    return say(Sentence(f"digest.link.{link.kind}", {"address": link.address}), language)


def _contact(decision: Decision, language: Language) -> str | None:
    """Who to reach and how: person, channel, address and number, as far as they are known."""
    partner = decision.partner
    channel = label(f"choice.channel.{partner.channel}", language) if partner.channel else None
    parts = (partner.contact, channel, partner.email, partner.phone)
    return " · ".join(cell(part, language) for part in parts if part) or None


def _owner(decision: Decision, member: Member, language: Language) -> str | None:
    """Whose row it is, where that is not the reader."""
    owner = decision.partner.owner
    if not owner or fold(owner) in {fold(member.name), fold(member.email)}:
        return None
    return say(Sentence("digest.owned", {"name": cell(owner, language)}), language)


def _bars(content: Content) -> Sequence[Bar]:
    numbers = {name: total(content.sections, name) for name in _COLOURS}
    whole = sum(numbers.values())
    return [
        Bar(
            name,
            number,
            max(8, round(100 * number / whole)),
            _COLOURS[name],
            say(Sentence(f"digest.count.{name}", {"n": number}), content.language),
        )
        for name, number in numbers.items()
        if number
    ]


def _owner_counts(content: Content) -> Iterator[OwnerCount]:
    """For the coordinator: each member's numbers, those who have any."""
    by_name: dict[str, list[Decision]] = {member.name: [] for member in content.settings.team}
    for decision in content.everybody:
        member = recipient_of(decision.partner.owner, content.settings)
        if member:
            by_name[member.name].append(decision)
    for name, decisions in by_name.items():
        numbers = count(decisions)
        still_open = len(decisions) - numbers["closed"] - numbers["idle"]
        if decisions:
            yield OwnerCount(name, numbers["overdue"], numbers["due_today"], still_open)
