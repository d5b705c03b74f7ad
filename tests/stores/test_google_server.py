"""The judge judges: what is not part of Google's interface, or not signed right, is refused."""

from __future__ import annotations

import copy
import threading
import time
from typing import Any

import pytest
from google.auth import crypt, jwt

from sheets_sync.stores.google.session import SignIn
from tests.google.oauth import AUDIENCE, BEARER, DeniedError, TokenOffice, pem, private_key
from tests.google.place import Place
from tests.google.schema import (
    SchemaError,
    apply_mask,
    check,
    check_query,
    find_method,
    parse_mask,
)
from tests.google.trackers import TAB, tracker

LOOKUP = {"developerMetadataLookup": {"metadataId": 1}}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ("BatchGetValuesByDataFilterRequest", {"dataFilters": [LOOKUP], "majorDimension": None}),
        ("BatchUpdateValuesByDataFilterRequest",
         {"data": [{"dataFilter": LOOKUP, "values": [[None, 1, "x", True]]}]}),
        ("DimensionRange", {"sheetId": 0, "dimension": "COLUMNS"}),
    ],
)  # fmt: skip
def test_what_google_describes_passes(schema: str, value: Any) -> None:  # noqa: ANN401 - JSON
    check(schema, value)


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ("BatchGetValuesByDataFilterRequest", {"filters": []}, "unknown field filters"),
        ("DataFilter", {"developerMetadataLookup": {"id": 1}}, "unknown field id"),
        ("DimensionRange", {"dimension": "COLUMN"}, "is none of"),
        ("DimensionRange", {"startIndex": "1"}, "is no integer"),
        ("DimensionRange", {"startIndex": True}, "is no integer"),
        ("ValueRange", {"values": "x"}, "is no array"),
        ("ValueRange", {"values": ["x"]}, "is no array"),
    ],
)
def test_what_google_does_not_describe_is_refused(schema: str, value: object, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        check(schema, value)


@pytest.mark.parametrize("mask", ["sheets.tags", "title", "sheets(properties(name))", "a b"])
def test_a_field_mask_of_unknown_fields_is_refused(mask: str) -> None:
    with pytest.raises(SchemaError):
        parse_mask(mask, "Spreadsheet")


def test_a_field_mask_leaves_what_it_names() -> None:
    mask = parse_mask("sheets(properties.title,merges)", "Spreadsheet")
    value = {"spreadsheetId": "x", "sheets": [{"properties": {"title": "A", "index": 0}}]}
    assert apply_mask(mask, value) == {"sheets": [{"properties": {"title": "A"}}]}


def test_an_unknown_parameter_is_refused() -> None:
    method, _ = find_method("GET", "/v4/spreadsheets/x/values:batchGet")
    with pytest.raises(SchemaError, match="render"):
        check_query(method, {"render": ["x"]})


def test_tags_go_where_their_column_goes(google: Place) -> None:
    sheet = google.put_up(tracker(3))
    google.store(sheet).read()
    tab = sheet.tab(TAB)
    before = {tag.id: [row[at] for row in tab.rows] for _, at, tag in sheet.column_tags()}
    tab.insert_columns(2)
    tab.move_columns(0, 3, 9)
    tab.delete_columns(0)
    after = {tag.id: [row[at] for row in tab.rows] for _, at, tag in sheet.column_tags()}
    assert len(after) == len(before) - 1
    assert after.items() <= before.items()


def assertion(**more: object) -> str:
    """A signed assertion, right but for what is given."""
    now = int(time.time())
    claims = {"iss": "robot@example.org", "aud": AUDIENCE, "iat": now, "exp": now + 3600}
    signer = crypt.RSASigner.from_string(more.pop("key", pem(private_key())))
    token: bytes = jwt.encode(signer, {**claims, "scope": "https://example.org/a", **more})
    return token.decode()


@pytest.fixture
def office(google: Place) -> TokenOffice:
    google.server.add_account("robot@example.org")
    return google.server.office


def test_a_right_assertion_gets_a_token(office: TokenOffice) -> None:
    form = {"grant_type": BEARER, "assertion": assertion()}
    assert office.answer(form)["access_token"] in office.grants


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"aud": "http://127.0.0.1/token"}, "audience"),
        ({"iat": 0, "exp": 3600}, "reasonable timeframe"),
        ({"iss": "nobody@example.org"}, "account not found"),
        ({"scope": ""}, "Invalid OAuth scope"),
        ({"key": pem(private_key(1))}, "Invalid JWT Signature"),
    ],
)
def test_a_wrong_assertion_gets_none(
    office: TokenOffice, wrong: dict[str, object], words: str
) -> None:
    with pytest.raises(DeniedError, match=words):
        office.answer({"grant_type": BEARER, "assertion": assertion(**wrong)})


def test_signing_in_asks_no_further_host_on_the_side(google: Place) -> None:
    client = google.client()
    before = set(threading.enumerate())
    client.sign_in()
    google.store(google.put_up(tracker(1))).read()
    started = {type(thread).__name__ for thread in set(threading.enumerate()) - before}
    assert started <= {"Thread"}
    with pytest.raises(TypeError):
        copy.deepcopy(SignIn(None))
