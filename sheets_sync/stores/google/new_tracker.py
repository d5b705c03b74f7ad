"""From an empty Google Sheet to a tracker, laid out in one request like the Excel template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sheets_sync import design
from sheets_sync.columns import MANAGED, PEOPLE, Kind
from sheets_sync.design import BAND_ROW, FIRST_ROW, HEADER_ROW, LAST_ROW, ORDER
from sheets_sync.errors import Refused
from sheets_sync.layout import column_letters, is_ours
from sheets_sync.model import Language, Value
from sheets_sync.stores.google.client import OutcomeUnknownError, SheetsClient
from sheets_sync.stores.google.drawing import (
    Span,
    cell,
    colour,
    draw,
    dress,
    entry_rule,
    highlight,
    resize,
    style,
    widen,
)
from sheets_sync.stores.google.pages import (
    draw_guide,
    draw_lists,
    draw_sync,
    is_short,
    list_range,
    pattern_of,
)
from sheets_sync.stores.google.refusals import sheet_url
from sheets_sync.stores.google.survey import Survey, take_survey
from sheets_sync.stores.google.wire import READ, block_of, quote
from sheets_sync.template.words import Words

Json = Any  # what json.dumps takes

_TAB_COLOURS = {"partners": "0F4C5C", "guide": "5B4A8A", "lists": "1D5D8C", "sync": "374151"}
_PAGES = {"guide": (200, 4), "lists": (60, 12), "sync": (200, 2)}
"""Rows and columns of the further tabs."""
_WRAPPED = frozenset({"partner_benefit", "our_benefit", "plan", "notes", *MANAGED})


def lay_out(
    client: SheetsClient,
    sheet: str,
    language: Language,
    *,
    rows: Sequence[Mapping[str, Value]] = (),
) -> None:
    """Lay a tracker out in the empty spreadsheet with the id ``sheet``: all of it or nothing.

    ``rows`` map canonical keys to what the cells of partners say. Raises Refused when anything
    stands in the spreadsheet already.
    """
    survey = take_survey(client, sheet)
    _refuse_filled(client, sheet, survey)
    words = Words(language)
    try:
        client.post(sheet, ":batchUpdate", {"requests": [*requests_for(survey, rows, words)]})
    except OutcomeUnknownError:
        if not _is_laid_out(client, sheet, words):
            raise


def _refuse_filled(client: SheetsClient, sheet: str, survey: Survey) -> None:
    ranges = [quote(tab.title) for tab in survey.tabs]
    found = client.get(sheet, "/values:batchGet", {"ranges": ranges, **READ})
    for tab, each in zip(survey.tabs, found["valueRanges"], strict=True):
        cells = [content for column in block_of(each).columns for content in column]
        if any(content is not None and content is not False and content != "" for content in cells):
            facts = {"tracker": sheet_url(sheet), "tab": tab.title}
            raise Refused("google_not_empty", **facts, account=client.account_fact)


def _is_laid_out(client: SheetsClient, sheet: str, words: Words) -> bool:
    """Whether a request whose answer was lost was carried out after all."""
    tab = words.label("tab.sync")
    if tab not in {found.title for found in take_survey(client, sheet).tabs}:
        return False
    found = client.get(sheet, "/values:batchGet", {"ranges": [f"{quote(tab)}!A1"], **READ})
    columns = block_of(found["valueRanges"][0]).columns
    return bool(columns) and is_ours(columns[0][0])


def requests_for(
    survey: Survey, rows: Sequence[Mapping[str, Value]], words: Words
) -> Iterator[Json]:
    """Everything that is drawn, the tabs first; the first tab there is becomes the tracker's."""
    first = survey.tabs[0].id
    numbers = _new_numbers(survey)
    yield _tracker_tab(first, words)
    for key, number in numbers.items():
        yield _further_tab(key, number, words)
    yield from draw_partners(first, rows, words)
    yield from draw_guide(numbers["guide"], words)
    yield from draw_lists(numbers["lists"], rows, words)
    yield from draw_sync(numbers["sync"], words)


def _new_numbers(survey: Survey) -> dict[str, int]:
    """Numbers for the further tabs that no tab has yet."""
    top = max(tab.id for tab in survey.tabs) % 1_000_000
    taken = {tab.id for tab in survey.tabs}
    free = [number for number in range(top + 1, top + 100) if number not in taken]
    return dict(zip(_PAGES, free, strict=False))


def _properties(key: str, words: Words) -> dict[str, Json]:
    return {
        "title": words.label(f"tab.{key}"),
        "tabColorStyle": colour(_TAB_COLOURS[key]),
        "rightToLeft": words.language in design.RIGHT_TO_LEFT,
    }


def _tracker_tab(number: int, words: Words) -> Json:
    grid = {"rowCount": LAST_ROW, "columnCount": len(ORDER)}
    grid |= {"frozenRowCount": HEADER_ROW, "frozenColumnCount": 1}
    properties = {"sheetId": number, **_properties("partners", words), "gridProperties": grid}
    fields = "title,tabColorStyle,rightToLeft,gridProperties(rowCount,columnCount,"
    fields += "frozenRowCount,frozenColumnCount)"
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


