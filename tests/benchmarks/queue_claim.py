"""Claims of fifty mediators at once, with and without half a million taken cases."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from domain.roles import Role
from interface.bootstrap import System
from interface.callers.caller import Caller
from tests.benchmarks.measurement import Bench, Rate, Result, compared
from tests.benchmarks.queue_rows import generate, owner_of, repeat, system_of
from tests.http.conftest import Person
from tests.http_app import serving

CASES, MEDIATORS, EACH, TAKEN = 10_000, 50, 4, 500_000
LIVE_AND_TAKEN = "assignee IS NOT NULL AND phase <> 'closed'"


def measure(bench: Bench) -> Iterator[Result]:
    with bench.database() as small_url, bench.database() as large_url:
        small = filled(bench.folder / "few", small_url, taken=0)
        large = filled(bench.folder / "taken", large_url, taken=TAKEN)
        theirs, ours = claims(small), claims(large)
        against = f"the same of {CASES:,} cases"
        yield compared("queue-claim", "claims/s", ours, against, theirs)
        small.close()
        large.close()


def filled(home: Path, url: str, *, taken: int) -> System:
    """Fill a queue; the most urgent cases of it are taken already."""
    system = system_of(url, home)
    generate(system, CASES)
    with owner_of(url) as owner:
        owner.execute("SET search_path TO redress")
        count = f"SELECT count(*) FROM queue WHERE {LIVE_AND_TAKEN}"
        ((there,),) = owner.execute(count.encode()).fetchall()
        repeat(owner, taken // there, LIVE_AND_TAKEN)
        owner.execute(
            "UPDATE queue SET due = due - interval '60 days'"
            f" WHERE {LIVE_AND_TAKEN}".encode()
        )
        owner.execute("VACUUM ANALYZE queue")
    return system


def claims(system: System) -> Rate:
    """Let fifty people claim, each one case after the other; none is taken twice."""
    with serving(system) as http:
        people = [
            Person(
                http,
                system,
                Caller(subject=f"c-{n}", role=Role.MEDIATOR, platform="shop"),
            )
            for n in range(MEDIATORS)
        ]
        began = time.perf_counter()
        with ThreadPoolExecutor(MEDIATORS) as pool:
            found = [*pool.map(_claims, people)]
        seconds = time.perf_counter() - began
    cases = [case for each in found for case, _ in each]
    assert len(set(cases)) == len(cases) == MEDIATORS * EACH
    latencies = [latency for each in found for _, latency in each]
    return Rate(len(cases) / seconds, latencies)


def _claims(who: Person) -> list[tuple[str, float]]:
    taken = []
    for _ in range(EACH):
        began = time.perf_counter()
        response = who.post("/v1/queue/claim")
        assert response.status_code == 200, response.text
        taken.append((response.json()["id"], time.perf_counter() - began))
    return taken
