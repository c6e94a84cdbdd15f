"""Erasure killed at any step, or overtaken: it goes on, and leaves nothing out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.privacy.erasure import Eraser, NotErasable
from application.privacy.erasure_requests import ErasureRequest, Subject
from application.privacy.final_erasures import decode_final
from application.record.codec import ERASED
from domain.filing.events import Filed
from domain.identity import ERASURES
from domain.privacy.events import SubjectErased
from domain.refusals import SamePerson
from domain.roles import Party
from interface.bootstrap import System
from interface.run.erasure_job import eraser
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import PNG, CaseStory
from tests.http.conftest import People
from tests.privacy.ended_cases import FACTS, HOLD, YEARS, story_on, with_a_file
from tests.simulated_kill import Killed

pytestmark = pytest.mark.long

BUYER = Subject(platform="shop", party=Party.BUYER, id="b-1")
STEPS = (
    *("retire", "append_within", "claimed"),
    *("destroy", "count", "remove", "unlink", "destroy_wrapping", "finish"),
)
AFTER_RECORD = {*STEPS[3:]}


def approved(worker: Eraser, clock: Clock) -> ErasureRequest:
    wanted = ErasureRequest(
        erasure_id=UUID(int=7),
        platform="shop",
        party=Party.BUYER,
        subject="b-1",
        basis="Request 2026-12",
        requested_by="v-1",
        requested_at=clock(),
    )
    worker.approvals.request(wanted)
    with pytest.raises(SamePerson):
        worker.approvals.approve(wanted, "v-1", clock())
    return worker.approvals.approve(wanted, "v-2", clock())


def kill_at(step: str, worker: Eraser, patch: pytest.MonkeyPatch) -> None:
    def die(*_: Any, **__: Any) -> Any:
        raise Killed

    match step:
        case "count" | "remove":
            patch.setattr(worker._files, step, die)  # noqa: SLF001
        case "unlink":
            patch.setattr(Path, "unlink", once_then(Path.unlink, die))
        case "destroy_wrapping":
            patch.setattr(f"application.privacy.final_erasures.{step}", die)
        case "finish":
            patch.setattr(worker.erasures, "finish", die)
        case "claimed":
            patch.setattr(worker, "_erasure_events", lambda *_: die())
        case _:
            patch.setattr(f"application.privacy.erasure.{step}", die)


def once_then(first: Callable[..., Any], later: Callable[..., Any]) -> Any:
    """Return a function that does the one the first time, and then the other."""
    steps = iter([first])

    def call(*args: Any, **named: Any) -> Any:
        return next(steps, later)(*args, **named)

    return call


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_worker_completes_it(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
    step: str,
) -> None:
    other = with_a_file(story_on(people, background, clock, "o-2"), PNG + b"2")
    clock.forward(days=YEARS)
    background.catch_up()
    worker = eraser(system)
    erasure = approved(worker, clock)
    with pytest.MonkeyPatch.context() as patch:
        kill_at(step, worker, patch)
        with pytest.raises(Killed):
            worker.carry_out(erasure)
    events = [system.disputes.find(one).events for one in told_ids(ended_case, other)]
    recorded = {any(isinstance(f.event, SubjectErased) for f in one) for one in events}
    assert recorded == {step in AFTER_RECORD}
    background.catch_up()
    row = worker.erasures.find(erasure.erasure_id)
    assert row is not None
    # Both files were counted, also where one of them was deleted before the kill.
    assert (row.state, row.files) == ("done", 2)
    assert row.final_at == row.done_at
    finals = system.record.read(ERASURES)
    assert [decode_final(one.state).event.erasure for one in finals] == [row.erasure_id]
    for case in told_ids(ended_case, other):
        stream = system.disputes.find(case)
        told = [one.event for one in stream.events]
        assert sum(isinstance(one, SubjectErased) for one in told) == 1
        first = system.record.opened(stream.events)[0].event
        assert isinstance(first, Filed)
        assert first.facts == ERASED
    assert not [one for one in system.evidence.folder.rglob("*") if one.is_file()]


def told_ids(*cases: CaseStory) -> list[Any]:
    return [UUID(one.id) for one in cases]


def test_a_case_that_moves_on_meanwhile_is_looked_at_again(
    background: Worker, clock: Clock, ended_case: CaseStory, system: System
) -> None:
    clock.forward(days=YEARS)
    background.catch_up()
    worker = eraser(system)
    erasure = approved(worker, clock)
    commit = worker._commit  # noqa: SLF001

    def later(*arguments: Any) -> None:
        ended_case.people.regulator.act(ended_case.id, "legal-holds", HOLD)
        background.catch_up("sequencer", "views")
        commit(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "_commit", later)
        with pytest.raises(NotErasable, match="under legal hold"):
            worker.carry_out(erasure)
    assert ended_case.seen()["facts"] == FACTS


def test_whoever_finishes_first_tells_the_same_count(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
) -> None:
    other = with_a_file(story_on(people, background, clock, "o-2"), PNG + b"2")
    clock.forward(days=YEARS)
    background.catch_up()
    erasure = approved(eraser(system), clock)
    background.start()
    # As `redress erase` does, side by side with each other and the job of a worker.
    with ThreadPoolExecutor() as pool:
        both = [eraser(system) for _ in range(2)]
        told = list(pool.map(lambda one: one.carry_out(erasure), both))
    background.stop()
    again = eraser(system).carry_out(erasure)
    assert {*told_ids(ended_case, other)} == {*(again.case_ids or ())}
    assert [one.files for one in (*told, again)] == [2, 2, 2]
    assert {one.done_at for one in (*told, again)} == {again.done_at}
