"""Every route, asked wrongly in many ways, says what is wrong in Chinese.

`tests/http_app.py` holds each problem to the language that was asked for.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from litestar.testing import TestClient

from tests.http.conftest import FILING, People, file_for
from tests.http.read_paths import PARAMETERS

ROLES = ("buyer", "seller", "platform", "mediator", "supervisor", "auditor")
CHINESE = {"Accept-Language": "zh-CN"}
COMMAND = CHINESE | {"If-Match": '"1"'}
BODIES: tuple[Any, ...] = (
    {},
    {"colour": "red"},
    {"reason": 7, "text": None, "note": [], "amount": "x", "items": {}, "kind": "?"},
    {"reason": "x" * 30_000, "text": "", "amount": {"amount": "-1", "currency": "Q"}},
)


def operations(http: TestClient[Any], case: str) -> list[tuple[str, str]]:
    """Return method and path of every operation, about a case where it has one."""
    ids = PARAMETERS | {"{dispute_id}": case}
    paths = http.get("/schema/openapi.json").json()["paths"]
    return [
        (method.upper(), re.sub(r"\{\w+\}", lambda one: ids.get(one[0], "1"), path))
        for path, item in paths.items()
        for method in item
        if method in {"get", "post", "put", "patch", "delete"}
    ]


def test_every_route_says_in_chinese_what_is_wrong(
    people: People, http: TestClient[Any]
) -> None:
    case = file_for(people)
    told: dict[str, int] = {}

    def ask(method: str, path: str, **how: Any) -> None:
        answer = http.request(method, path, **how)
        if "problem+json" in answer.headers.get("content-type", ""):
            assert answer.headers["Content-Language"].startswith("zh")
            code = answer.json()["type"].rpartition(":")[2]
            told[code] = told.get(code, 0) + 1

    for number, (method, path) in enumerate(operations(http, case)):
        ask(method, path, headers=CHINESE | {"Authorization": "Bearer x.y.z"})
        ask(method, f"{path}?colour=red&limit=x&after=y&cursor=z", headers=COMMAND)
        for place in range(3):
            role = ROLES[(number + place) % len(ROLES)]
            known = getattr(people, role).headers | COMMAND
            key = {"Idempotency-Key": str(uuid4())}
            ask(method, f"{path}?colour=red", headers=known)
            if method == "GET":
                ask(method, f"{path}?limit=x&after=y&cursor=z&sort=q", headers=known)
                continue
            ask(method, path, headers=known, json={})
            ask(method, path, headers=known | key, content=b"[")
            for body in BODIES:
                more = {"Idempotency-Key": str(uuid4())}
                ask(method, path, headers=known | more, json=body)
    for changes in (
        {"claim": {"kind": "refund", "amount": {"amount": "9e9", "currency": "CNY"}}},
        {"claim": {"kind": "refund", "amount": {"amount": "999", "currency": "CNY"}}},
        {"claim": {"kind": "refund", "amount": {"amount": "9", "currency": "USD"}}},
        {"reason": "none-such"},
        {"category": "none-such"},
        {"facts": "!!!"},
        {"order": FILING["order"] | {"received_at": "2020-01-01T00:00:00+08:00"}},
        {"order": FILING["order"] | {"received_at": "soon"}},
        {},
    ):
        body = FILING | changes
        key = {"Idempotency-Key": str(uuid4())}
        headers = people.buyer.headers | CHINESE | key
        ask("POST", "/v1/disputes", headers=headers, json=body)
    assert len(told) >= 15, told
    assert sum(told.values()) > 500
