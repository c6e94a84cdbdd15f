"""Every list takes its own cursors only: a forged one is the client's fault."""

from __future__ import annotations

import base64
import logging
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt
import pytest
from litestar.testing import TestClient

from interface.api.cursors import list_named, opened, sealed
from interface.api.problems import Failure
from interface.run.worker import Worker
from tests.http.conftest import People, file_for

BIG = (2**31, 2**63 - 1, 2**63, 2**64, 10**30, -1, -(2**63) - 1, 0)
TIMES = (
    "2026-03-02T02:00:00Z",
    "2026-03-02T02:00:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "294277-01-01T00:00:00Z",
    None,
)
ID = str(uuid4())
PLACES: tuple[Any, ...] = (
    *BIG,
    *(str(number) for number in BIG),
    *([time, ID] for time in TIMES),
    *([time, ID, number] for time in TIMES for number in BIG),
    ID,
    ["\0", ID],
    ["2026-03-02T02:00:00Z", "\0"],
    [],
    [[[]]],
    {},
    None,
    True,
    1.5,
    "",
    "\0",
    "x" * 5_000,
)
RAW = (
    "",
    "=",
    "====",
    "%00",
    "\uff41\uff42\uff43",
    "a" * 60_000,
    "!!!!",
    "MQ\n",
    base64.urlsafe_b64encode(b"1e400").decode(),
    base64.urlsafe_b64encode(b"NaN").decode(),
    base64.urlsafe_b64encode(b'"\\ud800"').decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    base64.urlsafe_b64encode(b"[" * 40_000).decode(),
)


def lists(http: TestClient[Any]) -> dict[str, set[str]]:
    """Return every path that takes a cursor."""
    routes = [route for route in http.app.routes if hasattr(route, "route_handlers")]
    return {
        route.path_format: handler.parsed_fn_signature.parameters.keys()
        for route in routes
        for handler in route.route_handlers
        if "cursor" in handler.parsed_fn_signature.parameters
    }


def owned(people: People, role: str, path: str, query: dict[str, str]) -> str:
    """Return the name of a list as the person of a role asks for it."""
    if path == "/v1/sanctions":
        return list_named(path, urlencode(query))
    claims = jwt.decode(
        getattr(people, role).headers["Authorization"].removeprefix("Bearer "),
        options={"verify_signature": False},
    )
    whose = f"{claims.get('platform', '')} {claims['role']} {claims['sub']}"
    return list_named(path, urlencode(query), whose)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return caplog.records


def test_a_forged_cursor_is_refused_by_every_list(
    http: TestClient[Any],
    people: People,
    background: Worker,
    lines: list[logging.LogRecord],
) -> None:
    case = file_for(people)
    background.catch_up()
    found = lists(http)
    assert len(found) >= 6, found
    filled = {"dispute_id": case, "seller": "s-1", "period": "2026"}
    hook = people.supervisor.post("/v1/webhooks", {"url": "https://hook.example/"})
    filled["webhook_id"] = hook.json()["webhook"]["id"]
    asked = {"/v1/transparency/reports/{period}/cases": {"metric": "opened"}}
    answered: set[str] = set()
    for path in found:
        for role in ("mediator", "supervisor", "auditor", "regulator", "buyer"):
            person = getattr(people, role)
            query = asked.get(path, {})
            own = owned(people, role, path.format(**filled), query)
            for cursor in (*RAW, *(sealed(place, own) for place in PLACES)):
                answer = person.get(path.format(**filled), cursor=cursor, **query)
                assert answer.status_code < 500, (path, role, cursor[:60], answer.text)
                if answer.status_code == 200:
                    answered.add(path)
                if answer.status_code in {403, 404}:
                    break
            # A lone surrogate in UTF-8, which no client library sends.
            odd = person.get(f"{path.format(**filled)}?cursor=%ED%A0%80")
            assert odd.status_code < 500
    # Each list was reached by somebody: some forged places are those of no row.
    assert answered == set(found)
    assert [one for one in lines if one.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("place", [1, 2**63 - 1, -(2**63) + 1])
def test_a_place_of_ours_is_opened(place: int) -> None:
    assert opened(sealed(place, "a list"), int, "a list").place == place


@pytest.mark.parametrize("place", [2**63, -(2**63), 10**40])
def test_a_place_that_no_column_holds_is_none(place: int) -> None:
    with pytest.raises(Failure):
        opened(sealed(place, "a list"), int, "a list")
