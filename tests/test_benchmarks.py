"""`make bench`: results are kept as they come, also those of an interrupted run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.benchmarks.__main__ import BENCHES, INTERRUPTED

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
MUTATED = "mutated-bundles"

MANY = 2_000
"""So many take minutes, however long a signal is on its way."""


def bench(folder: Path, *names: str, mutations: int) -> subprocess.Popen[str]:
    """Start `python -m tests.benchmarks` in a folder."""
    environ = {
        "PYTHONPATH": str(ROOT),
        "BENCH_MUTATIONS": str(mutations),
        "TMPDIR": str(folder),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks", *names],
        cwd=folder,
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kept(folder: Path) -> list[dict[str, Any]]:
    path = folder / "bench.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [msgspec.json.decode(line) for line in lines]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_it_measured(
    by: signal.Signals, tmp_path: Path
) -> None:
    running = bench(tmp_path, *[MUTATED] * MANY, mutations=20)
    until = time.monotonic() + PATIENCE
    while len(kept(tmp_path)) < 2:
        assert time.monotonic() < until, "nothing was measured"
        time.sleep(0.05)
    running.send_signal(by)
    out, _ = running.communicate(timeout=PATIENCE)
    results = kept(tmp_path)
    assert running.returncode == INTERRUPTED
    assert 2 <= len(results) < MANY
    assert {one["name"] for one in results} == {MUTATED}
    # The last one may have been kept, and not yet noted for the table.
    assert out.count(MUTATED) in {len(results), len(results) - 1}


def test_a_killed_run_keeps_what_it_measured_and_the_next_adds_to_it(
    tmp_path: Path,
) -> None:
    running = bench(tmp_path, *[MUTATED] * MANY, mutations=20)
    until = time.monotonic() + PATIENCE
    while not kept(tmp_path):
        assert time.monotonic() < until, "nothing was measured"
        time.sleep(0.05)
    running.kill()
    running.communicate()
    before = kept(tmp_path)
    again = bench(tmp_path, MUTATED, mutations=10)
    assert again.wait(timeout=PATIENCE) == 0
    again.communicate()
    assert len(kept(tmp_path)) == len(before) + 1
    assert kept(tmp_path)[:-1] == before


def test_a_benchmark_that_is_not_there_is_named_with_those_that_are(
    tmp_path: Path,
) -> None:
    out, err = bench(tmp_path, "append", "speed", mutations=1).communicate()
    assert (out, kept(tmp_path)) == ("", [])
    assert err.startswith("speed: no benchmark; there are append, ")


def test_the_help_names_every_benchmark_and_where_results_go(tmp_path: Path) -> None:
    out, _ = bench(tmp_path, "--help", mutations=1).communicate()
    assert all(name in out for name in BENCHES)
    assert "bench.jsonl" in out
    assert 'NAMES="append verify"' in out


def test_make_hands_names_on() -> None:
    dry = subprocess.run(
        ["make", "-n", "--no-print-directory", "bench", "NAMES=append verify"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert dry.stdout.rstrip().endswith("python -m tests.benchmarks append verify")
