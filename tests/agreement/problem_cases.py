"""The problems of tracker.md 6: each code where it is reported, and where it just is not.

Today is Wednesday 18 November 2026. A case tells all problems of its first row.
"""

from __future__ import annotations

from datetime import date

from sheets_sync.model import Cell, Member, PlaybookSettings, Settings
from tests.agreement.cases import FINLAND, Case, TypedRow, vetted

TEAM = Settings(team=(Member(name="Aino Virtanen", email="aino@example.org"),))

QUIET = vetted("Paused")
"""A paused partner: nothing to do, nothing wrong."""


def quiet(title: str, *warnings: tuple[str, str], **cells: Cell) -> Case:
    """Note what a paused partner with those cells is warned of; nothing else changes."""
    return Case(title, {**QUIET, **cells}, "idle", warnings=warnings)


def broken(title: str, *blocking: tuple[str, str], **cells: Cell) -> Case:
    """Note what stops a contacted partner with those cells."""
    row = {**vetted("Contacted", last_contact="2026-11-16"), **cells}
    return Case(title, row, "fix_data", blocking=blocking)


MISSING_PARTNER = (
    broken("missing_partner: blank", ("partner", "missing_partner"), partner=None),
    broken(
        "missing_partner: only spaces and unseen marks",
        ("partner", "missing_partner"),
        partner=" \u00a0\u200f ",
    ),
    broken("missing_partner: a box nobody ticked", ("partner", "missing_partner"), partner=False),
    broken(
        "missing_partner: an error value is blank in a text column",
        ("partner", "missing_partner"),
        partner="#REF!",
    ),
    Case(
        "missing_partner: an error value in a choice column is something, not nothing",
        {"stage": "#N/A"},
        "fix_data",
        vetting="incomplete",
        blocking=[("partner", "missing_partner"), ("stage", "unknown_choice")],
    ),
    quiet("missing_partner: not for a name of punctuation", partner="?!"),
    quiet("missing_partner: not for a name that looks like a tag", partner="#together"),
)

UNKNOWN_STAGE = (
    broken("unknown_choice: a stage nearly right", ("stage", "unknown_choice"), stage="Contactd"),
    broken("unknown_choice: an error value as stage", ("stage", "unknown_choice"), stage="#REF!"),
    broken("unknown_choice: a ticked box as stage", ("stage", "unknown_choice"), stage=True),
    broken("unknown_choice: a number as stage", ("stage", "unknown_choice"), stage=3),
    broken("unknown_choice: a dash is not blank", ("stage", "unknown_choice"), stage="-"),
    Case(
        "unknown_choice: not for a box nobody ticked, that is a blank stage",
        {**QUIET, "stage": False},
        "to_do",
        "first_contact",
        stage="idea",
    ),
    Case(
        "unknown_choice: an unreadable stage is an idea in the other checks, so no missing"
        " contact and no open question is reported",
        vetted("Contactd", reputation=None),
        "fix_data",
        vetting="incomplete",
        blocking=[("stage", "unknown_choice")],
        stage="idea",
    ),
    Case(
        "unknown_choice: an unreadable stage is not closed, so a bad date blocks too",
        vetted("Finished", event="soon"),
        "fix_data",
        blocking=[("stage", "unknown_choice"), ("event", "unreadable_date")],
    ),
)

UNREADABLE_DATE = (
    broken("unreadable_date: words", ("follow_up", "unreadable_date"), follow_up="next week"),
    broken(
        "unreadable_date: a Finnish date in an English tracker",
        ("meeting", "unreadable_date"),
        meeting="21.11.2026",
    ),
    broken("unreadable_date: an error value", ("event", "unreadable_date"), event="#VALUE!"),
    broken("unreadable_date: a ticked box", ("thanked", "unreadable_date"), thanked=True),
    broken(
        "unreadable_date: in last_contact; nothing is missing beside it",
        ("last_contact", "unreadable_date"),
        last_contact="yesterday",
    ),
    broken(
        "unreadable_date: in meeting; last_contact is not missing beside it",
        ("meeting", "unreadable_date"),
        last_contact=None,
        meeting="on Monday",
    ),
    broken(
        "unreadable_date: two at once, in the order of the columns",
        ("vetted_on", "unreadable_date"),
        ("published", "unreadable_date"),
        published="later",
        vetted_on="earlier",
    ),
    Case(
        "unreadable_date: paused is not closed",
        {**QUIET, "event": "soon"},
        "fix_data",
        blocking=[("event", "unreadable_date")],
    ),
    Case(
        "unreadable_date: a warning when done",
        vetted("Done", event="soon"),
        "closed",
        warnings=[("event", "unreadable_date")],
    ),
    Case(
        "unreadable_date: a warning when declined; the follow_up goes on",
        vetted("Declined", last_contact="?", follow_up="2026-11-20"),
        "upcoming",
        "follow_up",
        "2026-11-20",
        warnings=[("last_contact", "unreadable_date")],
    ),
    quiet("unreadable_date: not for a box nobody ticked", event=False),
)

