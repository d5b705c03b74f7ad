"""A Google of one's own: the server, an account that it knows, and stores of sheets there."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sheets_sync.errors import SheetsSyncError
from sheets_sync.layout import column_index
from sheets_sync.model import LANGUAGES, Cell, Sentence
from sheets_sync.stores.google.client import Pace, SheetsClient
from sheets_sync.stores.google.credentials import read_key_file
from sheets_sync.stores.google.quota import Quota
from sheets_sync.stores.google.store import GoogleStore
from sheets_sync.texts import say
from tests.google.asking import PLAIN
from tests.google.oauth import Account, private_key
from tests.google.server import SheetsServer
from tests.google.spreadsheet import Content, Formula, Spreadsheet, value_of

SHEET = "1trial-sheet_of-partners-0000000000000000"
"""The id of the first spreadsheet put up; the next ones differ in their last digits."""


@dataclass
class Place:
    """The server, the account's key file, and all that was opened there."""

    server: SheetsServer
    account: Account
    key_file: Path
    opened: list[SheetsClient] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    told: list[Sentence] = field(default_factory=list)

    def reset(self) -> None:
        """Take all faults away, know the account and its key again, and count from nothing."""
        server = self.server
        for noted in (server.faults, server.calls, self.slept, self.told):
            noted.clear()
        server.manner = PLAIN
        server.office.denial = None
        server.office.clock = time.time
        server.office.accounts = {self.account.email: self.account}
        self.account.key = private_key()

    def client(self, *, quota: Quota | None = None) -> SheetsClient:
        """A client signed in with the key file; its waiting takes no time and is noted."""
        signed = read_key_file(self.key_file)
        client = SheetsClient(
            signed.credentials,
            account=signed.account,
            endpoint=self.server.address,
            tell=self.told.append,
            pace=Pace(quota or Quota(10_000), self.slept.append),
        )
        self.opened.append(client)
        return client

    def put_up(self, tabs: Mapping[str, Sequence[Sequence[object]]]) -> Spreadsheet:
        """A new spreadsheet with these tabs, shared with the account; grids have room to spare."""
        number = len(self.server.spreadsheets)
        sheet = Spreadsheet(f"{SHEET[:-4]}{number:04}")
        for title, rows in tabs.items():
            content = [[content_of(cell) for cell in row] for row in rows]
            sheet.add_tab(title, content, height=len(rows) + 30, width=26)
        return self.server.add(sheet, self.account)

    def store(self, sheet: Spreadsheet, *, read_only: bool = False) -> GoogleStore:
        """A store of a spreadsheet, through a client of its own."""
        return GoogleStore(self.client(), sheet.id, read_only=read_only)


@contextmanager
def make_place(folder: Path) -> Iterator[Place]:
    """Start a server with one account, whose key file is put into the folder."""
    with SheetsServer() as server:
        account = server.add_account()
        key_file = folder / "key.json"
        key_file.write_text(json.dumps(account.key_file(server.token_uri)), "utf-8")
        place = Place(server, account, key_file)
        try:
            yield place
        finally:
            for client in place.opened:
                client.close()


def content_of(cell: object) -> Content:
    """A cell of the store's contract as the server keeps it: days are serial numbers."""
    if isinstance(cell, tuple):
        text, result = cell
        return Formula(text, result)
    if isinstance(cell, date):
        return number_of(cell)
    assert cell is None or isinstance(cell, (bool, int, float, str))
    return cell or None if cell == "" else cell


def number_of(day: date) -> float:
    """Google's number for a day, its time as a fraction; a 29 February 1900 is unknown there."""
    moment = day if isinstance(day, datetime) else datetime.combine(day, datetime.min.time())
    number = (moment - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001 - a day has no zone
    return int(number) if number.is_integer() else number


def cells_of(sheet: Spreadsheet, tab: str) -> list[list[Cell]]:
    """The cells of a tab as people see them."""
    return [[value_of(cell) for cell in row] for row in sheet.tab(tab).rows]


def type_in(sheet: Spreadsheet, tab: str, place: str, value: Cell) -> None:
    """A person fills a cell ("B4")."""
    letters = place.rstrip("0123456789")
    row = int(place[len(letters) :]) - 1
    sheet.tab(tab).rows[row][column_index(letters)] = content_of(value)


def in_words(error: SheetsSyncError) -> str:
    """What is printed of an error, which must be there in every language."""
    for language in LANGUAGES:
        assert say(error.sentence, language)
        assert say(error.next_step, language)
    return f"{say(error.sentence, 'en')} {say(error.next_step, 'en')}"
