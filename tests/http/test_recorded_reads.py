"""What auditors and regulators read is recorded, on every route there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.testing import TestClient

from application.access.access_log import AccessLog, Sought
from domain.access_events import CaseViewed
from domain.roles import Role
from interface.api.recorded_reads import WATCHED, Read
from interface.bootstrap import System
from tests.http import lasting
from tests.http.conftest import People, file_for
from tests.http_app import whole_app

# Each test looks at what was recorded since it began.
url, home, clock = lasting.url, lasting.home, lasting.clock
system, http, people = lasting.system, lasting.http, lasting.people

ROLES = [role for role in Role if role is not Role.CLOCK]
NOBODY = "00000000-0000-0000-0000-000000000001"


def reads(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    """Find every route of the API that is read from."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            path = route.path_format
            if path.startswith("/v1/") and "GET" in handler.http_methods:
                yield path, handler


APP = whole_app()
ROUTES = dict(reads(APP))


def test_what_is_sent_about_no_case_is_recorded_or_says_why_not() -> None:
    silent = [
        route.path_format
        for route in APP.routes
        for handler in getattr(route, "route_handlers", ())
        if route.path_format.startswith("/v1/")
        and "POST" in handler.http_methods
        and "{dispute_id" not in route.path_format
        and not handler.opt.get("unrecorded")
        and WATCHED & (handler.opt.get("roles") or frozenset(Role))
    ]
    assert silent == []


def test_every_route_says_what_is_read_or_why_that_is_not_recorded() -> None:
    silent = [
        path
        for path, handler in ROUTES.items()
        if "what" not in handler.opt
        and not handler.opt.get("unrecorded")
        # Parties and staff alone may ask: no auditor comes as far as reading.
        and WATCHED & (handler.opt.get("roles") or frozenset(Role))
    ]
    assert not silent
    assert len(ROUTES) > 25


@pytest.fixture(scope="module")
def filled(people: People) -> dict[str, str]:
    case = file_for(people)
    return {
        "dispute_id": case,
        "number": "1",
        "version": "1",
        "edition": "1",
        "seller": "s-1",
        "period": "2026-03",
        "erasure_id": NOBODY,
        "name": "cn-default",
        "tile": "0/000",
        "link": "none",
        "webhook_id": NOBODY,
        "delivery_id": NOBODY,
    }


class Recorded:
    """What was recorded since it was made."""

    def __init__(self, system: System) -> None:
        self._log = AccessLog(system.database)
        latest = self._log.found(Sought(platform=None), limit=1, before=None)
        self._after = latest[0].number if latest else 0

    def __call__(self) -> list[str]:
        """Return what was read, the latest first."""
        return [
            one.event.what
            for one in self._log.found(Sought(platform=None), limit=50, before=None)
            if one.number > self._after and isinstance(one.event, CaseViewed)
        ]


@pytest.fixture
def recorded(system: System, filled: dict[str, str]) -> Recorded:
    # To file the case is no part of the test.
    del filled
    return Recorded(system)


@pytest.mark.parametrize("path", ROUTES)
def test_a_route_records_who_is_watched_and_nobody_else(
    path: str, people: People, recorded: Recorded, filled: dict[str, str]
) -> None:
    handler = ROUTES[path]
    allowed = handler.opt.get("roles") or frozenset(Role)
    watched = WATCHED | handler.opt.get("watched", frozenset())
    before, failures = recorded(), []
    for role in ROLES:
        person = getattr(people, role)
        answer = person.get(path.format(**filled))
        if "unrecorded" in handler.opt:
            expected: list[str] = []
        elif role not in allowed:
            expected = []
            if answer.status_code != 403:
                failures.append(f"{role}: {answer.status_code} instead of 403")
        else:
            expected = [handler.opt["what"]] if role in watched else []
        now = recorded()
        if now[: len(now) - len(before)] != expected:
            failures.append(f"{role}: {now} after {before}, expected {expected}")
        before = now
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("role", sorted(WATCHED))
def test_without_a_purpose_nothing_is_read(
    path: str, role: Role, people: People, recorded: Recorded, filled: dict[str, str]
) -> None:
    handler = ROUTES[path]
    if "unrecorded" in handler.opt or role not in (handler.opt["roles"] or set(Role)):
        return
    person = getattr(people, role)
    del person.headers["Purpose"]
    answer = person.get(path.format(**filled))
    assert answer.status_code == 400
    assert answer.json()["type"].endswith(":purpose-missing")
    assert recorded() == []


def test_a_command_of_a_regulator_is_recorded_as_one(
    people: People, recorded: Recorded, filled: dict[str, str]
) -> None:
    case = filled["dispute_id"]
    people.regulator.act(case, "legal-holds", {"basis": "Order 2026-77"})
    assert recorded() == [Read.COMMAND]


def test_what_cannot_be_seen_is_not_recorded(
    people: People, recorded: Recorded
) -> None:
    assert people.auditor.get(f"/v1/disputes/{NOBODY}").status_code == 404
    assert recorded() == []


def test_the_entries_of_the_log_are_recorded_by_their_handler(
    http: TestClient[Any], people: People, recorded: Recorded
) -> None:
    reader = people.named("auditor", "a-1", platform=None)
    reader.get("/v1/log/tile/entries/000")
    assert recorded() == [Read.LOG_ENTRIES]
    http.get("/v1/log/tile/0/000")
    assert recorded() == [Read.LOG_ENTRIES]
