"""The table of columns: key, kind, owner, and the names that a header or a choice may go by."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """How the cells of a column are read."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"
    COUNTRY = "country"
    YES_NO = "yes_no"
    IGNORED = "ignored"


class ColumnSpec(NamedTuple):
    """A column of people: its key, kind, choices (canonical keys) and number range."""

    key: str
    kind: Kind
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0


STAGES = ("idea", "contacted", "in_talks", "planning", "agreed", "done", "paused", "declined")
ACTIVE = frozenset({"contacted", "in_talks", "planning", "agreed"})
CLOSED = frozenset({"done", "declined"})

PEOPLE: Mapping[str, ColumnSpec] = {
    spec.key: spec
    for spec in (
        ColumnSpec("partner", Kind.TEXT),
        ColumnSpec("type", Kind.CHOICE, ("organisation", "community", "person")),
        ColumnSpec("theme", Kind.TEXT),
        ColumnSpec("owner", Kind.TEXT),
        ColumnSpec("contact", Kind.TEXT),
        ColumnSpec("channel", Kind.CHOICE, ("phone", "email", "chat", "meeting")),
        ColumnSpec("email", Kind.EMAIL),
        ColumnSpec("phone", Kind.PHONE),
        ColumnSpec("link", Kind.LINK),
        ColumnSpec("introduced_by", Kind.TEXT),
        ColumnSpec("values_fit", Kind.CHOICE, ("yes", "partly", "no")),
        ColumnSpec("partner_benefit", Kind.TEXT),
        ColumnSpec("our_benefit", Kind.TEXT),
        ColumnSpec("reputation", Kind.CHOICE, ("good", "unsure", "bad")),
        ColumnSpec("vetted_on", Kind.DATE),
        ColumnSpec("role", Kind.CHOICE, ("co_organiser", "contributor", "messenger")),
        ColumnSpec("stage", Kind.CHOICE, STAGES),
        ColumnSpec("last_contact", Kind.DATE),
        ColumnSpec("attempts", Kind.NUMBER, least=0, most=1000),
        ColumnSpec("last_reply", Kind.DATE),
        ColumnSpec("follow_up", Kind.DATE),
        ColumnSpec("meeting", Kind.DATE),
        ColumnSpec("plan", Kind.TEXT),
        ColumnSpec("keep_in_touch", Kind.NUMBER, least=1, most=3650),
        ColumnSpec("event", Kind.DATE),
        ColumnSpec("photo_approved", Kind.YES_NO, ("yes", "no")),
        ColumnSpec("published", Kind.DATE),
        ColumnSpec("thanked", Kind.DATE),
        ColumnSpec("country", Kind.COUNTRY),
        ColumnSpec("notes", Kind.IGNORED),
    )
}
"""The columns that people own, in the order of tracker.md section 1."""

EXTRA = frozenset({"country"})
"""Columns for trackers that need them: the template has none, and nobody is told of their lack."""

MANAGED = ("vetting", "status", "next_action", "due", "days_overdue", "why", "problems")
"""The columns that the program alone writes."""

VETTING_COLUMNS = ("values_fit", "partner_benefit", "our_benefit", "reputation")
IDENTIFYING = ("partner", "stage")
"""Both stand in the header row."""
REQUIRED_MANAGED = ("status", "next_action", "due")

VERDICTS = ("failed", "incomplete", "concern", "passed")
STATUSES = (
    "fix_data",
    "not_a_fit",
    "overdue",
    "due_today",
    "upcoming",
    "to_do",
    "idle",
    "closed",
)

ALIASES: Mapping[str, tuple[str, ...]] = {
    "partner": (
        "Organization", "Organisation name", "Company", "Partner name", "Kumppanin nimi",
        "Järjestö", "Organisaatio", "Yhteistyökumppani", "שם השותף", "שם הארגון",
    ),
    "owner": ("Responsible", "Relationship manager", "Vastuu", "אחראי", "גורם אחראי"),
    "contact": ("Contact", "Contact name", "Key contact", "Yhteyshenkilön nimi", "איש קשר"),
    "email": (
        "Email", "E-mail", "Mail", "Sähköposti", "S-posti", "דוא״ל", "דואל", "אימייל", "מייל",
    ),
    "phone": ("Phone", "Telephone", "Puhelin", "Puh.", "טלפון"),
    "link": ("Website", "Web", "URL", "Verkkosivu", "Kotisivu", "אתר"),
    "introduced_by": ("Referred by", "Source", "Suosittelija", "הופנה על ידי"),
    "values_fit": ("Values alignment", "Values"),
    "partner_benefit": ("Value for partner", "What they care about"),
    "our_benefit": ("Value for us",),
    "stage": ("Pipeline stage", "Phase"),
    "last_contact": (
        "Last touch", "Last contacted", "Last contact date", "Contacted on",
        "Viimeisin yhteydenotto", "קשר אחרון",
    ),
    "last_reply": ("Response date", "Replied on"),
    "follow_up": (
        "Follow-up", "Follow-up date", "Next follow-up", "Next follow-up date", "Snooze until",
        "Seuraava yhteydenotto", "תאריך מעקב",
    ),
    "meeting": ("Meeting date", "תאריך פגישה"),
    "keep_in_touch": ("קשר כל (ימים)",),
    "event": ("Event on", "Tapahtuman päivämäärä", "תאריך אירוע"),
    "notes": ("Comments", "Remarks", "Huomiot", "Lisätiedot"),
}  # fmt: skip
"""Further names of people's columns; managed columns have none, so nobody's own is overwritten."""

CHOICE_ALIASES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("type", "organisation"): ("Organization",),
    ("role", "co_organiser"): ("Co-organizer",),
    ("channel", "email"): ("E-mail", "דוא״ל", "דואל"),
}

TABS = ("partners", "guide", "lists", "summary", "sync")
"""The tabs that have names of their own; ``partners`` is the tracker."""