FUTURE_DATE = (
    broken(
        "future_date: contacted tomorrow",
        ("last_contact", "future_date"),
        last_contact="2026-11-19",
    ),
    broken("future_date: replied tomorrow", ("last_reply", "future_date"), last_reply="2026-11-19"),
    broken("future_date: thanked tomorrow", ("thanked", "future_date"), thanked="2026-11-19"),
    broken("future_date: vetted tomorrow", ("vetted_on", "future_date"), vetted_on="2026-11-19"),
    Case(
        "future_date: contacted today is no future",
        vetted("Contacted", last_contact="2026-11-18"),
        "upcoming",
        "chase",
        "2026-11-25",
    ),
    Case(
        "future_date: a warning when declined; the date counts, so the follow_up is spent",
        vetted("Declined", last_contact="2026-12-01", follow_up="2026-11-25"),
        "closed",
        warnings=[("last_contact", "future_date")],
    ),
    Case(
        "future_date: a warning when done; the date counts, so they are thanked",
        vetted("Done", event="2026-11-16", thanked="2026-11-20"),
        "closed",
        warnings=[("thanked", "future_date")],
    ),
    quiet(
        "future_date: not for what may be planned",
        meeting="2026-12-01",
        event="2027-03-01",
        published="2026-12-01",
    ),
)

MISSING_LAST_CONTACT = (
    broken(
        "missing_last_contact: contacted, and no day at all",
        ("last_contact", "missing_last_contact"),
        last_contact=None,
    ),
    broken(
        "missing_last_contact: an event is no contact",
        ("last_contact", "missing_last_contact"),
        last_contact=None,
        stage="Agreed",
        event="2026-12-01",
    ),
    Case(
        "missing_last_contact: not with a meeting to come",
        vetted("Contacted", meeting="2026-11-20"),
        "upcoming",
        "meet",
        "2026-11-20",
    ),
    Case(
        "missing_last_contact: not with a reply",
        vetted("Contacted", last_reply="2026-11-17"),
        "due_today",
        "reply",
        "2026-11-18",
    ),
    Case(
        "missing_last_contact: not without the column",
        vetted("Contacted"),
        "idle",
        absent=["last_contact"],
    ),
    quiet("missing_last_contact: not when paused"),
    Case("missing_last_contact: not in a stage of idea", vetted("Idea"), "to_do", "first_contact"),
)

UNKNOWN_CHOICE = (
    quiet("unknown_choice: a channel", ("channel", "unknown_choice"), channel="Pigeon"),
    quiet("unknown_choice: a role", ("role", "unknown_choice"), role="Boss"),
    quiet("unknown_choice: a type", ("type", "unknown_choice"), type="Company"),
    quiet(
        "unknown_choice: a box with a number in it",
        ("photo_approved", "unknown_choice"),
        photo_approved=2,
    ),
    quiet(
        "unknown_choice: partly is no answer to yes or no",
        ("photo_approved", "unknown_choice"),
        photo_approved="Partly",
    ),
    Case(
        "unknown_choice: TRUE is no answer to whether values fit",
        {**QUIET, "values_fit": True},
        "idle",
        vetting="incomplete",
        warnings=[("values_fit", "unknown_choice")],
    ),
    Case(
        "unknown_choice: an error value as reputation",
        {**QUIET, "reputation": "#N/A"},
        "idle",
        vetting="incomplete",
        warnings=[("reputation", "unknown_choice")],
    ),
    quiet("unknown_choice: not for a box nobody ticked", channel=False, role=False, type=False),
)

