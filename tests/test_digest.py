"""The digest: who gets one, what stands in it in which order, and that text stays text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.digest import make_messages, trial_message
from sheets_sync.mail import as_email
from sheets_sync.model import Member, Message, Origin
from sheets_sync.texts.cleaning import INVISIBLE
from tests.digest_support import (
    AINO,
    DANA,
    TODAY,
    VETTED,
    digests,
    overdue,
    settings,
    upcoming,
)

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a\r\nBcc: victim@example.com",
    "a@x.example, b@y.example",
    "\u202egnp.exe\u202c",
    "zero\u200bwidth",
    "x" * 10_000,
    '=HYPERLINK("http://evil.example")',
    "{{ 7 * 7 }} {partner}",
    "\x1b[31mred\x1b[0m",
    "javascript:alert(1)",
]


def names(messages: Sequence[Message]) -> list[str]:
    """Who gets a mail."""
    return [message.recipient.name for message in messages]


class Page(HTMLParser):
    """What a mail program would see: tags, links, and the text."""

    def __init__(self, html: str) -> None:
        """Read the whole page."""
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and where it leads."""
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.sources += [value or "" for name, value in attrs if name == "src"]

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.words.append(data)


def test_each_member_is_told_of_their_own_partners() -> None:
    messages = make_messages(
        digests([overdue("Choir", "Aino Virtanen"), overdue("Museum", "dana levi")])
    )

    assert names(messages) == ["Aino Virtanen", "Dana Levi"]
    assert "Choir" in messages[0].text
    assert "Museum" not in messages[0].text


def test_an_owner_may_be_named_by_address() -> None:
    messages = make_messages(digests([overdue("Choir", "Dana@Example.org")]))

    assert names(messages) == ["Dana Levi"]


def test_whose_row_it_is_is_told_to_a_reader_who_is_somebody_else() -> None:
    rows = [
        overdue("Choir", "aino virtanen"),
        overdue("Museum", "dana levi"),
        overdue("Bakery", "Dana@Example.org"),
        overdue("Theatre", "Matti"),
    ]
    team = settings(AINO, DANA, coordinator="Aino Virtanen")
    aino, dana = (message for message in make_messages(digests(rows, team)))
    told = {line.strip() for line in aino.text.splitlines() if "Owner:" in line}
    assert told == {"Owner: Dana@Example.org", "Owner: Matti", "Owner: dana levi"}
    assert "Owner: " in aino.html
    assert "Owner:" not in dana.text


def test_nobody_gets_a_mail_when_nothing_is_due() -> None:
    assert make_messages(digests([upcoming("Choir", "Aino Virtanen")])) == []


def test_something_due_today_causes_a_mail() -> None:
    row = upcoming("Choir", "Aino Virtanen", meeting=TODAY)

    assert names(make_messages(digests([row]))) == ["Aino Virtanen"]


def test_a_snoozed_row_causes_no_mail() -> None:
    row = {
        "partner": "Choir",
        "owner": "Aino Virtanen",
        "stage": "Contacted",
        "last_contact": date(2026, 10, 1),
        "follow_up": date(2026, 12, 1),
        **VETTED,
    }

    assert make_messages(digests([row])) == []


def test_the_coordinator_is_told_of_everybody() -> None:
    chosen = settings(AINO, DANA, coordinator="Dana Levi")
    messages = make_messages(
        digests([overdue("Choir", "Aino Virtanen"), overdue("Museum")], chosen)
    )

    assert names(messages) == ["Aino Virtanen", "Dana Levi"]
    assert "Choir" in messages[1].text
    assert "Museum" in messages[1].text
    assert "How everybody stands" in messages[1].text
    assert "How everybody stands" not in messages[0].text


def test_rows_without_a_known_owner_are_nobodys_without_a_coordinator() -> None:
    assert make_messages(digests([overdue("Choir", "Somebody Else")])) == []


def test_thin_themes_are_for_the_coordinator() -> None:
    chosen = settings(AINO, coordinator="Aino Virtanen")
    (message,) = make_messages(digests([overdue("Choir", theme="Spring fair")], chosen))

    assert "For Spring fair there is 1 live partner." in message.text


def test_an_all_clear_goes_out_on_its_day_only() -> None:
    quiet = [upcoming("Choir", "Aino Virtanen")]

    assert names(make_messages(digests(quiet, settings(AINO, all_clear=0)))) == ["Aino Virtanen"]
    assert make_messages(digests(quiet, settings(AINO, all_clear=1))) == []


def test_the_subject_has_the_numbers_first_and_the_trackers_name() -> None:
    rows = [overdue("A", "Aino Virtanen"), upcoming("B", "Aino Virtanen", meeting=TODAY)]
    (message,) = make_messages(digests(rows))

    assert message.subject == "1 overdue, 1 due today - Partners"


def test_the_longest_overdue_stands_first() -> None:
    rows = [
        overdue("Late", "Aino Virtanen", last_reply=date(2026, 11, 12)),
        overdue("Later", "Aino Virtanen", last_reply=date(2026, 10, 12)),
    ]
    (message,) = make_messages(digests(rows))

    assert message.text.index("* Later") < message.text.index("* Late ")


def test_sections_stand_in_the_order_of_urgency() -> None:
    rows = [
        {"partner": "Idea", "owner": "Aino Virtanen", **VETTED, "reputation": None},
        upcoming("Soon", "Aino Virtanen"),
        upcoming("Today", "Aino Virtanen", meeting=TODAY),
        overdue("Past", "Aino Virtanen", email="not an address"),
    ]
    (message,) = make_messages(digests(rows))

    headings = re.findall(r"== (.*?) ==", message.text)
    assert headings == [
        "Overdue: 1",
        "Due today: 1",
        "In the next seven days: 1",
        "To do, no fixed day: 1",
        "Please check these rows: 1",
    ]


