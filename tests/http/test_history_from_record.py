"""A case's history rests on the record, whatever befalls the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for

POISON = b'{"case":"not a case","event":{"type":"ruled"}}'


def halt(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO redress.events (originator_id, originator_version, topic,"
            " state) VALUES (%s, 1, 'ruled', %s)",
            (uuid4(), POISON),
        )


def cut(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM redress.audit_trail WHERE version = 1")


def history(people: People, case: str) -> Any:
    return people.regulator.get(f"/v1/audit/disputes/{case}")


def test_a_halted_trail_hides_nothing_of_a_sound_case(
    people: People, background: Worker, system: System
) -> None:
    halt(system.url)
    background.catch_up()
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    background.catch_up()
    shown = history(people, case).json()
    present = people.regulator.get(f"/v1/disputes/{case}")
    assert present.headers["ETag"] == f'"{shown["version"]}"'
    assert shown["version"] == len(shown["facts"]) >= 2
    assert [one["type"] for one in shown["facts"]][:2] == ["filed", "admitted"]
    assert all(one["position"] for one in shown["facts"])


@pytest.mark.parametrize("harm", [lambda _: None, cut], ids=["nothing", "a row lost"])
def test_it_is_shown_as_the_trail_has_it(
    people: People,
    background: Worker,
    clock: Clock,
    system: System,
    harm: Callable[[str], None],
) -> None:
    story = CaseStory(people, background, clock).ruled()
    found = people.regulator.get("/v1/audit/search", dispute=story.id, limit=1_000)
    harm(system.url)
    shown = history(people, story.id).json()
    items = found.json()["items"]
    assert [{name: one[name] for name in items[0]} for one in shown["facts"]] == items


def test_what_has_no_position_yet_is_shown_without_one(
    people: People, background: Worker
) -> None:
    case = file_for(people)
    early = history(people, case)
    (filed,) = early.json()["facts"]
    assert (early.headers["ETag"], filed["position"]) == ('"1"', None)
    # One moment in one answer: no deadline of a version that is not shown.
    assert early.json()["version"] == 1
    assert {one["started_by"] for one in early.json()["deadlines"]} == {1}
    background.catch_up("sequencer")
    (filed,) = history(people, case).json()["facts"]
    # The rules are adopted first, at position 1.
    assert filed["position"] == 2


def test_a_version_that_there_is_is_not_waited_for(
    people: People, background: Worker, system: System
) -> None:
    halt(system.url)
    background.catch_up()
    path = f"/v1/audit/disputes/{file_for(people)}"
    assert people.regulator.get(path, min_version=1).json()["version"] == 1
