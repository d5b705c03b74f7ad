"""Rows become partners with a verdict, and what cannot be right in them is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pytest

from sheets_sync.columns import PEOPLE
from sheets_sync.model import (
    LANGUAGES,
    Cell,
    Label,
    Language,
    Member,
    Partner,
    PlaybookSettings,
    Problem,
    Settings,
    Sheet,
    Vetted,
)
from sheets_sync.problems import CHECKS, UNREADABLE_CODES
from sheets_sync.reading import Read
from sheets_sync.texts import say
from sheets_sync.vetting import problem_sentence, verdict_of, vet

TODAY = date(2026, 11, 21)
SETTINGS = Settings(country="FI", playbook=PlaybookSettings(revet_after=100, publish_before=7))
TEAM = (
    Member(name="Aino Virtanen", email="aino@example.org"),
    Member(name="Dana Levi", email="dana@example.org"),
)
FIRST_ROW = 4
LONG = "Their young people meet grown-ups who listen"

Row = Mapping[str, Cell]


def days(n: int) -> date:
    return TODAY + timedelta(days=n)


def sheet_of(*rows: Row, columns: Sequence[str] = tuple(PEOPLE)) -> Sheet:
    """A sheet with all of people's columns, or those named."""
    return Sheet(
        tab="Partners",
        header_row=FIRST_ROW - 1,
        first_row=FIRST_ROW,
        headers={},
        letters={},
        people={key: [row.get(key) for row in rows] for key in columns},
        managed={},
    )


def vetted(
    *rows: Row,
    settings: Settings = SETTINGS,
    columns: Sequence[str] = tuple(PEOPLE),
    language: Language = "en",
) -> Vetted:
    return vet(sheet_of(*rows, columns=columns), settings, TODAY, language)


def problems_of(
    *rows: Row, settings: Settings = SETTINGS, columns: Sequence[str] = tuple(PEOPLE)
) -> list[Problem]:
    found = vetted(*rows, settings=settings, columns=columns).problems
    return [problem for row in sorted(found) for problem in found[row]]


def told(*rows: Row, settings: Settings = SETTINGS) -> list[tuple[int, str, str]]:
    """The problems as (how manieth row, column, code)."""
    found = problems_of(*rows, settings=settings)
    return [(problem.row - FIRST_ROW, problem.column, problem.code) for problem in found]


FIT: Row = {"values_fit": "yes", "partner_benefit": "a", "our_benefit": "b", "reputation": "good"}
IDEA: Row = {"partner": "Martha ry", "stage": "Idea", **FIT}
ACTIVE: Row = {**IDEA, "stage": "In talks", "last_contact": days(-3)}
CLOSED: Row = {**IDEA, "stage": "Done"}


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "passed"),
        ({"values_fit": "no"}, "failed"),
        ({"reputation": "bad"}, "failed"),
        ({"reputation": "bad", "values_fit": None}, "failed"),
        ({"values_fit": None}, "incomplete"),
        ({"partner_benefit": None}, "incomplete"),
        ({"our_benefit": None, "reputation": "unsure"}, "incomplete"),
        ({"values_fit": "partly"}, "concern"),
        ({"reputation": "unsure"}, "concern"),
    ],
)
def test_the_first_verdict_that_holds_counts(changed: Mapping[str, Read], verdict: str) -> None:
    answers: dict[str, Read] = {"values_fit": "yes", "partner_benefit": True,
                                "our_benefit": True, "reputation": "good"}  # fmt: skip
    assert verdict_of({**answers, **changed}) == verdict


@pytest.mark.parametrize(
    ("columns", "verdict"),
    [
        (("values_fit",), "passed"),
        (("our_benefit",), "incomplete"),
        (("values_fit", "our_benefit"), "incomplete"),
        ((), None),
    ],
)
def test_only_columns_that_exist_ask_for_answers(
    columns: tuple[str, ...], verdict: str | None
) -> None:
    row = {**IDEA, "our_benefit": None}
    found = vetted(row, columns=("partner", "stage", *columns))
    assert [partner.verdict for partner in found.partners] == [verdict]


