"""Spark counts the report that the record has: on this machine, and on a cluster."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

from projections.lake.lake_store import Lake
from projections.reports.period import Question
from projections.reports.report import report
from tests.docs.markdown import ROOT
from tests.lake.spark_cluster import HOME, cluster, needs_spark, surroundings
from tests.lake.written_record import WrittenRecord

pytestmark = needs_spark

SCRIPT = ROOT / "interface/__main__.py"


def counted_by(lake: Lake, *program: str | Path, master: str | None = None) -> bytes:
    """Return the last line that a program prints of the report of a quarter."""
    asked = ("lake", "report", "2026-Q3", lake.place, "--engine", "spark")
    done = subprocess.run(
        [*program, *asked, *(("--master", master) if master else ())],
        env=surroundings(),
        cwd=Path(lake.place).parent,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.splitlines()[-1]


def counted(written: WrittenRecord) -> bytes:
    with written.session() as connection:
        return msgspec.json.encode(report(connection, Question(period="2026-Q3")))


def test_spark_counts_the_same(written: WrittenRecord, lake: Lake) -> None:
    program = (sys.executable, "-m", "interface")
    assert counted_by(lake, *program, master="local[2]") == counted(written)


def test_a_cluster_counts_the_same(
    written: WrittenRecord, lake: Lake, tmp_path: Path
) -> None:
    with cluster(tmp_path) as master:
        submit = (HOME / "bin/spark-submit", "--master", master)
        memory = ("--executor-memory", "512m")
        # Of its own Spark makes 200 tasks of every step, for cases as few as these.
        few = ("--conf", "spark.sql.shuffle.partitions=2")
        assert counted_by(lake, *submit, *memory, *few, SCRIPT) == counted(written)
