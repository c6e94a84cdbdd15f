"""The short path of commands answers as the framework does, and nothing is left out."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from litestar.testing import TestClient

from interface.api import command_path
from interface.api.app import GUARDS, make_app
from interface.api.bulkheads import Occupancy, Work
from interface.api.command_path import command_paths, route_of
from interface.api.commands.command_table import ROUTES
from interface.api.read_your_writes import wait_for_view
from tests.http.conftest import FILING, People, file_for

ORDER = FILING["order"]
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "blank": b"  ",
    "no JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "a number": b"7",
    "no UTF-8": b'{"text": "\xff"}',
    "too deep": b"[" * 100_000,
    "an unknown field": b'{"more": 1}',
    "another type": b'{"text": 5}',
    "too long": b'{"text": "%s"}' % (b"x" * 5_001),
    "a control character": b'{"text": "a\\u0000b"}',
    "twice the same": b'{"text": "a", "text": ""}',
    "half a pair": b'{"text": "\\ud800"}',
}


def of(http: TestClient[Any], person: Any, path: str, body: bytes) -> tuple[Any, ...]:
    headers = person.headers | {"Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
    sent = headers | {"Content-Type": "application/json"}
    answer = http.post(path, content=body, headers=sent)
    said = answer.json()
    said.pop("request_id", None)
    names = {name.lower() for name in answer.headers} - {"x-request-id"}
    return answer.status_code, said, sorted(names)


def test_every_command_that_is_no_upload_has_the_short_path() -> None:
    found = {one.template for one in command_paths(make_app(is_development=False))}
    routes = [route for several in ROUTES.values() for route in several]
    told = {
        "/v1/disputes/{dispute_id}/" + route.path.replace("{n}", "{number}")
        for route in routes
        if route.summary
    }
    assert told
    assert told <= found
    assert "/v1/disputes" in found
    assert not any("evidence/files" in one for one in found)


def test_every_guard_stands_before_commands_too() -> None:
    # Commands wait for no view, and so need no guard that does.
    paths = command_paths(make_app(is_development=False))
    assert not [one.template for one in paths if "view" in one.handler.opt]
    needed = [one for one in GUARDS if one is not wait_for_view]
    assert [one for one in needed if one not in vars(command_path).values()] == []


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("action", ["notes", "assignment", "messages"])
def test_a_body_is_refused_as_the_framework_refuses_it(
    http: TestClient[Any], people: People, action: str, body: bytes
) -> None:
    case = file_for(people)
    # An id in capitals is the same id, and goes the framework's way.
    long = of(http, people.mediator, f"/v1/disputes/{case.upper()}/{action}", body)
    short = of(http, people.mediator, f"/v1/disputes/{case}/{action}", body)
    occupancy: Occupancy = http.app.state.occupancy
    assert occupancy.taken(Work.WRITE) == 0
    if long[0] != 200:
        assert short == long
    else:
        # It was done; done again, it is stale.
        assert short[0] == 412


@pytest.mark.parametrize("case", ["{id}", "{ID}"])
def test_strangers_parameters_and_hosts_are_refused_alike(
    http: TestClient[Any], people: People, case: str
) -> None:
    given = file_for(people)
    path = f"/v1/disputes/{case.format(id=given, ID=given.upper())}/assignment"
    assert http.post(path, json={}).status_code == 401
    assert people.seller.post(path, {}).status_code == 404
    assert people.mediator.post(f"{path}?a=1", {}).status_code == 400
    assert people.mediator.post(path, {}, match=None).status_code == 428
    assert people.mediator.post(path, {}, host="a b").status_code == 400
    assert people.mediator.post(path, {}).status_code == 200


def test_what_is_sent_in_another_form_goes_the_frameworks_way() -> None:
    paths = {one.template: one for one in command_paths(make_app(is_development=False))}

    def taken(path: str, **other: Any) -> bool:
        scope: Any = {
            "type": "http",
            "method": other.get("method", "POST"),
            "path": path,
            "root_path": other.get("root", ""),
            "headers": [(b"host", other.get("host", b"h"))],
        }
        return route_of(scope, paths) is not None

    case = f"/v1/disputes/{uuid4()}"
    assert taken("/v1/disputes")
    assert taken(f"{case}/notes")
    assert taken(f"{case}/offers/3/acceptance")
    assert taken(f"{case}/appeal/decision")
    others = [
        taken(f"{case}/notes/"),
        taken(f"{case.upper()}/notes"),
        taken(f"{case}//notes"),
        taken(f"{case}/offers/03/acceptance"),
        taken(f"{case}/offers/1234567890/acceptance"),
        taken(f"{case}/evidence"),
        taken(f"{case}/nothing"),
        taken(case),
        taken(f"{case}/notes", method="GET"),
        taken(f"{case}/notes", host=b"a b"),
        taken(f"{case}/notes", root="/below"),
        taken("/v1/disputes/eligibility"),
    ]
    assert not any(others)