def test_a_row_becomes_a_partner() -> None:
    row: Row = {
        **ACTIVE, "type": "Yhteisö", "theme": " Reading ", "owner": "Dana Levi", "phone": 401234567,
        "email": "m@example.org", "attempts": "2", "meeting": datetime(2026, 12, 1, 9),  # noqa: DTZ001 - as workbooks have it
        "photo_approved": True, "event": 46400,
    }  # fmt: skip
    assert vetted(row).partners == [
        Partner(
            row=FIRST_ROW, partner="Martha ry", type="community", theme="Reading",
            owner="Dana Levi", email="m@example.org", phone="401234567", values_fit="yes",
            partner_benefit="a", our_benefit="b", reputation="good", stage="in_talks",
            last_contact=days(-3), attempts=2, meeting=date(2026, 12, 1),
            event=date(2027, 1, 13), photo_approved=True, verdict="passed",
        )
    ]  # fmt: skip


def test_absent_columns_are_blank_and_say_nothing() -> None:
    row: Row = {"partner": "Martha ry", "stage": "Agreed"}
    found = vetted(row, columns=("partner", "stage"))
    assert found.partners == [Partner(FIRST_ROW, "Martha ry", stage="agreed")]
    assert found.problems == {}


@pytest.mark.parametrize("stage", [None, "", "Sovitu", "#REF!"])
def test_a_blank_or_unreadable_stage_is_an_idea(stage: Cell) -> None:
    assert vetted({**IDEA, "stage": stage}).partners[0].stage == "idea"


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"partner": "  ", "stage": ""},
        {"photo_approved": False},
        {"photo_approved": "FALSE"},
        {"notes": "remember the milk", "photo_approved": False},
        {"plan": False, "event": False},
        {"theme": "#REF!"},
    ],
)
def test_a_row_with_nothing_in_it_is_no_partner(row: Row) -> None:
    found = vetted(IDEA, row, {**IDEA, "partner": "Other"})
    assert [partner.row for partner in found.partners] == [FIRST_ROW, FIRST_ROW + 2]
    assert found.problems == {}


@pytest.mark.parametrize(
    "row",
    [{"stage": "Idea"}, {"photo_approved": True}, {"photo_approved": "no"}, {"event": "soon"},
     {"stage": "#REF!"}, {"plan": 0}],
)  # fmt: skip
def test_a_row_that_says_something_needs_a_name(row: Row) -> None:
    found = vetted(row)
    assert [partner.partner for partner in found.partners] == [None]
    assert found.problems[FIRST_ROW][0][1:5] == ("partner", "missing_partner", None, True)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("type", "firm", "unknown_choice"),
        ("photo_approved", "perhaps", "unknown_choice"),
        ("email", "martha", "not_an_email"),
        ("phone", "12", "not_a_phone"),
        ("link", "none yet", "not_a_link"),
        ("attempts", "many", "not_a_number"),
        ("keep_in_touch", 0, "not_a_number"),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_warning(column: str, cell: Cell, code: str) -> None:
    found = problems_of({**IDEA, column: cell})
    assert [(p.column, p.code, p.value, p.blocking) for p in found] == [
        (column, code, str(cell), False)
    ]


@pytest.mark.parametrize("column", [k for k, s in PEOPLE.items() if s.kind.value == "date"])
@pytest.mark.parametrize(
    ("row", "blocking"), [(IDEA, True), (CLOSED, False), ({**IDEA, "stage": "x"}, True)]
)
def test_an_unreadable_date_blocks_unless_the_row_is_closed(
    column: str, row: Row, *, blocking: bool
) -> None:
    found = [p for p in problems_of({**row, column: "soon"}) if p.column == column]
    assert [(p.code, p.value, p.blocking) for p in found] == [("unreadable_date", "soon", blocking)]


def test_an_unreadable_stage_blocks() -> None:
    assert [p[1:5] for p in problems_of({**IDEA, "stage": "Idae"})] == [
        ("stage", "unknown_choice", "Idae", True)
    ]


