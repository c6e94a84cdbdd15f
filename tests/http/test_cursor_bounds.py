"""A cursor goes with one list: its route, its filters and sort, and its caller."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from interface.run.worker import Worker
from tests.http.conftest import People, file_for

DISPUTES = "/v1/disputes"


@pytest.fixture
def cases(people: People, background: Worker) -> None:
    for number in range(4):
        file_for(people, f"o-{number}")
    background.catch_up()


def refused(person: Any, path: str, **query: Any) -> None:
    answer = person.get(path, **query)
    assert answer.status_code == 400, answer.text
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/cursor", "no-cursor")
    assert "first page" in fault["detail"] or "第一页" in fault["detail"]


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("path", "made_for", "others"),
    [
        (DISPUTES, {}, [{"sort": "changed"}, {"phase": "filed"}, {"seller": "s-1"}]),
        (DISPUTES, {"seller": "s-1"}, [{}, {"seller": "s-2"}, {"assignee": ""}]),
        ("/v1/queue", {"sort": "due"}, [{}, {"sort": "opened"}, {"overdue": "true"}]),
        ("/v1/queue", {"assignee": ""}, [{}, {"assignee": "me"}, {"assignee": "x"}]),
    ],
)
def test_a_cursor_goes_with_its_filters_and_its_sort(
    people: People,
    path: str,
    made_for: dict[str, str],
    others: list[dict[str, str]],
) -> None:
    first = people.mediator.get(path, limit=1, **made_for).json()
    cursor = first["next"]
    again = people.mediator.get(path, limit=2, cursor=cursor, **made_for)
    assert again.status_code == 200, again.text
    assert len(again.json()["items"]) == 2
    assert first["items"][0]["id"] not in {one["id"] for one in again.json()["items"]}
    for other in others:
        refused(people.mediator, path, cursor=cursor, **other)


@pytest.mark.usefixtures("cases")
def test_a_cursor_goes_with_its_route_and_its_caller(people: People) -> None:
    cursor = people.mediator.get(DISPUTES, limit=1).json()["next"]
    refused(people.mediator, "/v1/queue", cursor=cursor)
    refused(people.supervisor, DISPUTES, cursor=cursor)
    events = people.auditor.get("/v1/audit/search", limit=1, type="filed").json()
    position = {"type": "filed", "cursor": events["next"]}
    assert len(people.auditor.get("/v1/audit/search", **position).json()["items"]) == 3
    refused(people.auditor, "/v1/audit/search", cursor=events["next"])
    refused(people.auditor, "/v1/audit/access-log", cursor=events["next"])


@pytest.mark.usefixtures("cases")
def test_a_cursor_that_somebody_made_or_mangled_is_refused(people: People) -> None:
    cursor: str = people.mediator.get(DISPUTES, limit=1).json()["next"]
    mangled = [
        cursor[:-1],
        cursor[1:],
        cursor + "A",
        *(
            f"{cursor[:at]}{'A' if cursor[at] != 'A' else 'B'}{cursor[at + 1 :]}"
            for at in range(len(cursor) - 1)
        ),
        # Of the form before: a place alone.
        "WyIyMDI2LTAzLTAyVDAyOjAwOjAwWiIsImFiYyJd",
    ]
    for one in mangled:
        refused(people.mediator, DISPUTES, cursor=one)
    for number in ("MQ", "MTIz", "1", "120"):
        refused(people.auditor, "/v1/audit/search", cursor=number)


@pytest.mark.usefixtures("cases")
def test_the_link_of_a_table_leads_on_with_an_empty_filter(people: People) -> None:
    asked = {"assignee": "", "format": "csv", "limit": "1"}
    answer = people.mediator.get(DISPUTES, **asked)
    link = answer.headers["Link"].partition(">")[0].removeprefix("<")
    query = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
    assert query.items() >= asked.items()
    assert people.mediator.get(DISPUTES, **query).status_code == 200


@pytest.mark.usefixtures("cases")
def test_the_client_walks_through_all_pages(people: People) -> None:
    cases = list(people.mediator.client.cases(limit=1, seller="s-1"))
    assert len({one.id for one in cases}) == 4
