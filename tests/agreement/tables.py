"""The names of tracker.md section 1, written down a second time: headers, choices, aliases."""

from __future__ import annotations

LANGUAGES = ("en", "fi", "he")

PEOPLE = {
    "partner": ("Partner", "Kumppani", "שותף"),
    "type": ("Type", "Tyyppi", "סוג"),
    "theme": ("Theme", "Teema", "נושא"),
    "owner": ("Owner", "Vastuuhenkilö", "באחריות"),
    "contact": ("Contact person", "Yhteyshenkilö", "שם ליצירת קשר"),
    "channel": ("Channel", "Kanava", "ערוץ"),
    "email": ("Email address", "Sähköpostiosoite", "כתובת דוא״ל"),
    "phone": ("Phone number", "Puhelinnumero", "מספר טלפון"),
    "link": ("Link", "Linkki", "קישור"),
    "introduced_by": ("Introduced by", "Kenen kautta", "היכרות דרך"),
    "values_fit": ("Values fit", "Arvot kohtaavat", "ערכים תואמים"),
    "partner_benefit": ("Benefit to partner", "Hyöty kumppanille", "תועלת לשותף"),
    "our_benefit": ("Benefit to us", "Hyöty meille", "תועלת לנו"),
    "reputation": ("Reputation", "Maine", "מוניטין"),
    "vetted_on": ("Vetted on", "Sopivuus arvioitu (pvm)", "תאריך בדיקת ההתאמה"),
    "role": ("Role", "Rooli", "התפקיד בשיתוף הפעולה"),
    "stage": ("Stage", "Vaihe", "שלב"),
    "last_contact": ("Last contact", "Viimeisin yhteydenottomme", "פנייתנו האחרונה"),
    "attempts": ("Attempts", "Yhteydenotot ilman vastausta", "פניות ללא מענה"),
    "last_reply": ("Last reply", "Viimeisin vastaus", "תגובה אחרונה"),
    "follow_up": ("Follow up on", "Palataan asiaan (pvm)", "מעקב בתאריך"),
    "meeting": ("Meeting on", "Tapaaminen (pvm)", "מועד פגישה"),
    "plan": ("Who does what", "Kuka tekee mitä", "מי עושה מה"),
    "keep_in_touch": (
        "Keep in touch every (days)",
        "Yhteydenpito (pv välein)",
        "תדירות קשר (בימים)",
    ),
    "event": ("Event date", "Tapahtumapäivä", "תאריך האירוע"),
    "photo_approved": ("Photo approved", "Kuva hyväksytty", "תמונה אושרה"),
    "published": ("Published on", "Julkaisupäivä", "תאריך פרסום"),
    "thanked": ("Thanked on", "Kiitetty (pvm)", "נאמרה תודה בתאריך"),
    "notes": ("Notes", "Muistiinpanot", "הערות"),
}
"""People's columns in order: the labels in English, Finnish, Hebrew."""

MANAGED = {
    "vetting": ("Vetting", "Sopivuusarvio", "בדיקת התאמה"),
    "status": ("Status", "Tilanne", "סטטוס"),
    "next_action": ("Next action", "Seuraava askel", "הפעולה הבאה"),
    "due": ("Due", "Määräpäivä", "לביצוע עד"),
    "days_overdue": ("Days overdue", "Myöhässä (pv)", "ימי איחור"),
    "why": ("Why", "Miksi", "למה"),
    "problems": ("Please check", "Tarkista", "נא לבדוק"),
}

HEADER_ALIASES = {
    "partner": (
        "Organization",
        "Organisation name",
        "Company",
        "Partner name",
        "Kumppanin nimi",
        "Järjestö",
        "Organisaatio",
        "Yhteistyökumppani",
        "שם השותף",
        "שם הארגון",
    ),
    "owner": ("Responsible", "Relationship manager", "Vastuu", "אחראי", "גורם אחראי"),
    "contact": ("Contact", "Contact name", "Key contact", "Yhteyshenkilön nimi", "איש קשר"),
    "email": (
        "Email",
        "E-mail",
        "Mail",
        "Sähköposti",
        "S-posti",
        "דוא״ל",
        "דואל",
        "אימייל",
        "מייל",
    ),
    "phone": ("Phone", "Telephone", "Puhelin", "Puh.", "טלפון"),
    "link": ("Website", "Web", "URL", "Verkkosivu", "Kotisivu", "אתר"),
    "introduced_by": ("Referred by", "Source", "Suosittelija", "הופנה על ידי"),
    "values_fit": ("Values alignment", "Values"),
    "partner_benefit": ("Value for partner", "What they care about"),
    "our_benefit": ("Value for us",),
    "stage": ("Pipeline stage", "Phase"),
    "last_contact": (
        "Last touch",
        "Last contacted",
        "Last contact date",
        "Contacted on",
        "Viimeisin yhteydenotto",
        "קשר אחרון",
    ),
    "last_reply": ("Response date", "Replied on"),
    "follow_up": (
        "Follow-up",
        "Follow-up date",
        "Next follow-up",
        "Next follow-up date",
        "Snooze until",
        "Seuraava yhteydenotto",
        "תאריך מעקב",
    ),
    "meeting": ("Meeting date", "תאריך פגישה"),
    "keep_in_touch": ("קשר כל (ימים)",),
    "event": ("Event on", "Tapahtuman päivämäärä", "תאריך אירוע"),
    "notes": ("Comments", "Remarks", "Huomiot", "Lisätiedot"),
}

CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "type": {
        "organisation": ("Organisation", "Organisaatio", "ארגון", "Organization"),
        "community": ("Community", "Yhteisö", "קהילה"),
        "person": ("Person", "Henkilö", "אדם"),
    },
    "channel": {
        "phone": ("Phone", "Puhelin", "טלפון"),
        "email": ("Email", "Sähköposti", "מייל", "E-mail", "דוא״ל", "דואל"),
        "chat": ("Chat", "Pikaviesti", "צ׳אט"),
        "meeting": ("Meeting", "Tapaaminen", "פגישה"),
    },
    "values_fit": {
        "yes": ("Yes", "Kyllä", "כן"),
        "partly": ("Partly", "Osittain", "חלקית"),
        "no": ("No", "Ei", "לא"),
    },
    "reputation": {
        "good": ("Good", "Hyvä", "חיובי"),
        "unsure": ("Unsure", "Epäselvä", "לא ברור"),
        "bad": ("Bad", "Huono", "שלילי"),
    },
    "role": {
        "co_organiser": (
            "Co-organiser",
            "Tasavertainen toteuttaja",
            "הובלה משותפת",
            "Co-organizer",
        ),
        "contributor": ("Contributor", "Pienempi panos", "עזרה נקודתית"),
        "messenger": ("Messenger", "Viestinviejä", "העברת המסר"),
    },
    "stage": {
        "idea": ("Idea", "Idea", "רעיון"),
        "contacted": ("Contacted", "Otettu yhteyttä", "פנינו"),
        "in_talks": ("In talks", "Keskustelussa", "בשיחות"),
        "planning": ("Planning", "Suunnittelussa", "בתכנון"),
        "agreed": ("Agreed", "Sovittu", "סוכם"),
        "done": ("Done", "Toteutunut", "הושלם"),
        "paused": ("Paused", "Tauolla", "מושהה"),
        "declined": ("Declined", "Ei toteudu", "לא יצא לפועל"),
    },
    "photo_approved": {"yes": ("Yes", "Kyllä", "כן", "TRUE"), "no": ("No", "Ei", "לא", "FALSE")},
}
"""By column and canonical key: the labels in three languages, then the further names."""

STATUS_LABELS = {
    "fix_data": ("Fix data", "Korjaa tiedot", "לתקן נתונים"),
    "not_a_fit": ("Not a fit", "Ei sovi kumppaniksi", "אין התאמה"),
    "overdue": ("Overdue", "Myöhässä", "באיחור"),
    "due_today": ("Due today", "Tänään", "להיום"),
    "upcoming": ("Upcoming", "Tulossa", "בקרוב"),
    "to_do": ("To do", "Tehtävänä", "לביצוע"),
    "idle": ("Nothing now", "Ei tehtävää nyt", "אין פעולה כרגע"),
    "closed": ("Closed", "Päättynyt", "סגור"),
}
VERDICT_LABELS = {
    "failed": ("Not advised", "Ei suositella", "לא מומלץ"),
    "incomplete": ("Incomplete", "Kesken", "חסרים פרטים"),
    "concern": ("Discuss", "Vaatii keskustelua", "לדיון"),
    "passed": ("Passed", "Kunnossa", "נמצאה התאמה"),
}

DATES = (
    "vetted_on",
    "last_contact",
    "last_reply",
    "follow_up",
    "meeting",
    "event",
    "published",
    "thanked",
)
NUMBERS = {"attempts": (0, 1000), "keep_in_touch": (1, 3650)}
TEXTS = (
    "partner",
    "theme",
    "owner",
    "contact",
    "introduced_by",
    "partner_benefit",
    "our_benefit",
    "plan",
)
FOUR_QUESTIONS = ("values_fit", "partner_benefit", "our_benefit", "reputation")
ACTIVE = ("contacted", "in_talks", "planning", "agreed")
CLOSED = ("done", "declined")
