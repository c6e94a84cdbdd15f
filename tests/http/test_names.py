"""Ids that clients give have one form, on every path; what is invisible is refused."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import uuid4

import pytest
from msgspec import Struct

from application.record.codec import ERASED
from interface.api.commands.id_fields import ID
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import FILING, People
from tests.http_app import document, whole_app
from tests.privacy.ended_cases import erased

HIDDEN = "\u200b"


def order(order_id: str, line: str = "1") -> dict[str, Any]:
    return {**FILING["order"], "id": order_id, "line": line}


def test_one_order_line_has_one_live_dispute_however_its_id_is_written(
    people: People,
) -> None:
    first = people.buyer.file(order=order("caf\u00e9"))
    assert first.status_code == 201
    for written in ("caf\u00e9 ", " cafe\u0301", "\u3000cafe\u0301\u00a0"):
        again = people.buyer.file(order=order(written))
        assert again.status_code == 409, written
        assert again.json()["type"].endswith("already-filed")
    assert people.buyer.file(order=order("caf\u00e9", " 1 ")).status_code == 409
    hidden = people.buyer.file(order=order("caf\u00e9" + HIDDEN))
    assert hidden.status_code == 422
    (fault,) = hidden.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/order/id", "invisible-character")
    assert "U+200B" in fault["detail"]
    listed = people.mediator.get("/v1/disputes").json()["items"]
    assert len(listed) <= 1


def id_places(kind: Any, at: str = "") -> Iterator[str]:
    """Yield the place of every id in a type of body; lists are looked at by item 0."""
    if get_origin(kind) is Annotated:
        if ID in kind.__metadata__:
            yield at
        yield from id_places(get_args(kind)[0], at)
    elif isinstance(kind, type) and issubclass(kind, Struct):
        for name, hint in get_type_hints(kind, include_extras=True).items():
            yield from id_places(hint, f"{at}/{name}")
    elif get_origin(kind) is tuple:
        yield from id_places(get_args(kind)[0], f"{at}/0")
    else:
        for one in get_args(kind):
            yield from id_places(one, at)


DOCUMENT = document()
PLACES = [
    (route.path_format, place)
    for route in whole_app().routes
    for handler in getattr(route, "route_handlers", ())
    if "data" in handler.parsed_fn_signature.parameters
    for place in id_places(handler.parsed_fn_signature.parameters["data"].annotation)
]
SUPERVISED = ("/v1/api-keys", "/v1/audit/grants", "/v1/erasures")


def with_id(path: str, place: str, name: str) -> Any:
    """Return the documented example of a body, with a name in one place."""
    content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]
    (body, *_) = deepcopy(content["application/json"]["schema"]["examples"])
    *parents, last = place.removeprefix("/").split("/")
    inner = body
    for part in parents:
        inner = inner[int(part)] if part.isdecimal() else inner[part]
    inner[last] = name
    return body


def test_there_are_ids_in_bodies() -> None:
    assert len(PLACES) > 15
    assert ("/v1/disputes", "/order/id") in PLACES
    assert ("/v1/disputes/{dispute_id}/ruling", "/reasons/0/rule/id") in PLACES


@pytest.mark.parametrize(("path", "place"), PLACES)
def test_no_body_takes_an_id_with_an_invisible_character(
    people: People, path: str, place: str
) -> None:
    person = people.supervisor if path in SUPERVISED else people.platform
    body = with_id(path, place, f"x{HIDDEN}y")
    headers = {} if path in SUPERVISED else {"On_Behalf_Of": "buyer"}
    answer = person.post(path.format(dispute_id=uuid4(), number=1), body, **headers)
    assert answer.status_code == 422, answer.text
    faults = {one["pointer"]: one["code"] for one in answer.json()["errors"]}
    assert faults == {place: "invisible-character"}


FILTERS = [
    ("mediator", "/v1/disputes", "buyer"),
    ("mediator", "/v1/disputes", "seller"),
    ("mediator", "/v1/queue", "assignee"),
    ("auditor", "/v1/audit/search", "buyer"),
    ("auditor", "/v1/audit/search", "seller"),
    ("auditor", "/v1/audit/search", "actor"),
    ("auditor", "/v1/audit/access-log", "reader"),
    ("buyer", "/v1/sanctions", "seller"),
]


@pytest.mark.parametrize(("role", "path", "name"), FILTERS)
def test_a_filter_by_a_name_has_the_same_form(
    people: People, role: str, path: str, name: str
) -> None:
    refused = getattr(people, role).get(path, **{name: f"b-1{HIDDEN}"})
    assert refused.status_code == 400
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (f"/{name}", "invisible-character")
    assert "U+200B" in fault["detail"]
    chinese = getattr(people, role).http.get(
        path,
        params={name: f"b-1{HIDDEN}"},
        headers=getattr(people, role).headers | {"Accept-Language": "zh"},
    )
    assert "不可见字符 U+200B" in chinese.json()["errors"][0]["detail"]


def test_a_filter_finds_a_name_however_it_is_written(
    people: People, background: Worker
) -> None:
    buyer = people.named("buyer", "caf\u00e9")
    assert buyer.file().status_code == 201
    background.catch_up()
    for written in ("caf\u00e9", " cafe\u0301 "):
        found = people.mediator.get("/v1/disputes", buyer=written).json()["items"]
        assert [one["buyer"] for one in found] == ["caf\u00e9"]


def test_a_buyer_whose_name_begins_like_a_case_is_erased(
    people: People, whole_worker: Worker, clock: Clock
) -> None:
    buyer = people.named("buyer", "case:x")
    case = buyer.file().json()["id"]
    buyer.act(case, "withdrawal", {"reason": "Settled outside."})
    whole_worker.catch_up()
    clock.forward(days=3 * 366)
    whole_worker.catch_up()
    assert erased(people, whole_worker, subject="case:x")["state"] == "done"
    assert people.mediator.get(f"/v1/disputes/{case}").json()["facts"] == ERASED


def test_nobody_is_called_as_a_nameless_party(people: People) -> None:
    name = f"case:{uuid4()}"
    refused = people.buyer.file(seller=name)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "reserved"