@pytest.mark.parametrize("column", ["last_contact", "last_reply", "thanked", "vetted_on"])
@pytest.mark.parametrize(("row", "blocking"), [(ACTIVE, True), (CLOSED, False)])
def test_what_happened_cannot_lie_ahead(column: str, row: Row, *, blocking: bool) -> None:
    found = vetted({**row, column: days(1)})
    problem = found.problems[FIRST_ROW][0]
    assert problem[1:5] == (column, "future_date", days(1).isoformat(), blocking)
    assert getattr(found.partners[0], column) == days(1)
    assert told({**row, column: TODAY}) == []


@pytest.mark.parametrize("stage", ["Contacted", "In talks", "Planning", "Agreed"])
def test_an_active_partner_was_contacted_some_day(stage: str) -> None:
    row = {**IDEA, "stage": stage}
    assert [p[1:5] for p in problems_of(row)] == [
        ("last_contact", "missing_last_contact", None, True)
    ]
    for column in ("last_reply", "meeting", "thanked"):
        assert told({**row, column: days(-1)}) == []
        assert told({**row, column: "x"}) == [(0, column, "unreadable_date")]


@pytest.mark.parametrize("stage", ["Idea", "Paused", "Declined", "Done", None])
def test_others_need_no_contact(stage: str | None) -> None:
    assert told({**IDEA, "stage": stage}) == []


@pytest.mark.parametrize(
    ("owner", "known"),
    [
        ("Aino Virtanen", True), ("aino  virtanen", True), ("AINO@example.org", True),
        ("Aino", False), ("Aino Virtannen", False), ("dana.levi@example.org", False),
        (None, True), ("#N/A", True),
    ],
)  # fmt: skip
def test_an_owner_is_in_the_team_by_name_or_address(owner: Cell, *, known: bool) -> None:
    row = {**IDEA, "owner": owner}
    team = Settings(team=TEAM)
    assert told(row, settings=team) == ([] if known else [(0, "owner", "unknown_owner")])
    assert told(row) == []


@pytest.mark.parametrize("owner", ["Aino Virtannen", "aino", "Virtanen"])
def test_a_nearly_known_owner_is_named(owner: str) -> None:
    row = {**IDEA, "owner": owner}
    assert problems_of(row, settings=Settings(team=TEAM))[0].facts == {"meant": "Aino Virtanen"}


def test_a_word_of_two_names_of_the_team_names_neither() -> None:
    team = (*TEAM, Member(name="Aino Kallio", email="kallio@example.org"))
    row = {**IDEA, "owner": "Aino"}
    assert problems_of(row, settings=Settings(team=team))[0].facts == {}


MARTHA: Row = {**IDEA, "theme": "Reading", "event": days(40)}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"partner": "MARTHA-RY", "theme": "reading "}, True),
        ({"event": datetime.combine(days(40), datetime.min.time())}, True),
        ({"theme": "Music"}, False),
        ({"event": days(41)}, False),
        ({"event": None}, False),
        ({"partner": "Martha"}, False),
    ],
)
def test_a_partner_stands_once_for_a_theme_and_event(other: Row, *, same: bool) -> None:
    expected = [(0, "partner", "duplicate_partner"), (1, "partner", "duplicate_partner")]
    assert told(MARTHA, {**MARTHA, **other}) == (expected if same else [])


def test_an_unreadable_event_counts_as_none_for_double_partners() -> None:
    found = told({**MARTHA, "event": None}, {**MARTHA, "event": "May"})
    assert (1, "partner", "duplicate_partner") in found


def test_rows_without_a_name_are_not_double() -> None:
    row = {**IDEA, "partner": None, "partner_benefit": LONG, "email": "a@example.org"}
    found = told(row, row, row)
    assert {code for _, _, code in found} == {"missing_partner"}


def test_one_address_belongs_to_one_partner() -> None:
    first = {**IDEA, "email": "Info@example.org"}
    second = {**IDEA, "partner": "Other", "email": "info@EXAMPLE.org"}
    nameless = {"email": "info@example.org"}
    same = {**first, "partner": "Martha  RY", "theme": "Music"}
    assert told(first, second, nameless, same) == [
        (0, "email", "duplicate_email"),
        (1, "email", "duplicate_email"),
        (2, "partner", "missing_partner"),
        (3, "email", "duplicate_email"),
    ]
    assert told(first, same) == []
    assert told(first, nameless) == [(1, "partner", "missing_partner")]
    assert [p.facts for p in problems_of(first, second)] == [
        {"other": "Other"},
        {"other": "Martha ry"},
    ]


