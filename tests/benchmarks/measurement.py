"""What benchmarks share: databases, workers, and results that are ratios."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg
from msgspec import Struct
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from application.record.schema.migrations import JOBS, KEYS, STORE, migrate
from interface.run.embedded_postgres import EmbeddedServer
from projections.registry import make_missing

ROUNDS = 3


class Result(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One measurement beside its baseline. `p50` and `p99` are in milliseconds."""

    name: str
    value: float
    unit: str
    against: str
    baseline: float
    ratio: float
    p50: float | None = None
    p99: float | None = None


class Bench:
    """A PostgreSQL of its own, started when it is first asked for, and a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cluster: EmbeddedServer | None = None

    @cached_property
    def url(self) -> str:
        return self._started.start()

    @property
    def programs(self) -> Path:
        """Return the folder of the server's programs (pgbench, pg_dump …)."""
        return self._started.programs

    @property
    def postmaster(self) -> int:
        """Return the process that all sessions of the server descend from."""
        return self._started.pid

    @property
    def _started(self) -> EmbeddedServer:
        if self._cluster is None:
            # As root it runs as another user, who has to get there.
            self.folder.chmod(0o755)
            self._cluster = EmbeddedServer(self.folder / "db")
        return self._cluster

    def close(self) -> None:
        if self._cluster is not None:
            self._cluster.stop()

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Yield the URL of a new database."""
        name = f"bench_{uuid4().hex[:8]}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        parts = conninfo_to_dict(self.url) | {"dbname": name}
        url = make_conninfo("", **parts)
        if migrated:
            migrate(url, STORE)
            migrate(url, JOBS)
            migrate(url, KEYS)
            make_missing(url)
        yield url
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def own_bench() -> Iterator[Bench]:
    """Yield a bench in a temporary folder; nothing of it is left, whatever happens."""
    with TemporaryDirectory(prefix="redress-bench-") as folder:
        bench = Bench(Path(folder))
        try:
            yield bench
        finally:
            bench.close()


class Rate(Struct, frozen=True):
    """How often a second, and how long each took (seconds)."""

    per_second: float
    latencies: list[float]

    def quantile(self, share: float) -> float | None:
        """Return a quantile of the latencies in milliseconds."""
        if len(self.latencies) < 2:
            return None
        cuts = statistics.quantiles(self.latencies, n=100)
        return round(cuts[int(share * 100) - 1] * 1_000, 3)


def alternating(*measures: Callable[[], Rate]) -> list[Rate]:
    """Measure in turn, several rounds; return the median round of each."""
    rounds = [[measure() for measure in measures] for _ in range(ROUNDS)]
    columns = zip(*rounds, strict=True)
    return [
        sorted(column, key=lambda rate: rate.per_second)[ROUNDS // 2]
        for column in columns
    ]


def in_processes(
    target: Callable[..., list[float]], count: int, seconds: float, *arguments: Any
) -> Rate:
    """Run a target in several processes at once; it returns its latencies."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(count) as pool:
        pool.map(time.sleep, [0.2] * count)
        begin = time.time() + 1.0
        calls = [(begin, begin + seconds, *arguments)] * count
        latencies = [one for part in pool.starmap(target, calls) for one in part]
    return Rate(len(latencies) / seconds, latencies)


def compared(name: str, unit: str, ours: Rate, against: str, baseline: Rate) -> Result:
    """Put a rate beside its baseline."""
    return Result(
        name=name,
        value=round(ours.per_second, 1),
        unit=unit,
        against=against,
        baseline=round(baseline.per_second, 1),
        ratio=round(ours.per_second / baseline.per_second, 3),
        p50=ours.quantile(0.50),
        p99=ours.quantile(0.99),
    )
