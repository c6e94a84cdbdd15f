"""A date is taken wherever a time is, and so is an offset whose "+" became a blank."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from application.cases.plain_dates import first_moment
from tests.conftest import Clock, ManualWorker
from tests.http.conftest import People, file_for
from tests.http_app import document

SHANGHAI = "Asia/Shanghai"


def filters() -> list[tuple[str, str]]:
    """Return each (path, parameter) of a list that holds a time."""
    paths = document()["paths"]
    return [
        (path, one["name"])
        for path, item in paths.items()
        for one in item.get("get", {}).get("parameters", ())
        if "{" not in path and "date-time" in str(one["schema"])
    ]


FILTERS = filters()


def test_there_are_such_filters() -> None:
    assert {name for _, name in FILTERS} >= {"since", "until"}


@pytest.mark.parametrize(("path", "name"), FILTERS)
def test_each_filter_by_a_time_takes_a_date(
    people: People, path: str, name: str
) -> None:
    who = people.auditor if "audit" in path else people.mediator
    answer = who.get(path, **{name: "2026-11-26"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["X-Time-Zone"] == SHANGHAI
    precise = who.get(path, **{name: "2026-11-26T00:00:00+08:00"})
    assert precise.status_code == 200
    assert "X-Time-Zone" not in precise.headers


def test_a_date_is_its_first_moment_on_the_platform(
    people: People, clock: Clock, worker: ManualWorker
) -> None:
    # 00:30 of the 3rd in Shanghai is still the 2nd in UTC.
    clock.now = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    file_for(people)
    worker.catch_up()

    def found(**query: str) -> int:
        return len(people.auditor.get("/v1/audit/search", **query).json()["items"])

    assert found(since="2026-03-03") == 1
    assert found(until="2026-03-03") == 0
    assert found(since="2026-03-03", until="2026-03-04") == 1
    assert found(since="2026-03-04") == 0


def test_a_moment_may_be_a_date(people: People, clock: Clock) -> None:
    clock.now = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    case = file_for(people)
    path = f"/v1/audit/disputes/{case}"
    assert people.auditor.get(path, as_of="2026-03-04").json()["version"] == 1
    early = people.auditor.get(path, as_of="2026-03-03")
    assert early.status_code == 404
    assert early.headers["X-Time-Zone"] == SHANGHAI
    both = {"from": "2026-03-03", "to": "2026-03-04"}
    shown = people.auditor.get(f"{path}/difference", **both).json()
    assert (shown["before"], shown["after"]) == (0, 1)


def test_a_plus_that_was_not_escaped_is_understood(people: People) -> None:
    case = file_for(people)
    path = f"/v1/audit/disputes/{case}"
    # Written by hand, because httpx would escape it.
    raw = f"{path}?as_of=2030-01-01T09:00:00+08:00"
    answer = people.auditor.http.get(raw, headers=people.auditor.headers)
    assert answer.status_code == 200, answer.text
    for offset in (" 08:00", "+08:00"):
        said = f"2030-01-01T09:00:00{offset}"
        answer = people.auditor.get("/v1/audit/search", since=said)
        assert answer.status_code == 200, answer.text


def test_a_time_without_its_offset_is_told_how_to_write_it(people: People) -> None:
    answer = people.auditor.get("/v1/audit/search", since="2030-01-01T09:00:00")
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/since", "no-offset")
    assert "%2B" in fault["detail"]


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-13-01", "0001-01-01", "0000-01-01"]
)
def test_a_day_that_is_none_is_named_with_its_zone(people: People, day: str) -> None:
    answer = people.auditor.get("/v1/audit/search", since=day)
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/since", "no-such-day")
    assert SHANGHAI in fault["detail"]


def test_the_access_log_keeps_the_query_as_it_was_sent(people: People) -> None:
    people.auditor.get("/v1/audit/search", since="2026-03-03")
    log = people.auditor.get("/v1/audit/access-log").json()["items"]
    assert "/v1/audit/search?since=2026-03-03" in {one["event"]["path"] for one in log}


def test_a_day_begins_where_the_clocks_go_forward() -> None:
    begins = first_moment("2026-03-29", "Europe/Berlin")
    assert begins is not None
    assert begins.astimezone(UTC) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert first_moment("2026-3-29", "Europe/Berlin") is None


def test_in_a_body_a_time_is_exact(people: People) -> None:
    order = {
        "id": "o-1",
        "line": "1",
        "paid": {"amount": "129.00", "currency": "CNY"},
        "received_at": "2026-02-27",
    }
    answer = people.buyer.file(order=order)
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/order/received_at", "not-a-time")