def _further_tab(key: str, number: int, words: Words) -> Json:
    height, width = _PAGES[key]
    grid = {"rowCount": height, "columnCount": width, "hideGridlines": True}
    properties = {"sheetId": number, **_properties(key, words), "gridProperties": grid}
    return {"addSheet": {"properties": properties}}


def draw_partners(tab: int, rows: Sequence[Mapping[str, Value]], words: Words) -> Iterator[Json]:
    """The requests for the tracker's own tab."""
    for place, key in enumerate(ORDER):
        yield widen(tab, place, design.width(key, words.language))
        yield dress(_cells(tab, key), _look(key, words))
    yield resize(tab, "ROWS", HEADER_ROW - 1, HEADER_ROW, 44)
    heads = Span(tab, BAND_ROW - 1, HEADER_ROW, 0, len(ORDER))
    yield draw(heads, [_band(words), _headers(words)])
    yield from _entry_rules(tab, rows, words)
    if rows:
        body = Span(tab, FIRST_ROW - 1, FIRST_ROW - 1 + len(rows), 0, len(ORDER))
        lines = [[cell(row.get(key)) for key in ORDER] for row in rows]
        yield draw(body, lines, fields="userEnteredValue")
    yield from _highlights(tab)
    yield from _foldings(tab)
    yield _filter(tab)
    yield from _protections(tab, words)


def _cells(tab: int, key: str) -> Span:
    place = ORDER.index(key)
    return Span(tab, FIRST_ROW - 1, LAST_ROW, place, place + 1)


def _look(key: str, words: Words) -> Json:
    short = is_short(key)
    wrap = key in _WRAPPED and not short
    return style(bold=key == "partner", wrap=wrap, centred=short, pattern=pattern_of(key, words))


def _band(words: Words) -> list[Json]:
    """A caption above each group of columns; no merged cells, so that columns can be moved."""
    return [
        cell(
            words.guide(f"group.{group.id}") if key == group.columns[0] else None,
            style(bold=True, ink="FFFFFF", fill=group.strong, wrap=False),
        )
        for group in design.GROUPS
        for key in group.columns
    ]


def _headers(words: Words) -> list[Json]:
    return [
        cell(
            words.column(key),
            style(
                bold=True,
                ink="FFFFFF" if design.is_managed(key) else group.strong,
                fill=group.soft,
                centred=is_short(key),
            ),
            _note(key, words) if design.is_managed(key) else None,
        )
        for group in design.GROUPS
        for key in group.columns
    ]


def _note(key: str, words: Words) -> str:
    return f"{words.guide(f'column.{key}')}\n\n{words.guide('managed')}"


def _entry_rules(tab: int, rows: Sequence[Mapping[str, Value]], words: Words) -> Iterator[Json]:
    for key, spec in PEOPLE.items():
        if key not in ORDER:
            continue
        message = words.guide(f"ask.{key}") if key in design.ASKING else None
        cells = _cells(tab, key)
        if key in design.SUGGESTED:
            offered = [list_range(key, rows, words)]
            yield entry_rule(cells, "ONE_OF_RANGE", offered, strict=False, message=message)
        elif spec.kind is Kind.YES_NO:
            yield entry_rule(cells, "BOOLEAN", strict=True, message=message)
        elif key in design.DROPDOWNS:
            offered = words.choices(key, design.DROPDOWNS[key])
            yield entry_rule(cells, "ONE_OF_LIST", offered, strict=True, message=message)
        elif spec.kind is Kind.DATE:
            yield entry_rule(cells, "DATE_IS_VALID", strict=True, message=message)
        elif spec.kind is Kind.NUMBER:
            bounds = [str(spec.least), str(spec.most)]
            yield entry_rule(cells, "NUMBER_BETWEEN", bounds, strict=True, message=message)


def _highlights(tab: int) -> Iterator[Json]:
    letters = {key: column_letters(place) for place, key in enumerate(ORDER)}
    seen = [found for found in design.highlights(letters) if found.look.fill or found.look.ink]
    for index, found in enumerate(seen):
        spans = [_cells(tab, key) for key in found.columns]
        yield highlight(spans, found.formula, found.look, index=index)


def _foldings(tab: int) -> Iterator[Json]:
    """The details of each group fold away together."""
    for group in design.GROUPS:
        if group.folding:
            first = ORDER.index(group.folding[0])
            span = {"sheetId": tab, "dimension": "COLUMNS"}
            span |= {"startIndex": first, "endIndex": first + len(group.folding)}
            yield {"addDimensionGroup": {"range": span}}


def _filter(tab: int) -> Json:
    cells = Span(tab, HEADER_ROW - 1, LAST_ROW, 0, len(ORDER))
    return {"setBasicFilter": {"filter": {"range": cells.grid}}}


def _protections(tab: int, words: Words) -> Iterator[Json]:
    """A warning for whoever types there; a harder protection would keep people from sorting."""
    places = [ORDER.index(key) for key in MANAGED]
    cells = Span(tab, HEADER_ROW - 1, LAST_ROW, min(places), max(places) + 1)
    found = {"range": cells.grid, "warningOnly": True, "description": words.guide("managed")}
    yield {"addProtectedRange": {"protectedRange": found}}
