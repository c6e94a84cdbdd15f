"""What cannot be read or written of a lake is one line that names it."""

from __future__ import annotations

import re
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from application.operator_error import OperatorError
from interface.cli.main import redress
from projections.lake.lake_errors import LakeWrong, lake_errors
from projections.lake.lake_query import opened_lake
from projections.lake.lake_report import lake_report
from projections.lake.lake_store import Lake
from projections.lake.lake_verification import verify_lake
from projections.reports.period import Question
from tests.lake.written_record import WrittenRecord

ROOM = 60_000
"""Bytes: the log of a table takes less of them, and its events take more."""

QUARTER = Question(period="2026-Q3")


def cut(file: Path) -> None:
    """Leave the beginning of a file, as a full disk does."""
    file.write_bytes(file.read_bytes()[:40])


def lost(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("place", ["a-file", "a-file/below"])
def test_a_place_that_cannot_hold_a_lake_is_named(
    written: WrittenRecord, tmp_path: Path, place: str
) -> None:
    (tmp_path / "a-file").write_text("no lake", encoding="ascii")
    where = str(tmp_path / place)
    with pytest.raises(LakeWrong) as raised:
        written.export(Lake(where))
    assert str(raised.value).startswith(f"{where}: ")
    assert "\n" not in str(raised.value)


def test_a_full_disk_is_told_and_what_is_missing_is_written_later(
    written: WrittenRecord, tmp_path: Path
) -> None:
    lake = Lake(str(tmp_path / "lake"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        # As on a full disk, files end where there is no room for more of them.
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
        with pytest.raises(LakeWrong, match="there is no room to write") as raised:
            written.export(lake)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(raised.value).startswith(f"{lake.place}: ")
    written.export(lake)
    with opened_lake(lake) as (connection, position):
        found = connection.execute("SELECT count(*), max(position) FROM events")
        assert found.fetchone() == (position, position)


@pytest.mark.parametrize("harm", [cut, lost])
def test_a_harmed_file_is_named(
    own_lake: Lake, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    file = next(Path(own_lake.place, "cases").rglob("*.parquet"))
    harm(file)
    with pytest.raises(OperatorError) as raised:
        lake_report(own_lake, QUARTER)
    assert str(raised.value).startswith(f"{own_lake.place}: ")
    assert file.name in str(raised.value)
    home = {"REDRESS_HOME": str(tmp_path), "DATABASE_URL": "postgresql:///none"}
    asked = ["sql", "SELECT count(*) FROM cases", "--lake", own_lake.place]
    done = CliRunner().invoke(redress, asked, env=home)
    assert done.exit_code == 1
    assert isinstance(done.exception, OperatorError), done.exception


@pytest.mark.parametrize("harm", [cut, lost])
def test_a_verification_names_a_harmed_file(
    written: WrittenRecord, own_lake: Lake, harm: Callable[[Path], None]
) -> None:
    file = next(Path(own_lake.place, "events").rglob("*.parquet"))
    harm(file)
    with pytest.raises((OperatorError, OSError), match=file.name):
        verify_lake(own_lake, written.keys.verifiers)


def test_a_store_that_does_not_answer_is_named_without_codes_of_a_terminal() -> None:
    options = {
        "aws_endpoint": "http://127.0.0.1:9",
        "aws_region": "eu-central-1",
        "aws_access_key_id": "somebody",
        "aws_secret_access_key": "a-secret",
        "aws_allow_http": "true",
        "max_retries": "0",
    }
    with (
        pytest.raises(LakeWrong) as raised,
        opened_lake(Lake("s3://nobody/lake", options)),
    ):
        pass
    said = str(raised.value)
    assert said.startswith("s3://nobody/lake: ")
    assert said.isprintable()
    assert "[31m" not in said


def test_an_error_of_the_system_keeps_its_words() -> None:
    with pytest.raises(FileNotFoundError), lake_errors("lake"):
        Path("/nowhere/at/all").read_bytes()


def test_a_harmed_log_is_one_line_that_names_its_table(
    written: WrittenRecord, own_lake: Lake
) -> None:
    log = Path(own_lake.place, "offers", "_delta_log")
    for file in log.glob("*.json"):
        cut(file)
    with pytest.raises(LakeWrong) as raised:
        written.export(own_lake)
    said = str(raised.value)
    assert said.startswith(f"{own_lake.place}: offers: ")
    assert re.search(r"the file _delta_log/\d{20}\.json is missing or damaged", said)
    assert "\n" not in said
    assert "<unknown>" not in said


def emptied(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("harm", [cut, emptied])
def test_what_readers_of_a_log_pass_over_is_named(
    written: WrittenRecord, own_lake: Lake, harm: Callable[[Path], None]
) -> None:
    log = Path(own_lake.place, "rulings", "_delta_log")
    note = log / "_last_checkpoint"
    note.write_bytes(b'{"version":0,"size":1}')
    harm(note)
    # It holds the log against a summary that is not there.
    expected = f"{own_lake.place}: rulings: the file _delta_log/_last_checkpoint"
    with pytest.raises(LakeWrong, match=re.escape(expected)):
        verify_lake(own_lake, written.keys.verifiers)
    note.unlink()
    (*_, last) = sorted(log.glob("*.json"))
    emptied(last)
    expected = f"{own_lake.place}: rulings: the file _delta_log/{last.name}"
    with pytest.raises(LakeWrong, match=re.escape(expected)):
        verify_lake(own_lake, written.keys.verifiers)


def test_a_folder_of_something_else_is_no_place(
    written: WrittenRecord, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(7):
        (folder / f"{number}.jpg").write_bytes(b"")
    said = "has other files in it: 0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg and 2 more"
    with pytest.raises(LakeWrong, match=said):
        written.export(Lake(str(folder)))
    assert len(list(folder.iterdir())) == 7
    environ = {
        "DATABASE_URL": written.system.url,
        "REDRESS_HOME": str(written.system.settings.home),
    }
    done = CliRunner().invoke(redress, ["lake", "export", str(folder)], env=environ)
    assert said in str(done.exception)
    # No bar of what is not begun, either.
    assert done.output == ""


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    with pytest.raises(LakeWrong, match=f"{nowhere}: there is no such folder"):
        verify_lake(Lake(nowhere), ())