@pytest.mark.parametrize(
    ("names", "text", "copied"),
    [
        ("ABC", LONG, True),
        ("AB", LONG, False),
        ("AABa", LONG, False),
        ("ABCA", LONG, True),
        ("ABC", "x" * 20, True),
        ("ABC", "x" * 19, False),
    ],
)
def test_a_benefit_that_fits_everybody_was_copied(names: str, text: str, *, copied: bool) -> None:
    rows = [
        {**IDEA, "partner": name, "theme": str(i), "partner_benefit": f" {text.upper()}!" * (i % 2)
         or text}
        for i, name in enumerate(names)
    ]  # fmt: skip
    expected = [(i, "partner_benefit", "copied_benefit") for i in range(len(names))]
    assert told(*rows) == (expected if copied else [])


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"values_fit": None}, "values_fit"),
        ({"our_benefit": " ", "reputation": None}, "our_benefit"),
        ({"partner_benefit": "#REF!"}, "partner_benefit"),
        ({"values_fit": "maybe", "reputation": None}, "reputation"),
        ({"values_fit": "maybe"}, None),
        ({"values_fit": "no", "our_benefit": None}, None),
        ({"stage": "Idea", "last_contact": None, "our_benefit": None}, None),
        ({"stage": "Paused", "our_benefit": None}, None),
    ],
)
def test_the_first_blank_of_an_incomplete_vetting_is_named(
    changed: Row, column: str | None
) -> None:
    found = [(c, code) for _, c, code in told({**ACTIVE, **changed}) if code != "unknown_choice"]
    assert found == ([(column, "vetting_incomplete")] if column else [])


@pytest.mark.parametrize(
    ("row", "age", "stale"),
    [
        (IDEA, 101, True), (IDEA, 100, False), (ACTIVE, 101, True), (CLOSED, 101, False),
        ({**IDEA, "stage": "Paused"}, 101, True), ({**IDEA, "stage": "Declined"}, 101, False),
    ],
)  # fmt: skip
def test_a_vetting_grows_old(row: Row, age: int, *, stale: bool) -> None:
    expected = [(0, "vetted_on", "stale_vetting")] if stale else []
    assert told({**row, "vetted_on": days(-age)}) == expected


@pytest.mark.parametrize(
    ("published", "event", "late"),
    [(14, 20, True), (13, 20, False), (0, 0, True), (-1, -1, False), (20, None, False),
     (None, 20, False)],
)  # fmt: skip
def test_publishing_leaves_people_time(
    published: int | None, event: int | None, *, late: bool
) -> None:
    row = {
        **ACTIVE,
        "published": None if published is None else days(published),
        "event": None if event is None else days(event),
    }
    assert told(row) == ([(0, "published", "late_publication")] if late else [])


@pytest.mark.parametrize(
    ("stage", "behind"), [("Idea", True), (None, True), ("Contacted", False), ("Paused", False)]
)
def test_a_contacted_partner_is_no_idea_any_more(stage: str | None, *, behind: bool) -> None:
    row = {**IDEA, "stage": stage, "last_contact": days(-3)}
    assert told(row) == ([(0, "stage", "stage_behind")] if behind else [])


def test_a_stage_that_cannot_be_read_is_not_behind_as_well() -> None:
    row = {**IDEA, "stage": "Idae", "last_contact": days(-3)}
    assert told(row) == [(0, "stage", "unknown_choice")]


def test_problems_stand_in_the_order_of_the_columns() -> None:
    row = {key: "?" for key in reversed(list(PEOPLE)) if key != "partner"}
    columns = [problem.column for problem in problems_of(row)]
    assert columns == [key for key in PEOPLE if key in columns]
    assert len(columns) == len(set(columns))
    assert columns[0] == "partner"


STAGE_LABELS = tuple(Label(f"choice.stage.{key}") for key in PEOPLE["stage"].choices)


