"""The sample cases: in every phase, with every outcome, some overdue, no two alike."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from domain.case.dispute import Phase
from domain.case.outcome import Outcome
from interface.bootstrap import System
from interface.demo.cast import cast
from interface.demo.player import DAYS, Clock, Player, with_clock
from interface.health import health
from projections.case_search import Filters, listed
from tests.samples import BOOKS, NOW


def test_the_same_seed_casts_the_same() -> None:
    first, again = cast(3, 7, BOOKS.codes), cast(3, 7, BOOKS.codes)
    assert first.command == again.command
    assert cast(3, 8, BOOKS.codes).command != first.command


@pytest.mark.long
@pytest.mark.parametrize("cases", [200])
def test_sample_cases_stand_in_every_phase(system: System, cases: int) -> None:
    clock = Clock(NOW - timedelta(days=DAYS + 1))
    told: list[int] = []
    Player(with_clock(system, clock), clock).play(cases, NOW, told.append)
    with system.database.get_connection() as connection:
        rows = listed(connection, Filters(now=NOW), sort="due", limit=1_000)
    assert len(rows) == cases
    assert told[-1] > cases / 2
    phases = Counter(row.phase for row in rows)
    assert set(phases) == set(Phase) - {Phase.NONE}
    outcomes = {row.outcome for row in rows if row.outcome}
    assert outcomes == set(Outcome) - {Outcome.DECIDED_ELSEWHERE, Outcome.ANSWERED}
    overdue = [row for row in rows if row.due and row.due < NOW]
    assert 3 < len(overdue) < 60
    assert {row.category for row in rows} == set(BOOKS.codes.categories) - {"other"}
    assert health(system).wrong == ()