def test_what_does_not_fit_a_section_is_counted() -> None:
    rows = [overdue(f"Partner {number}", "Aino Virtanen") for number in range(7)]
    (message,) = make_messages(digests(rows, settings(AINO, max_items=5)))

    assert message.text.count("* Partner") == 5
    assert "and 2 more in the tracker" in message.text


def test_a_member_may_want_fewer_items() -> None:
    rows = [overdue(f"Partner {number}", "Aino Virtanen") for number in range(7)]
    brief = Member(name="Aino Virtanen", email="aino@example.org", max_items=2)
    (message,) = make_messages(digests(rows, settings(brief)))

    assert message.text.count("* Partner") == 2


def test_a_long_digest_is_cut_until_a_mail_program_shows_it_whole() -> None:
    rows = [overdue(f"Partner {number} " + "x" * 150, "Aino Virtanen") for number in range(400)]
    (message,) = make_messages(digests(rows, settings(AINO, max_items=400)))

    assert len(message.html.encode()) <= 100_000
    assert "more in the tracker" in message.html


def test_each_line_says_how_to_tick_it_off() -> None:
    (message,) = make_messages(digests([overdue("Choir", "Aino Virtanen")]))

    assert "✓ Put the day" in message.text
    assert "✓ Put the day" in message.html


def test_the_same_mail_made_twice_has_the_same_id() -> None:
    (first,) = make_messages(digests([overdue("Choir", "Aino Virtanen")]))
    (second,) = make_messages(digests([overdue("Museum", "Aino Virtanen")]))

    assert first.message_id == second.message_id
    assert first.sent_at.isoformat() == "2026-11-23T07:30:00+02:00"


def test_a_test_mail_says_so_and_has_an_id_of_its_own() -> None:
    made = digests([overdue("Choir", "Aino Virtanen")])
    (usual,) = make_messages(made)
    test = trial_message(made, AINO)

    assert test.subject.startswith("Test: ")
    assert test.message_id != usual.message_id


def test_a_row_of_a_google_sheet_can_be_opened_from_the_mail() -> None:
    origin = Origin(
        "id", "Partners", "Partners", "https://docs.example.com/d/1/edit#gid=0&range=A{row}"
    )
    (message,) = make_messages(digests([overdue("Choir", "Aino Virtanen")], origin=origin))

    assert "https://docs.example.com/d/1/edit#gid=0&range=A2" in Page(message.html).links


def test_a_mail_draft_comes_with_a_subject_and_a_body() -> None:
    row = overdue("Choir", "Aino Virtanen", email="choir@example.org", contact="Pia")
    (message,) = make_messages(digests([row]))

    (link,) = [it for it in Page(message.html).links if it.startswith("mailto:")]
    assert link.startswith("mailto:choir@example.org?subject=Thank%20you")
    assert "Hello%20Pia" in link


def test_a_call_can_be_started_from_the_mail() -> None:
    row = overdue("Choir", "Aino Virtanen", phone="+358 40 123 4567", channel="Phone")
    (message,) = make_messages(digests([row]))

    assert "tel:+358401234567" in Page(message.html).links


def test_an_address_that_is_none_becomes_no_link() -> None:
    row = overdue("Choir", "Aino Virtanen", email="a@x.example, b@y.example", phone="call me")
    (message,) = make_messages(digests([row]))

    assert Page(message.html).links == []


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize(
    "column", ["partner", "contact", "owner", "theme", "partner_benefit", "email"]
)
def test_text_of_a_cell_stays_text(column: str, nasty: str) -> None:
    row = {**overdue("Choir", "Aino Virtanen"), column: nasty}
    chosen = settings(AINO, DANA, coordinator="Aino Virtanen")
    messages = make_messages(digests([row], chosen))
    plain = make_messages(digests([overdue("Choir", "Aino Virtanen")], chosen))

    assert messages
    for message in messages:
        page = Page(message.html)
        assert page.tags <= Page(plain[0].html).tags | {"a", "bdi"}
        assert page.sources == []
        assert all(link.startswith(("mailto:", "tel:")) for link in page.links)
        assert not set("\r\x1b\x00") & set(message.text + message.html)
        assert not (set(INVISIBLE) - {"\u2068", "\u2069"}) & set(message.text + message.html)
        assert "x" * 201 not in message.text
        mail = as_email(message, "Partners <partners@example.org>")
        assert [it.addr_spec for it in mail["To"].addresses] == [message.recipient.email]
        assert mail["Bcc"] is None


@given(owner=st.text(max_size=40), email=st.text(max_size=40), partner=st.text(max_size=40))
def test_nobody_outside_the_team_is_ever_mailed(owner: str, email: str, partner: str) -> None:
    rows = [overdue(partner, owner, email=email), overdue("Choir", "Aino Virtanen")]
    messages = make_messages(digests(rows, settings(AINO, DANA, coordinator="Dana Levi")))

    assert {message.recipient.email for message in messages} <= {AINO.email, DANA.email}


def test_a_hebrew_reader_gets_a_page_from_right_to_left() -> None:
    reader = Member(name="Dana Levi", email="dana@example.org", language="he")
    (message,) = make_messages(digests([overdue("Choir", "Dana Levi")], settings(reader)))

    assert '<html lang="he" dir="rtl">' in message.html
    assert "<bdi>" in message.html
    assert '<div dir="ltr" lang="en">' in message.html


def test_no_part_of_the_page_comes_from_elsewhere() -> None:
    (message,) = make_messages(digests([overdue("Choir", "Aino Virtanen")]))

    assert "http" not in message.html.replace("https://docs", "")
    assert "@import" not in message.html
