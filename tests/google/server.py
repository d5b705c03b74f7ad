"""A Google Sheets of one's own: HTTP on loopback, spreadsheets in memory, faults on demand.

Every request and every reply is held against Google's own description of the interface; what
does not fit is kept in ``violations``, and leaving the server's ``with`` block raises it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.google import overview, requests, values
from tests.google.asking import PLAIN, Asking, Manner
from tests.google.faults import Fault, error_body
from tests.google.oauth import Account, DeniedError, TokenOffice
from tests.google.ranges import RefusalError
from tests.google.schema import (
    Json,
    Method,
    SchemaError,
    apply_mask,
    check,
    check_query,
    find_method,
    parse_mask,
)
from tests.google.spreadsheet import Spreadsheet

WRITES = frozenset(
    {
        "spreadsheets.batchUpdate",
        "spreadsheets.values.batchUpdate",
        "spreadsheets.values.batchUpdateByDataFilter",
        "spreadsheets.values.update",
        "spreadsheets.values.clear",
    }
)


METHODS: Mapping[str, Callable[[Spreadsheet, Asking], Json]] = {
    "get": overview.get,
    "batchUpdate": requests.batch_update,
    "developerMetadata.search": overview.search,
    "values.get": values.get,
    "values.batchGet": values.batch_get,
    "values.batchGetByDataFilter": values.batch_get_by_filter,
    "values.batchUpdateByDataFilter": values.batch_update_by_filter,
    "values.batchUpdate": values.batch_update,
    "values.update": values.update,
    "values.clear": values.clear,
}


Headers = Message
"""As they arrived; their names may be written either way."""


class Call(NamedTuple):
    """One call as it arrived, and how it was answered."""

    method: str
    query: Mapping[str, list[str]]
    body: Json
    status: int
    reply: Json


class Reply(NamedTuple):
    """What goes back over the wire; no body means that the connection is dropped."""

    status: int
    body: bytes | None
    headers: Mapping[str, str] = {}


@dataclass
class SheetsServer:
    """The server: start it with ``with``; ``address`` is its base, ``token_uri`` gives tokens.

    Each call takes the first of ``faults`` that fits it; ``calls`` lists the calls so far.
    """

    spreadsheets: dict[str, Spreadsheet] = field(default_factory=dict)
    office: TokenOffice = field(default_factory=TokenOffice)
    faults: list[Fault] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    violations: list[BaseException] = field(default_factory=list)
    manner: Manner = PLAIN
    lock: threading.RLock = field(default_factory=threading.RLock)
    released: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        """Start to serve."""
        handler = type("Handler", (_Handler,), {"sheets": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and raise what did not fit Google's description."""
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        if self.violations:
            raise self.violations[0]

    @property
    def address(self) -> str:
        """The base address of the interface."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def token_uri(self) -> str:
        """Where tokens are given out."""
        return f"{self.address}/token"

    def add_account(self, email: str = "robot@partners-example.iam.gserviceaccount.com") -> Account:
        """A service account that Google knows."""
        account = self.office.accounts[email] = Account(email)
        return account

    def add(self, sheet: Spreadsheet, *accounts: Account) -> Spreadsheet:
        """Put a spreadsheet up, shared with the accounts as editors."""
        self.spreadsheets[sheet.id] = sheet
        sheet.shared.update((account.email, "writer") for account in accounts)
        return sheet

    def methods(self) -> list[str]:
        """The names of the methods called so far, without their common beginning."""
        return [call.method.removeprefix("spreadsheets.") for call in self.calls]

    def answer(self, verb: str, target: str, headers: Headers, body: bytes) -> Reply:
        """The reply to one HTTP request."""
        parts = urlsplit(target)
        if parts.path == "/token":
            return self._give_token(body)
        try:
            return self._serve(verb, parts.path, parse_qs(parts.query), headers, body)
        except (SchemaError, NotImplementedError, KeyError) as problem:
            self.violations.append(problem)
            return Reply(501, error_body(501, "UNIMPLEMENTED", repr(problem)))

    def _give_token(self, body: bytes) -> Reply:
        form = {name: found[0] for name, found in parse_qs(body.decode()).items()}
        with self.lock:
            try:
                return Reply(200, json.dumps(self.office.answer(form)).encode())
            except DeniedError as denied:
                return Reply(denied.status, json.dumps(denied.body).encode())

    def _serve(
        self,
        verb: str,
        path: str,
        query: Mapping[str, list[str]],
        headers: Headers,
        body: bytes,
    ) -> Reply:
        method, parts = find_method(verb, path)
        check_query(method, query)
        asked = json.loads(body) if body else {}
        if method.request:
            check(method.request, asked)
        mask = parse_mask(query.get("fields", [""])[0], method.reply)
        asking = Asking(method, unquote(parts.get("range", "")), query, asked, mask, account="")
        fault = self._fault(method)
        if fault is not None and not fault.late:
            self._note(asking, fault.status, None)
            return Reply(fault.status, fault.body, fault.headers)
        reply = self._apply(asking, parts["spreadsheetId"], headers)
        if fault is not None:
            self.released.wait(fault.pause)
            if not fault.pause:
                return Reply(fault.status, fault.body, fault.headers)
        return reply

    def _fault(self, method: Method) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.on is None or method.name.endswith(fault.on):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                    return fault
        return None

    def _apply(self, asking: Asking, sheet_id: str, headers: Headers) -> Reply:
        method = asking.method
        with self.lock:
            try:
                asking = asking._replace(account=self._admit(method, headers), manner=self.manner)
                sheet = self._open(asking, sheet_id)
                if method.name in WRITES:
                    sheet.let_visitors_edit()
                found = METHODS[method.name.removeprefix("spreadsheets.")](sheet, asking)
                check(method.reply, found)
            except RefusalError as no:
                self._note(asking, no.code, no.message)
                return Reply(no.code, error_body(no.code, no.status, no.message))
            self._note(asking, 200, found)
        return Reply(200, json.dumps(apply_mask(asking.mask, found)).encode())

    def _note(self, asking: Asking, status: int, reply: Json) -> None:
        with self.lock:
            call = Call(asking.method.name, asking.query, asking.body, status, reply)
            self.calls.append(call)

    def _admit(self, method: Method, headers: Headers) -> str:
        """Whose token it is; a bad one, and one that is not for this, is refused."""
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        grant = self.office.grants.get(token)
        if grant is None or grant.until < self.office.clock():
            message = (
                "Request had invalid authentication credentials. Expected OAuth 2 access token."
            )
            raise RefusalError(message, code=401, status="UNAUTHENTICATED")
        if not {scope.rpartition("/")[2] for scope in grant.scopes} & method.scopes:
            message = "Request had insufficient authentication scopes."
            raise RefusalError(message, code=403, status="PERMISSION_DENIED")
        return grant.account

    def _open(self, asking: Asking, sheet_id: str) -> Spreadsheet:
        sheet = self.spreadsheets.get(sheet_id)
        if sheet is None:
            message = "Requested entity was not found."
            raise RefusalError(message, code=404, status="NOT_FOUND")
        role = sheet.shared.get(asking.account)
        if role is None or (role != "writer" and asking.method.name in WRITES):
            message = "The caller does not have permission"
            raise RefusalError(message, code=403, status="PERMISSION_DENIED")
        if sheet.office:
            message = "This operation is not supported for this document."
            message += " The document must not be an Office file."
            raise RefusalError(message, status="FAILED_PRECONDITION")
        return sheet


class _Handler(BaseHTTPRequestHandler):
    """Passes each request on. Nagle's algorithm is off: with it each call takes 40 ms."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    sheets: SheetsServer

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    do_POST = do_GET  # noqa: N815 - named by the library
    do_PUT = do_GET  # noqa: N815 - named by the library

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = self.sheets.answer(self.command, self.path, self.headers, body)
        if reply.body is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        headers = {"Content-Type": "application/json; charset=UTF-8"} | dict(reply.headers)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""
