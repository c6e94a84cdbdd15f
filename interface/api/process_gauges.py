"""Gauges of this process: its connections to the database, and who waits in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar.datastructures import State
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from interface.api.bulkheads import BOUNDS
from interface.api.gauges import labelled
from interface.bootstrap import System


class ProcessGauges(Collector):
    """The pools of connections, and the requests that are under way or wait."""

    def __init__(self, system: System, state: State) -> None:
        self._pools = {
            "requests": system.database.request_pool,
            "application": system.database.pool,
            "keys": system.keys.database.pool,
        }
        self._state = state

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every gauge."""
        found = {name: one.get_stats() for name, one in self._pools.items()}
        yield _of_pools("pool_connections", "Connections that are open.", found)
        yield _of_pools("pool_idle", "Connections that nobody uses.", found)
        yield _of_pools("pool_most", "Connections that may be open.", found)
        yield _of_pools("pool_waiting", "Threads that wait for a connection.", found)
        occupancy = self._state.occupancy
        yield labelled(
            "requests_running",
            "Requests that are under way.",
            ["work"],
            [((kind,), occupancy.taken(kind)) for kind in BOUNDS],
        )
        yield labelled(
            "requests_waiting",
            "Requests that wait for news: of the feed, or of a view.",
            ["for"],
            [
                (("feed",), self._state.feed_tail.waiting),
                (("view",), self._state.looks.waiting),
            ],
        )


_STATS = {
    "pool_connections": "pool_size",
    "pool_idle": "pool_available",
    "pool_most": "pool_max",
    "pool_waiting": "requests_waiting",
}


def _of_pools(
    name: str, says: str, found: dict[str, dict[str, Any]]
) -> GaugeMetricFamily:
    # What never happened is not among the library's figures.
    samples = [((pool,), one.get(_STATS[name], 0)) for pool, one in found.items()]
    return labelled(name, says, ["pool"], samples)
