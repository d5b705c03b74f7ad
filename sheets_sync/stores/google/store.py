"""From a Google Sheet that people edit meanwhile to a Sheet, and from edits to its managed cells.

There is no conditional write at Google, and rows cannot be marked: people sort them. But a
column's developer metadata stays with the column. So columns are addressed by it, cells that
are not ours are null, which Google leaves alone, and the answer to a write is the next read:
what moved meanwhile shows there, and the next round mends it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sheets_sync.columns import MANAGED, PEOPLE, Kind
from sheets_sync.errors import Busy, NotATracker, SheetChanged
from sheets_sync.layout import (
    HEADER_ROWS,
    PROGRAM_TABS,
    Layout,
    choose_tab,
    own_tab,
    require_managed,
)
from sheets_sync.model import (
    Cell,
    Edit,
    Finding,
    Label,
    Origin,
    Sentence,
    Sheet,
    Tab,
)
from sheets_sync.stores.google.access import diagnose, reached
from sheets_sync.stores.google.client import OutcomeUnknownError, SheetsClient
from sheets_sync.stores.google.matched import Matched, matched_by_read, matched_by_write
from sheets_sync.stores.google.obstacles import obstacles
from sheets_sync.stores.google.refusals import CellsProtected, sheet_url
from sheets_sync.stores.google.request import (
    reading,
    refuse_merged,
    writing,
    writing_only,
)
from sheets_sync.stores.google.strays import Strays
from sheets_sync.stores.google.survey import Facts, Survey, Tag, read_tops, take_survey
from sheets_sync.stores.google.tags import (
    Settled,
    columns_by_key,
    send_tags,
    settle,
    tag_requests,
)
from sheets_sync.stores.google.wire import READ, as_days, block_of, quote, turned
from sheets_sync.stores.grid import even_columns, program_tabs, sheet_of

_log = logging.getLogger("sheets_sync.google")

DAYS = frozenset({"due", *(key for key, spec in PEOPLE.items() if spec.kind is Kind.DATE)})
"""The columns of days."""
PATIENCE = 5
"""So often the sheet may change its shape while it is being read."""
WRITES_BEFORE_LOOKING = 5
"""After so many writes without rest the next reading looks anew for merges and protection."""


class Link(NamedTuple):
    """What connecting found out: the tracker's tab, its tags, the tabs named like ours.

    ``fresh`` are the tags that no reading has shown in their place yet.
    """

    survey: Survey
    tab: Facts
    tags: tuple[Tag, ...]
    own: tuple[str, ...]
    notes: tuple[Sentence, ...] = ()
    fresh: frozenset[int] = frozenset()


class Held(NamedTuple):
    """What a Sheet of this store remembers: the tags of its columns by key."""

    tags: Mapping[str, Tag]


class GoogleStore:
    """A tracker in Google Sheets; the module tells how it lives with people's edits.

    With ``read_only`` it writes nothing at all, not even tags. A connection is kept: from then
    on a run takes one call, and a second one when something is to be written.
    """

    def __init__(
        self, client: SheetsClient, sheet: str, *, name: str | None = None, read_only: bool = False
    ) -> None:
        """``sheet`` is the spreadsheet's id, ``name`` what people typed for it."""
        self.name = name or sheet_url(sheet)
        self._client = client
        self._sheet = sheet
        self._read_only = read_only
        self._link: Link | None = None
        self._survey: Survey | None = None
        self._writes = 0
        self._spare_people = False
        self._strays = Strays()

    @property
    def origin(self) -> Origin:
        """Where the tracker is kept; with its title and links to rows once it has been read."""
        address = sheet_url(self._sheet)
        if self._link is None:
            return Origin(self._sheet, self.name, address)
        row = f"{address}/edit#gid={self._link.tab.id}&range=A{{row}}"
        return Origin(self._sheet, self._link.survey.title, address, row)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def read(self) -> Sheet:
        """The tracker as it stands now. Raises what the Store protocol says."""
        self._client.begin_run()
        if self._writes >= WRITES_BEFORE_LOOKING:
            self._link = None
        self._writes = 0
        for _ in range(PATIENCE):
            try:
                link = self._link or self._connect()
                found = self._read_plain(link) if self._read_only else self._read_tagged(link)
            except (SheetChanged, OutcomeUnknownError):
                self._link = None
                continue
            if found is not None:
                return found
        raise Busy("keeps_changing", tracker=self.name)

    def diagnose(self) -> Sequence[Finding]:
        """Whether the sign-in works, the sheet opens and its columns are marked.

        After a reading that failed, only how far it got: it says itself what barred the way.
        """
        if self._link is None and self._client.calls:
            return tuple(reached(self._client, self._survey))
        if self._link is None:
            return diagnose(self._client, self._sheet)
        link = self._link
        return diagnose(self._client, self._sheet, survey=link.survey, tags=link.tags)

    def write(self, edits: Sequence[Edit], *, against: Sheet) -> Sheet:
        """Write the edits in one call; gives the sheet as Google answered that it then stands.

        Where rows moved since ``against`` was read, the sheet shows it and the next write mends
        it. Raises SheetChanged, with nothing written, when rows or tabs are gone, NotATracker
        when a managed column is.
        """
        link, held = self._link, against.token
        if not edits or link is None or not isinstance(held, Held):
            return self.read()
        refuse_merged(edits, against, link.tab)
        self._writes += 1
        self._strays.note(edits)
        try:
            found = self._send(held, against, edits)
        except SheetChanged:
            self._strays.note(())
            self._link = None
            raise
        if found is None:
            return self.read()
        tags = found.seen(tuple(held.tags.values()))
        _require_columns(against, tags)
        return self._sheet_after(found, link, against, tags)

    def _connect(self) -> Link:
        """Look the spreadsheet over and find the tracker in it: two reads; then tag it."""
        self._survey = None
        survey = self._survey = take_survey(self._client, self._sheet)
        tops = read_tops(self._client, self._sheet, survey.tabs)
        index, _ = choose_tab(tops)
        tab = survey.tabs[index]
        layout = settle(tab.title, tops[index][1], tab.tags).layout
        require_managed(layout)
        own = tuple(title for title, _ in tops if own_tab(title) in PROGRAM_TABS)
        account = None if self._read_only else self._client.account_fact
        notes = obstacles(layout, tab, account=account)
        self._link = Link(survey, tab, tab.tags, own, notes)
        if not self._read_only:
            self._tag(self._link, layout, tab.tags)
        return self._link

    def _tag(self, link: Link, layout: Layout, tags: tuple[Tag, ...]) -> bool:
        """Tag the known columns that lack their tag; whether there were any."""
        requests = tag_requests(layout, tags, link.tab, fresh=link.fresh)
        if not requests:
            return False
        now = send_tags(self._client, self._sheet, requests, tags)
        fresh = {tag.id for tag in now} - {tag.id for tag in tags}
        self._link = link._replace(tags=now, fresh=frozenset(fresh))
        return True

    def _read_tagged(self, link: Link) -> Sheet | None:
        """One reading by tags; None when columns had to be tagged first."""
        body = reading(link.tab, link.tags, link.own)
        path = "/values:batchGetByDataFilter"
        found = matched_by_read(self._client.post(self._sheet, path, body))
        tags = found.seen(link.tags)
        settled = settle(link.tab.title, found.head, tags, fresh=link.fresh)
        require_managed(settled.layout)
        if self._tag(link, settled.layout, tags):
            return None
        self._link = link._replace(fresh=frozenset())
        own = [(title, found.tab(title)) for title in link.own]
        tabs, notes = program_tabs(own)
        sheet = self._sheet_of(found, settled, link, tags)
        return replace(sheet, tabs=tabs, notes=(*sheet.notes, *link.notes, *notes))

    def _read_plain(self, link: Link) -> Sheet:
        """One reading by A1 notation: whole tabs, and no tags needed."""
        titles = (link.tab.title, *link.own)
        params = {"ranges": [quote(title) for title in titles], **READ}
        reply = self._client.get(self._sheet, "/values:batchGet", params)
        tracker, *own = [block_of(each).columns for each in reply["valueRanges"]]
        settled = settle(
            link.tab.title, turned([column[:HEADER_ROWS] for column in tracker]), link.tab.tags
        )
        require_managed(settled.layout)
        columns = {
            key: tracker[index] if index < len(tracker) else ()
            for key, index in settled.layout.columns.items()
        }
        tabs, notes = program_tabs(zip(link.own, map(turned, own), strict=True))
        sheet = _assemble(columns, settled, link)
        return replace(sheet, tabs=tabs, notes=(*sheet.notes, *link.notes, *notes))

    def _send(self, held: Held, against: Sheet, edits: Sequence[Edit]) -> Matched | None:
        """Write; None when the answer does not show the whole columns, so that one must read."""
        if not self._spare_people:
            try:
                found = matched_by_write(self._post(writing(held.tags, against, edits)))
            except CellsProtected:
                _log.debug("  a null in a protected cell was refused")
                self._spare_people = True
            else:
                _log.debug("  whole columns were answered: %s", "yes" if found else "no")
                return found
        self._post(writing_only(held.tags, against, edits))
        return None

    def _sheet_after(
        self, found: Matched, link: Link, against: Sheet, tags: tuple[Tag, ...]
    ) -> Sheet:
        """The sheet as the answer to a write shows it."""
        settled = settle(link.tab.title, found.first_rows(tags), tags)
        sheet = self._sheet_of(found, settled, link, tags)
        tabs = {
            key: Tab(name=tab.name, rows=found.tab(tab.name)) for key, tab in against.tabs.items()
        }
        unmoved = sheet.first_row == against.first_row and sheet.people == against.people
        people = against.people if unmoved else sheet.people
        return replace(sheet, people=people, tabs=tabs, notes=against.notes)

    def _sheet_of(self, found: Matched, settled: Settled, link: Link, tags: Sequence[Tag]) -> Sheet:
        held = Held(columns_by_key(settled.layout, tags))
        columns = {key: found.cells(tag) for key, tag in held.tags.items()}
        strays = self._strays.find(columns, settled.layout.header_row)
        sheet = _assemble(columns, settled, link)
        return replace(sheet, mends=(*sheet.mends, *strays), token=held)

    def _post(self, body: Mapping[str, object]) -> Mapping[str, object]:
        path = "/values:batchUpdateByDataFilter"
        reply: Mapping[str, object] = self._client.post(self._sheet, path, body)
        return reply


def _require_columns(against: Sheet, tags: Sequence[Tag]) -> None:
    """Raise NotATracker when a managed column is there no more."""
    gone = against.managed.keys() - {tag.key for tag in tags}
    if gone:
        columns = tuple(Label(f"column.{key}") for key in MANAGED if key in gone)
        raise NotATracker("columns_gone", columns=columns, tab=against.tab)


def _assemble(columns: Mapping[str, Sequence[Cell]], settled: Settled, link: Link) -> Sheet:
    """A Sheet of whole columns by key, without the program's own tabs."""
    layout = settled.layout
    below = even_columns({key: cells[layout.header_row :] for key, cells in columns.items()})
    for key in DAYS & below.keys():
        below[key] = as_days(below[key])
    sheet = sheet_of(below, layout, tab=link.tab.title, timezone=link.survey.timezone)
    return replace(sheet, mends=settled.mends)
