"""What the queue counts is what it lists, and changes with each case."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, Person, file_for


def told(who: Person) -> Any:
    response = who.get("/v1/queue/counts")
    assert response.status_code == 200, response.text
    return response.json()


def by_listing(who: Person) -> Any:
    """Count what the queue lists."""
    rows = who.get("/v1/queue", limit="200").json()["items"]
    late = [row for row in rows if row["overdue"]]

    def kinds(name: str) -> dict[str, dict[str, int]]:
        cases, overdue = (Counter(row[name] for row in some) for some in (rows, late))
        return {
            one: {"total": cases[one], "overdue": overdue[one]} for one in sorted(cases)
        }

    people = Counter(row["assignee"] for row in rows)
    unclaimed = people.pop(None, 0)
    ordered = sorted(people.items(), key=lambda one: (-one[1], one[0]))
    return {
        "total": len(rows),
        "overdue": len(late),
        "unclaimed": unclaimed,
        "phases": kinds("phase"),
        "waiting_on": kinds("waiting_on"),
        "assignees": [{"assignee": one, "total": n} for one, n in ordered],
    }


def test_counts_are_those_of_the_list_as_cases_change(
    people: People, background: Worker, clock: Clock
) -> None:
    assert told(people.mediator)["total"] == 0
    cases = [file_for(people, f"o-{n}") for n in range(6)]
    background.catch_up()
    assert told(people.mediator)["unclaimed"] == 6
    people.mediator.act(cases[0], "assignment", {})
    people.mediator.act(cases[1], "admission", {})
    people.buyer.act(cases[2], "withdrawal", {})
    for hours in (0, 1, 20, 3, 40, 200):
        clock.forward(hours=hours)
        for who in (people.mediator, people.supervisor):
            assert told(who) == by_listing(who)
        background.catch_up()
    for who in (people.mediator, people.supervisor):
        assert told(who) == by_listing(who)
    assert told(people.mediator)["overdue"] > 0
    assert people.buyer.get("/v1/queue/counts").status_code == 403


def test_what_is_due_now_is_not_overdue_and_a_moment_later_it_is(
    people: People, background: Worker, clock: Clock
) -> None:
    file_for(people)
    background.catch_up()
    (row,) = people.mediator.get("/v1/queue").json()["items"]
    due = datetime.fromisoformat(row["due"])
    for early, late in ((timedelta(0), 0), (timedelta(microseconds=-1), 1)):
        clock.now = due - early
        assert told(people.mediator)["overdue"] == late
        assert told(people.mediator) == by_listing(people.mediator)


def recuse(people: People, case: str) -> None:
    """Recuse the mediator, who does not see the case after it."""
    conflict = {"conflict": "I know the seller."}
    response = people.mediator.post(f"/v1/disputes/{case}/recusal", conflict)
    assert response.status_code == 204


def test_cases_that_one_may_not_read_are_not_counted(
    people: People, background: Worker
) -> None:
    cases = [file_for(people, f"o-{n}") for n in range(3)]
    other = people.named("mediator", "m-2")
    other.act(cases[0], "assignment", {})
    recuse(people, cases[1])
    background.catch_up()
    assert told(other)["total"] == 3
    assert told(people.mediator) == by_listing(people.mediator)
    assert told(people.mediator)["total"] == 2
    # Somebody of the platform who has bought there as well.
    same = people.named("mediator", "b-1")
    assert told(same) == by_listing(same)
    assert told(same)["total"] == 0


def test_lists_of_cases_count_the_same(people: People, background: Worker) -> None:
    cases = [file_for(people, f"o-{n}") for n in range(4)]
    people.mediator.act(cases[0], "assignment", {})
    recuse(people, cases[1])
    background.catch_up()
    for who in (people.mediator, people.auditor, people.buyer, people.seller):
        for query in ({}, {"live": "true"}, {"reason": "defect"}, {"overdue": "false"}):
            listed = who.get("/v1/disputes", count="true", **query).json()
            assert listed["total"] == len(listed["items"])
            counted = who.get("/v1/disputes/counts", **query).json()
            assert counted["total"] == listed["total"]
