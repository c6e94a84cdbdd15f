"""The report over random histories is what plain Python counts from their events."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.filing.commands import FileDispute
from domain.refusals import Refusal
from projections.figures.metrics import metrics
from projections.figures.transparency import TRANSPARENCY
from projections.following.evolved_case import next_state
from projections.placed_events import Placed
from projections.reports.period import Question
from projections.reports.report import report
from tests.domain import offered_steps
from tests.domain.walked_case import RULED_STARTS, STARTS, WAITS, WalkedCase, costly
from tests.projections.event_history import Happened, History
from tests.projections.history_readings import paid, unpaid
from tests.projections.naive_figures import STAGES
from tests.projections.naive_report import NAIVE, hold
from tests.samples import BOOKS, FILE, MEDIATOR
from tests.sizes import sized

pytestmark = pytest.mark.store

MANY = int(os.environ.get("FIGURE_HISTORIES", sized(150, 300)))
"""How many histories: 20,000 in a long run."""

FIRST = int(os.environ.get("FIGURE_FIRST", "0"))
"""The first of them: a long run can be parted."""

ABOUT = (("quality", "defect"), ("quality", "malfunction"), ("other", "other"))
CHANNELS = ("order-page", "service-centre")


class TimedCase(WalkedCase):
    """A walked case that knows when each of its events happened."""

    def __init__(self, rules: Any, filing: FileDispute) -> None:
        self.history: list[Happened] = []
        super().__init__(rules, filing)

    def _record(self, events: Any) -> None:
        super()._record(events)
        self.history += (Happened(self.now, one) for one in events)


def walked(seed: int) -> History:
    """Walk one case at random, from filing to somewhere."""
    rng = Random(seed)
    start = rng.choice(sorted(STARTS))
    small = start in RULED_STARTS or rng.random() < 0.8
    category, reason = rng.choice(ABOUT)
    filing = replace(
        FILE if small else costly(),
        category=category,
        reason=reason,
        channel=rng.choice(CHANNELS),
    )
    case = TimedCase(BOOKS[rng.choice(BOOKS.ids)], filing)
    # Another reason than the sample's may need other evidence: it goes on from there.
    with suppress(Refusal):
        case.play(*STARTS[start])
    for _ in range(rng.randrange(40)):
        if rng.random() < 0.2:
            case.wait(rng.choice(WAITS) + timedelta(seconds=rng.randrange(3_600)))
        elif rng.random() < 0.4:
            offered_steps.step(case, rng)
        else:
            case.act(rng)
    return History(case.history)


def placed(number: int, history: History) -> Iterator[Placed]:
    state = None
    for version, one in enumerate(history.events, 1):
        recorded = Recorded(
            case=UUID(int=number),
            version=version,
            at=one.at,
            recorded_at=one.at,
            actor=MEDIATOR,
            command_id=UUID(int=version),
            policy="cn-default/1",
            event=one.event,
        )
        before, state = state, next_state(state, recorded)
        yield Placed(version, recorded, before, state)


@pytest.fixture(scope="module")
def histories() -> list[History]:
    return [walked(seed) for seed in range(FIRST, FIRST + MANY)]


@pytest.fixture
def session(url: str, histories: list[History]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO redress")
        # In turns, so that rows change again and again under the sums.
        rows: dict[UUID, Any] = {}
        streams = [list(placed(n, one)) for n, one in enumerate(histories, 1)]
        for turn in range(3):
            for first in range(0, len(streams), 200):
                after = {
                    UUID(int=number): TRANSPARENCY.rows_of(part)
                    for number, stream in enumerate(streams[first : first + 200], first)
                    if (part := stream[: len(stream) * (turn + 1) // 3])
                }
                before = {case: rows[case] for case in after if case in rows}
                moved = {
                    case: tuple(replace(row, case_id=case) for row in found)
                    for case, found in after.items()
                }
                with connection.transaction(), connection.cursor() as cursor:
                    TRANSPARENCY.store(cursor, before, moved)
                rows |= moved
        yield connection


def test_every_figure_is_counted_a_second_time() -> None:
    assert NAIVE.keys() == {one.id for one in metrics()}


@pytest.mark.parametrize("seed", [729, 1265, 1545, 1772])
def test_what_an_escalation_or_a_review_undoes_is_owed_no_more(seed: int) -> None:
    history = walked(seed)
    (row,) = TRANSPARENCY.rows_of(list(placed(seed, history)))
    assert (row.paid, row.unpaid) == (paid(history), unpaid(history))


@pytest.mark.parametrize("seed", [4129, 12380])
def test_an_answer_before_the_first_notice_took_no_time_from_it(seed: int) -> None:
    """Whoever answers at once may be sent the ruling first."""
    naive = STAGES["days-to-response"]
    assert naive.of([walked(seed)])["days"] == []


@pytest.mark.parametrize(("seed", "days"), [(3880, 0.0), (5634, 3.24827546)])
def test_a_pause_between_two_appeals_is_no_time_of_the_appeal(
    seed: int, days: float
) -> None:
    """It began and ended after the first appeal, and before the second."""
    history = walked(seed)
    (row,) = TRANSPARENCY.rows_of(list(placed(seed, history)))
    assert row.appeal_decided_at
    assert row.appealed_at
    took = row.appeal_decided_at - row.appealed_at
    still = (row.appeal_decided_paused or 0) - (row.appealed_paused or 0)
    net = took - timedelta(microseconds=still)
    assert net / timedelta(days=1) == pytest.approx(days)
    assert NAIVE["days-to-appeal-decision-net"].of([history])["days"] == [
        pytest.approx(days)
    ]


def test_no_length_of_time_is_negative(histories: list[History]) -> None:
    """Also not of a case that is escalated again after its ruling."""
    for stage, naive in STAGES.items():
        assert min(naive.of(histories)["days"]) >= 0, stage


@pytest.mark.parametrize("from_rows", [False, True])
@pytest.mark.parametrize("by", ["none", "month", "reason", "channel", "outcome"])
def test_the_report_is_what_plain_python_counts(
    session: psycopg.Connection, histories: list[History], by: str, *, from_rows: bool
) -> None:
    found = report(session, Question(period="2026", by=by), from_rows=from_rows)
    hold(found, histories, by, "2026")
