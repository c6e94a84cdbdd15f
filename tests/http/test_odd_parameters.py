"""Odd numbers and texts in every path and every query: never a fault of ours."""

from __future__ import annotations

import logging
import re
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.sizes import only_whole

ODD = (
    "9" * 30,
    "9223372036854775808",
    "-1",
    "0",
    "1e400",
    "1.5",
    "NaN",
    "\uff11\uff12",
    "\u0661",
    "1_0",
    "\0",
    "a\nb",
    "\u202e",
    "\u200b",
    "x" * 3_000,
    "'; --",
    "..",
    "position:99999999999999999999",
    "position:-1",
    "2026-13-45",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "00000000-0000-0000-0000-000000000000:99999999999999999999",
)
RAW = ("%ED%A0%80", "%FF", "%", "%zz", "+", "&", "=")
FILLED = {"limit", "request", "system", "context", "data", "headers"}


def reads(http: TestClient[Any]) -> dict[str, set[str]]:
    """Return the parameters of every path that can be read."""
    found: dict[str, set[str]] = {}
    for route in http.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if "GET" in handler.http_methods and not route.path.startswith("/schema"):
                names = handler.parsed_fn_signature.parameters.keys()
                found[route.path_format] = {name.rstrip("_") for name in names}
    return found


@pytest.mark.parametrize(
    "role", ["mediator", pytest.param("regulator", marks=only_whole)]
)
def test_odd_values_are_never_a_fault_of_ours(
    http: TestClient[Any],
    people: People,
    background: Worker,
    caplog: pytest.LogCaptureFixture,
    role: str,
) -> None:
    case = file_for(people)
    background.catch_up()
    person = getattr(people, role)
    known = {"dispute_id": case, "seller": "s-1"}
    faults: list[tuple[str, int]] = []
    answers: Counter[int] = Counter()

    def ask(target: str) -> None:
        status = person.get(target).status_code
        answers[status] += 1
        # 503 answers what waits for a version that there is not.
        if status >= 500 and status != 503:
            faults.append((target[:120], status))

    for path, names in reads(http).items():
        places = re.findall(r"\{(\w+)[^}]*\}", path)
        for name in places:
            for value in [*(quote(one, safe="") for one in ODD), *RAW[:2]]:
                filled = {one: known.get(one, "1") for one in places} | {name: value}
                ask(path.format(**filled))
        whole = path.format(**{one: known.get(one, "1") for one in places})
        for name in names - set(places) - FILLED - {"after"}:
            for value in [*(quote(one, safe="") for one in ODD), *RAW]:
                ask(f"{whole}?{name}={value}")
    assert faults == []
    # All kinds of answers came: the values reached what is behind the door.
    assert answers.total() > 1_000
    assert answers.keys() >= {200, 400, 404}
    errors = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert [one.getMessage()[:200] for one in errors] == []