ADDRESSES_AND_NUMBERS = (
    quiet("not_an_email: no at sign", ("email", "not_an_email"), email="dana.example.org"),
    quiet(
        "not_an_email: two addresses",
        ("email", "not_an_email"),
        email="dana@example.org, eli@example.org",
    ),
    quiet(
        "not_an_email: a name around it", ("email", "not_an_email"), email="Dana <dana@example.org>"
    ),
    quiet("not_an_email: an error value is blank there", email="#N/A"),
    quiet("not_an_email: not for an address with a plus", email=" dana+partner@example.org "),
    quiet("not_a_phone: words", ("phone", "not_a_phone"), phone="ask Dana"),
    quiet("not_a_phone: four digits", ("phone", "not_a_phone"), phone="1234"),
    quiet("not_a_phone: sixteen digits", ("phone", "not_a_phone"), phone="1234567890123456"),
    quiet("not_a_phone: not for five digits", phone="12345"),
    quiet("not_a_phone: not for digits in groups", phone="(040) 123-45 67"),
    quiet("not_a_phone: not for a cell with a number", phone=401234567),
    quiet(
        "not_a_phone: a plus sign, and then too little", ("phone", "not_a_phone"), phone="+358 1"
    ),
    quiet("not_a_phone: not for an international number", phone="+972 52 123 4567"),
    Case(
        "not_a_phone: in Finland fifteen digits are too many",
        {**QUIET, "phone": "0" * 15},
        "idle",
        warnings=[("phone", "not_a_phone")],
        settings=FINLAND,
    ),
    Case(
        "not_a_phone: in Finland not for a Finnish number",
        {**QUIET, "phone": "040 123 4567"},
        "idle",
        settings=FINLAND,
    ),
    quiet("not_a_link: words", ("link", "not_a_link"), link="see Facebook"),
    quiet("not_a_link: another scheme", ("link", "not_a_link"), link="ftp://example.org"),
    quiet("not_a_link: a script", ("link", "not_a_link"), link="javascript:alert(1)"),
    quiet(
        "not_a_link: two addresses",
        ("link", "not_a_link"),
        link="https://example.org https://example.com",
    ),
    quiet("not_a_link: no dot", ("link", "not_a_link"), link="example"),
    quiet("not_a_link: not for a bare host name", link="www.example.org"),
    quiet("not_a_link: not for a path without a scheme", link="example.org/partners"),
    quiet("not_a_link: not for a whole address", link="https://example.org/a?b=c#d"),
    quiet("not_a_number: words", ("attempts", "not_a_number"), attempts="two"),
    quiet("not_a_number: a half", ("attempts", "not_a_number"), attempts=2.5),
    quiet("not_a_number: less than nothing", ("attempts", "not_a_number"), attempts=-1),
    quiet("not_a_number: more than 1000", ("attempts", "not_a_number"), attempts=1001),
    quiet("not_a_number: TRUE", ("attempts", "not_a_number"), attempts=True),
    quiet("not_a_number: an error value", ("attempts", "not_a_number"), attempts="#DIV/0!"),
    quiet(
        "not_a_number: a date is its serial, too many days",
        ("keep_in_touch", "not_a_number"),
        keep_in_touch=date(2026, 11, 18),
    ),
    quiet(
        "not_a_number: keep in touch every 0 days",
        ("keep_in_touch", "not_a_number"),
        keep_in_touch=0,
    ),
    quiet("not_a_number: every 3651 days", ("keep_in_touch", "not_a_number"), keep_in_touch=3651),
    quiet("not_a_number: not for 3.0, 3650, 0 or 1000", attempts=3.0, keep_in_touch="3650"),
    quiet("not_a_number: not for the least and the most", attempts=1000, keep_in_touch=1),
)

OWNER = (
    Case(
        "unknown_owner: not of the team",
        {**QUIET, "owner": "Bob"},
        "idle",
        warnings=[("owner", "unknown_owner")],
        settings=TEAM,
    ),
    Case(
        "unknown_owner: two names are none of the team",
        {**QUIET, "owner": "Aino Virtanen, Bob"},
        "idle",
        warnings=[("owner", "unknown_owner")],
        settings=TEAM,
    ),
    Case(
        "unknown_owner: not for a name, however it is written",
        {**QUIET, "owner": "  aino\u00a0VIRTANEN "},
        "idle",
        settings=TEAM,
    ),
    Case(
        "unknown_owner: not for the person's address",
        {**QUIET, "owner": "Aino@Example.org"},
        "idle",
        settings=TEAM,
    ),
    Case("unknown_owner: not for a blank owner", QUIET, "idle", settings=TEAM),
    quiet("unknown_owner: not without a team", owner="Bob"),
)


