"""Each lake has a key of its own, by whatever path it is called, and keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.exports.pseudonyms import Pseudonyms
from interface.cli.lake_key import ROOM, lake_pseudonyms
from interface.cli.pseudonym_key import key_file, old_key_file
from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_store import Lake
from tests.lake.written_record import KEY, WrittenRecord


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def other_key(tmp_path: Path) -> Path:
    file = tmp_path / "other.key"
    file.write_text("6f" * 32, encoding="ascii")
    return file


def fingerprint(written: WrittenRecord, place: str, path: Path | None = None) -> str:
    with lake_pseudonyms(written.system, Lake(place), path) as found:
        return found.fingerprint


def test_a_lake_has_one_key_by_whatever_path_it_is_called(
    written: WrittenRecord, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fingerprint(written, "a-b")
    assert first == fingerprint(written, "./a-b")
    assert first == fingerprint(written, str(elsewhere / "a-b"))
    (elsewhere / "other").mkdir()
    monkeypatch.chdir(elsewhere / "other")
    assert first == fingerprint(written, "../a-b")
    assert first != fingerprint(written, "a-b")


def test_two_places_of_one_name_have_two_keys(
    written: WrittenRecord, elsewhere: Path
) -> None:
    (elsewhere / "a").mkdir()
    assert fingerprint(written, "a/b") != fingerprint(written, "a-b")


@pytest.mark.parametrize("absolute", [False, True])
def test_a_key_under_an_old_name_still_works_for_its_lake(
    written: WrittenRecord,
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    absolute: bool,
) -> None:
    written.export(Lake("typed-once"))
    named = str(elsewhere / "typed-once") if absolute else "typed-once"
    old = old_key_file(written.system, ROOM, named)
    old.parent.mkdir(exist_ok=True)
    old.write_text(KEY.hex(), encoding="ascii")
    assert fingerprint(written, "typed-once") == Pseudonyms(KEY).fingerprint
    (elsewhere / "other").mkdir()
    monkeypatch.chdir(elsewhere / "other")
    assert fingerprint(written, "typed-once") != Pseudonyms(KEY).fingerprint
    old.unlink()


def test_another_key_and_a_lost_one_are_refused_with_what_to_do(
    written: WrittenRecord, lake: Lake, other_key: Path
) -> None:
    own = key_file(written.system, ROOM, lake.place)
    for path, what in (
        (None, f"{own} is not there"),
        (other_key, f"{other_key} has the check value "),
        (other_key.with_name("mistyped.key"), "mistyped.key is not there"),
    ):
        with pytest.raises(LakeWrong) as raised:
            fingerprint(written, lake.place, path)
        said = str(raised.value)
        assert f"check value {Pseudonyms(KEY).fingerprint}" in said
        assert what in said
        assert "name it by --pseudonyms" in said
    assert not own.exists()
    assert not other_key.with_name("mistyped.key").exists()


def test_a_lake_that_was_never_made_leaves_no_key(
    written: WrittenRecord, elsewhere: Path
) -> None:
    own = key_file(written.system, ROOM, str(elsewhere / "failed"))
    lake = Lake("failed")

    def failing() -> None:
        with lake_pseudonyms(written.system, lake, None):
            assert own.exists()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert not own.exists()
    with (
        pytest.raises(RuntimeError),
        lake_pseudonyms(written.system, lake, None) as people,
    ):
        written.export_under(lake, people)
        raise RuntimeError
    assert fingerprint(written, "failed") == people.fingerprint


def test_a_new_key_that_was_named_is_told(
    written: WrittenRecord, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fingerprint(written, "new", elsewhere / "mistyped.key")
    assert "mistyped.key: a new key of pseudonyms" in capsys.readouterr().err
