"""What a killed process has spilt is removed by the next one, and by nobody before."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from application.exports.spill_folder import remove_left, spill_folder
from projections.lake.case_export import SPILL
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.ordered_rows import ordered_rows
from projections.mining.told_case import told_cases
from tests.lake.written_record import WrittenRecord

HOLDING = """
import sys, time
from pathlib import Path
from application.exports.spill_folder import spill_folder
with spill_folder(sys.argv[2], Path(sys.argv[1])) as folder:
    (folder / "spilt").write_bytes(b"x" * 1000)
    print(folder, flush=True)
    time.sleep(60)
"""


def holding(room: Path, prefix: str) -> subprocess.Popen[str]:
    """Start a process that spills; it has when this returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(room), prefix],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert (Path(process.stdout.readline().strip()) / "spilt").exists()
    return process


def killed(room: Path, prefix: str) -> None:
    with holding(room, prefix) as process:
        process.send_signal(signal.SIGKILL)
    assert len(list(room.glob(f"{prefix}*"))) == 1


def test_a_folder_is_removed_once_its_process_is_dead(tmp_path: Path) -> None:
    with holding(tmp_path, "spilt-") as process:
        (own,) = tmp_path.iterdir()
        remove_left("spilt-", tmp_path)
        assert own.exists()
        process.kill()
    with spill_folder("spilt-", tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]
    assert not list(tmp_path.iterdir())


def test_what_is_no_folder_of_ours_stays(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (tmp_path / "spilt-link").symlink_to(other)
    (tmp_path / "spilt-file").touch()
    remove_left("spilt-", tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {
        *("other", "spilt-link", "spilt-file")
    }


@pytest.mark.parametrize("few", [0, 20_000], ids=["spilt", "one-by-one"])
def test_the_next_export_of_a_lake_removes_what_a_killed_one_spilt(
    written: WrittenRecord, tmp_path: Path, few: int
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    killed(home, SPILL)
    written.export(Lake(str(tmp_path / "lake")), folder=home, few=few)
    assert not list(home.iterdir())


def test_the_next_log_of_cases_removes_what_a_killed_one_spilt(
    written: WrittenRecord, tmp_path: Path
) -> None:
    killed(tmp_path, "redress-export-")
    assert list(told_cases(written.system.url, 300, str, tmp_path))
    assert not list(tmp_path.iterdir())


def test_what_a_query_sorts_beyond_its_memory_is_spilt(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    some = "SELECT hash(n) AS n, repeat('x', 500) FROM range(400000) AS t(n)"
    with opened_lake(lake, memory="160MB") as (connection, _):
        rows = ordered_rows(connection, f"{some} ORDER BY 1")
        numbers = [next(rows)["n"]]
        (folder,) = tmp_path.iterdir()
        assert folder.name.startswith("redress-query-")
        assert list(folder.iterdir())
        numbers += [row["n"] for row in rows]
    assert len(numbers) == 400_000
    assert numbers == sorted(numbers)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("memory", "threads"), [("2GB", 16), ("512MB", 4)])
def test_a_machine_of_many_cores_does_not_run_out_of_memory(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, memory: str, threads: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    with opened_lake(lake, memory=memory) as (connection, _):
        query = "SELECT current_setting('threads')"
        assert connection.sql(query).fetchall() == [(threads,)]