@pytest.mark.parametrize(
    ("cell", "facts"),
    [
        ("Planing", {"meant": Label("choice.stage.planning")}),
        ("sovitu", {"meant": Label("choice.stage.agreed")}),
        ("בשיחה", {"meant": Label("choice.stage.in_talks")}),
        ("42", {"choices": tuple(Label(f"choice.stage.{key}") for key in PEOPLE["stage"].choices)}),
        (
            "Idea" * 100,
            {"choices": tuple(Label(f"choice.stage.{k}") for k in PEOPLE["stage"].choices)},
        ),
    ],
)
def test_a_choice_that_is_nearly_right_names_what_was_meant(
    cell: Cell, facts: Mapping[str, object]
) -> None:
    assert problems_of({**IDEA, "stage": cell})[0].facts == facts


def test_a_column_of_nonsense_is_guessed_at_within_bounds() -> None:
    rows = [{**IDEA, "partner": str(n), "stage": f"Idea{n}"} for n in range(300)]
    guessed = [p for p in problems_of(*rows) if p.code == "unknown_choice" and "meant" in p.facts]
    assert 0 < len(guessed) <= 200


EXAMPLES: Mapping[str, Sequence[Row]] = {
    "missing_partner": [{"theme": "x"}],
    "unknown_choice": [{**IDEA, "stage": "42" * 30}],
    "unknown_choice.meant": [{**IDEA, "stage": "Planing"}],
    "unreadable_date": [{**IDEA, "event": "soon" * 30}],
    "unreadable_date.outside": [{**IDEA, "event": date(1026, 11, 21)}],
    "broken_formula": [{**IDEA, "event": "#DIV/0!"}],
    "future_date": [{**IDEA, "vetted_on": days(2)}],
    "missing_last_contact": [{**IDEA, "stage": "Planning"}],
    "not_an_email": [{**IDEA, "email": "x" * 90}],
    "not_a_phone": [{**IDEA, "phone": "x" * 90}],
    "not_a_link": [{**IDEA, "link": "x" * 90}],
    "not_a_number": [{**IDEA, "attempts": "x" * 90}],
    "unknown_owner": [{**IDEA, "owner": "x" * 90}],
    "unknown_owner.meant": [{**IDEA, "owner": "Dana Lewi"}],
    "duplicate_partner": [{**IDEA, "partner": "y" * 90}] * 2,
    "duplicate_email": [
        {**IDEA, "partner": n * 90, "email": "a" * 50 + "@example.org"} for n in "yz"
    ],
    "vetting_incomplete": [{**ACTIVE, "reputation": None}],
    "copied_benefit": [{**IDEA, "partner": name, "partner_benefit": LONG * 9} for name in "abc"],
    "stale_vetting": [{**IDEA, "vetted_on": days(-1000)}],
    "late_publication": [{**ACTIVE, "published": days(9), "event": days(9)}],
    "stage_behind": [{**ACTIVE, "stage": "Idea"}],
}


@pytest.mark.parametrize("message", EXAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_problem_has_its_sentence(message: str, language: Language) -> None:
    settings = Settings(team=TEAM, playbook=SETTINGS.playbook)
    rows = EXAMPLES[message]
    if "owner" not in message:
        rows = [{**row, "owner": "Dana Levi"} for row in rows]
    problem = problems_of(*rows, settings=settings)[0]
    sentence = problem_sentence(problem)
    assert sentence.id == f"problems.{message}"
    words = say(sentence, language)
    assert len(words) <= 300
    assert "{" not in words


def test_each_problem_has_an_example() -> None:
    codes = {message.partition(".")[0] for message in EXAMPLES}
    checks = {check.__name__ for all_checks in CHECKS.values() for check in all_checks}
    assert codes == {*checks, *UNREADABLE_CODES.values(), "broken_formula"}


def test_days_in_the_tracker_s_language_are_read() -> None:
    row = {**IDEA, "event": "21.12.2026"}
    assert vetted(row, language="fi").partners[0].event == date(2026, 12, 21)
    assert told(row) == [(0, "event", "unreadable_date")]


def test_an_empty_sheet_has_no_partners() -> None:
    assert vetted() == Vetted([], {})