def twin(**cells: Cell) -> TypedRow:
    """Another quiet row; it has the same name unless told otherwise."""
    return {**QUIET, **cells}


def beside(title: str, row: TypedRow, *others: TypedRow, warnings: tuple[str, str] | None) -> Case:
    """Note the one warning that a paused partner gets because of the rows beside it."""
    found = [warnings] if warnings else []
    return Case(title, row, "idle", warnings=found, others=others)


DUPLICATE_PARTNER = ("partner", "duplicate_partner")
DUPLICATE_EMAIL = ("email", "duplicate_email")
COPIED_BENEFIT = ("partner_benefit", "copied_benefit")
LONG = "A hall for sixty people"  # 23 characters
ACROSS_ROWS = (
    beside(
        "duplicate_partner: the same name, no theme, no event",
        QUIET,
        twin(),
        warnings=DUPLICATE_PARTNER,
    ),
    beside(
        "duplicate_partner: the same but for case, spaces, marks and punctuation",
        twin(partner="Kahvila Aalto", theme="Food-aid"),
        twin(partner="\u200fKAHVILA  aalto.", theme="food aid"),
        warnings=DUPLICATE_PARTNER,
    ),
    beside(
        "duplicate_partner: the same event, typed in two ways",
        twin(event="2027-03-01"),
        twin(event=46447),
        warnings=DUPLICATE_PARTNER,
    ),
    beside(
        "duplicate_partner: not for another theme",
        twin(theme="Food"),
        twin(theme="Sport"),
        warnings=None,
    ),
    beside(
        "duplicate_partner: not for another event",
        twin(event="2027-03-01"),
        twin(event="2027-03-02"),
        warnings=None,
    ),
    beside(
        "duplicate_partner: an unreadable event counts as blank",
        QUIET,
        twin(event="next spring"),
        warnings=DUPLICATE_PARTNER,
    ),
    beside(
        "duplicate_partner: closed rows count too",
        QUIET,
        twin(stage="Done"),
        warnings=DUPLICATE_PARTNER,
    ),
    beside(
        "duplicate_email: the same address but for case, at another partner",
        twin(email="info@example.org"),
        twin(partner="Other", email="INFO@example.org"),
        warnings=DUPLICATE_EMAIL,
    ),
    beside(
        "duplicate_email: not at the same partner, in another theme",
        twin(email="info@example.org"),
        twin(email="info@example.org", theme="Food"),
        warnings=None,
    ),
    beside(
        "duplicate_email: not for what is no address",
        twin(email="info@example.org"),
        twin(partner="Other", email="info@example.org."),
        warnings=None,
    ),
    beside(
        "duplicate_email: a row without a name takes no part",
        twin(email="info@example.org"),
        twin(partner=None, email="info@example.org"),
        warnings=None,
    ),
    beside(
        "copied_benefit: the same at three partners, but for case and punctuation",
        twin(partner_benefit=LONG),
        twin(partner="B", partner_benefit=LONG.upper()),
        twin(partner="C", partner_benefit=f"{LONG}."),
        warnings=COPIED_BENEFIT,
    ),
    beside(
        "copied_benefit: not at two partners, three times",
        twin(partner_benefit=LONG),
        twin(partner="B", partner_benefit=LONG),
        twin(partner="b", theme="Food", partner_benefit=LONG),
        warnings=None,
    ),
    beside(
        "copied_benefit: not for fewer than 20 characters",
        twin(partner_benefit="Visibility for them"),  # 19
        twin(partner="B", partner_benefit="Visibility for them"),
        twin(partner="C", partner_benefit="Visibility for them"),
        warnings=None,
    ),
    beside(
        "copied_benefit: for exactly 20 characters",
        twin(partner_benefit="Visibility for youth"),
        twin(partner="B", partner_benefit="Visibility for youth"),
        twin(partner="C", partner_benefit="visibility for youth"),
        warnings=COPIED_BENEFIT,
    ),
)

