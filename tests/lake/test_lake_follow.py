"""`redress lake export --follow` goes on as the record grows, until it is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from interface.bootstrap import build
from interface.settings.settings import read
from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import CASE_TABLES, EVENTS
from tests.conftest import Clock, ManualWorker
from tests.sample_cases import tell

PROGRAM = [sys.executable, "-m", "interface"]


def exported_to(lake: Lake) -> int:
    try:
        return lake.exported_to([EVENTS, *CASE_TABLES])
    except LakeWrong:
        return 0


def wait_for(lake: Lake, position: int) -> None:
    until = time.monotonic() + 60
    while exported_to(lake) < position:
        assert time.monotonic() < until, exported_to(lake)
        time.sleep(0.5)


@pytest.mark.long
def test_it_takes_what_comes_and_writes_nothing_otherwise(
    url: str, clock: Clock, worker: ManualWorker, tmp_path: Path
) -> None:
    settings = {"REDRESS_HOME": str(tmp_path), "DATABASE_URL": url}
    system = build(read(settings))
    tell(system.disputes, clock, "filed", "o-1")
    worker.catch_up()
    place = tmp_path / "lake"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "interface"),
            "lake",
            "export",
            str(place),
            "--follow",
        ],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lake = Lake(str(place))
        wait_for(lake, 1)
        before = exported_to(lake)
        tell(system.disputes, clock, "filed", "o-2")
        worker.catch_up()
        wait_for(lake, before + 1)
        commits = len(list(place.rglob("_delta_log/*.json")))
        # Longer than it waits between two looks.
        time.sleep(6)
        assert len(list(place.rglob("_delta_log/*.json"))) == commits
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
        system.close()
    assert process.returncode == 0, said
    assert "Aborted" not in said
    end = f"{exported_to(lake)} events; the next export goes on from there"
    assert out.splitlines()[-1] == f"{place}: {end}"
