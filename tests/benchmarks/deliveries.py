"""The storm over the deliveries: 20,000 events, the worker killed 100 times meanwhile.

Four receivers: a steady one, a slow one, one that fails and takes messages twice, and
one that is down for a while. Measured beside the recording of the same events alone.
`BENCH_STORM` makes a smaller one: "2000 10" is 2,000 events and 10 kills.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.benchmarks.measurement import Bench, Result
from tests.deliveries.storm import Tempers, storm

EVENTS, KILLS = 20_000, 100
PAUSE_SECONDS = 6.0
TEMPERS = Tempers(down_seconds=120.0)


class StormLost(Exception):
    """Something was lost, came in another order, or twice under another id."""


def measure(bench: Bench) -> Iterator[Result]:
    """Yield the rate of deliveries, and how many came twice. Raises StormLost."""
    asked = os.environ.get("BENCH_STORM", f"{EVENTS} {KILLS}").split()
    events, kills = map(int, asked)
    with (
        bench.database() as url,
        storm(url, bench.folder / "storm", TEMPERS) as one,
    ):
        outcome = one.run(events, kills, PAUSE_SECONDS)
        faults = list(one.faults())
    if faults or outcome.dead:
        raise StormLost(f"{faults}; dead letters: {outcome.dead}")
    against = f"{outcome.events} events, {outcome.kills} kills"
    rate = outcome.deliveries / outcome.seconds
    yield Result(
        name="deliveries-in-a-storm",
        value=round(rate, 1),
        unit="deliveries/s",
        against=against,
        baseline=outcome.events,
        ratio=round(rate / outcome.events, 4),
    )
    yield Result(
        name="deliveries-taken-twice",
        value=outcome.duplicates,
        unit="messages",
        against=f"{outcome.deliveries} deliveries",
        baseline=outcome.deliveries,
        ratio=round(outcome.duplicates / outcome.deliveries, 4),
    )
