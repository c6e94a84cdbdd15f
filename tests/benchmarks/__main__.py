"""`make bench`: runs all benchmarks, prints a table, writes bench.jsonl."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from interface.run.embedded_postgres import EmbeddedServer
from interface.settings import read
from tests.benchmarks import append, bundle, http_command, log, projection
from tests.benchmarks.measurement import Bench, Result

BENCHES: dict[str, Callable[[Bench], Iterator[Result]]] = {
    "append": append.measure,
    "http-command": http_command.measure,
    "projection": projection.measure,
    "log-extend": log.extend,
    "log-lag": log.lag,
    "append-with-log": log.cost,
    "verify": log.verify,
    "bundle": bundle.measure,
    "mutated-bundles": bundle.mutate,
}
KNOWN = ", ".join(BENCHES)


def main(names: list[str]) -> None:
    if unknown := set(names) - set(BENCHES):
        sys.exit(f"{' '.join(sorted(unknown))}: no benchmark; there are {KNOWN}")
    settings = read()
    settings.home.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        cluster = EmbeddedServer(Path(folder) / "db")
        bench = Bench(cluster.start(), cluster.programs, Path(folder))
        for name in names or BENCHES:
            Console(stderr=True).print(f"measuring {name} …")
            results += BENCHES[name](bench)
        cluster.stop()
    path = settings.home / "bench.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in results))
    wide = None if sys.stdout.isatty() else 140
    Console(width=wide).print(table(results))
    Console().print(f"written to {path}")


def table(results: list[Result]) -> Table:
    shown = Table("name", "value", "unit", "against", "baseline", "ratio", "p50", "p99")
    for one in results:
        shown.add_row(
            one.name,
            f"{one.value:,.0f}",
            one.unit,
            one.against,
            f"{one.baseline:,.0f}",
            f"{one.ratio:.2f}",
            "" if one.p50 is None else f"{one.p50:.2f} ms",
            "" if one.p99 is None else f"{one.p99:.2f} ms",
        )
    return shown


if __name__ == "__main__":
    if {"-h", "--help"} & set(sys.argv):
        Console().print(f"python -m tests.benchmarks [NAME …]: all, or some of {KNOWN}")
    else:
        main(sys.argv[1:])