VETTING_INCOMPLETE = (
    Case(
        "vetting_incomplete: on the first of the four that is blank",
        vetted("In talks", last_contact="2026-11-16", partner_benefit=None, reputation=None),
        "upcoming",
        "arrange_meeting",
        "2026-11-23",
        vetting="incomplete",
        also=[("vet", None)],
        warnings=[("partner_benefit", "vetting_incomplete")],
    ),
    Case(
        "vetting_incomplete: on the one that is really blank, beside one that is unreadable",
        vetted("In talks", last_contact="2026-11-16", values_fit="perhaps", our_benefit=None),
        "upcoming",
        "arrange_meeting",
        "2026-11-23",
        vetting="incomplete",
        also=[("vet", None)],
        warnings=[("values_fit", "unknown_choice"), ("our_benefit", "vetting_incomplete")],
    ),
    Case(
        "vetting_incomplete: not when all that is missing is unreadable",
        vetted("In talks", last_contact="2026-11-16", values_fit="perhaps"),
        "upcoming",
        "arrange_meeting",
        "2026-11-23",
        vetting="incomplete",
        also=[("vet", None)],
        warnings=[("values_fit", "unknown_choice")],
    ),
    Case(
        "vetting_incomplete: not for a column that does not exist",
        vetted("In talks", last_contact="2026-11-16", values_fit=None),
        "upcoming",
        "arrange_meeting",
        "2026-11-23",
        absent=["values_fit"],
    ),
    Case(
        "vetting_incomplete: not in a stage of idea",
        vetted("Idea", our_benefit=None),
        "to_do",
        "vet",
        vetting="incomplete",
    ),
    Case(
        "vetting_incomplete: not when the verdict is failed all the same",
        vetted("In talks", last_contact="2026-11-16", our_benefit=None, reputation="Bad"),
        "not_a_fit",
        "stop",
        vetting="failed",
    ),
)

STALE_VETTING = (
    quiet("stale_vetting: 366 days ago", ("vetted_on", "stale_vetting"), vetted_on="2025-11-17"),
    quiet("stale_vetting: not 365 days ago", vetted_on="2025-11-18"),
    Case(
        "stale_vetting: in a stage of idea",
        vetted("Idea", vetted_on="2024-01-01"),
        "to_do",
        "first_contact",
        warnings=[("vetted_on", "stale_vetting")],
    ),
    Case("stale_vetting: not when done", vetted("Done", vetted_on="2024-01-01"), "closed"),
    Case(
        "stale_vetting: 31 days by the settings",
        {**QUIET, "vetted_on": "2026-10-17"},
        "idle",
        warnings=[("vetted_on", "stale_vetting")],
        settings=Settings(playbook=PlaybookSettings(revet_after=31)),
    ),
)

LATE_PUBLICATION = (
    quiet(
        "late_publication: 6 days before the event",
        ("published", "late_publication"),
        event="2026-12-02",
        published="2026-11-26",
    ),
    quiet("late_publication: not 7 days before", event="2026-12-02", published="2026-11-25"),
    quiet(
        "late_publication: on the event's own day, today",
        ("published", "late_publication"),
        event="2026-11-18",
        published="2026-11-17",
    ),
    quiet(
        "late_publication: not when the event is over", event="2026-11-17", published="2026-11-16"
    ),
    quiet("late_publication: not without an event", published="2026-11-17"),
)

STAGE_BEHIND = (
    Case(
        "stage_behind: an idea that was contacted",
        vetted("Idea", last_contact="2026-11-16"),
        "upcoming",
        "chase",
        "2026-11-23",
        warnings=[("stage", "stage_behind")],
    ),
    Case(
        "stage_behind: a blank stage that was contacted",
        vetted("", last_contact="2026-11-16"),
        "upcoming",
        "chase",
        "2026-11-23",
        warnings=[("stage", "stage_behind")],
        stage="idea",
    ),
    Case(
        "stage_behind: not for a stage that cannot be read; that is reported already",
        vetted("Ideal", last_contact="2026-11-16"),
        "fix_data",
        blocking=[("stage", "unknown_choice")],
        stage="idea",
    ),
    Case(
        "stage_behind: not for a reply alone",
        vetted("Idea", last_reply="2026-11-17"),
        "due_today",
        "reply",
        "2026-11-18",
    ),
)

PROBLEM_CASES = (
    *(*MISSING_PARTNER, *UNKNOWN_STAGE, *UNREADABLE_DATE, *FUTURE_DATE, *MISSING_LAST_CONTACT),
    *(*UNKNOWN_CHOICE, *ADDRESSES_AND_NUMBERS, *OWNER, *ACROSS_ROWS, *VETTING_INCOMPLETE),
    *(*STALE_VETTING, *LATE_PUBLICATION, *STAGE_BEHIND),
)
