"""Each lake has a key of its own, by whatever path it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.exports.pseudonyms import Pseudonyms
from interface.cli.lake_key import ROOM, lake_pseudonyms
from projections.lake.lake_store import Lake
from tests.lake.written_record import KEY, WrittenRecord


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_lake_has_one_key_by_whatever_path_it_is_called(
    written: WrittenRecord, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fingerprint(place: str) -> str:
        return lake_pseudonyms(written.system, Lake(place), None).fingerprint

    first = fingerprint("a-b")
    assert first == fingerprint("./a-b") == fingerprint(str(elsewhere / "a-b"))
    (elsewhere / "other").mkdir()
    monkeypatch.chdir(elsewhere / "other")
    assert first == fingerprint("../a-b")
    assert first != fingerprint("a-b")


def test_a_key_under_the_name_of_the_typed_path_still_works_for_its_lake(
    written: WrittenRecord, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.export(Lake("typed-once"))
    old = written.system.settings.home / ROOM / "typed-once.key"
    old.parent.mkdir(exist_ok=True)
    old.write_text(KEY.hex(), encoding="ascii")
    of_it = lake_pseudonyms(written.system, Lake("typed-once"), None)
    assert of_it.fingerprint == Pseudonyms(KEY).fingerprint
    (elsewhere / "other").mkdir()
    monkeypatch.chdir(elsewhere / "other")
    of_another = lake_pseudonyms(written.system, Lake("typed-once"), None)
    assert of_another.fingerprint != of_it.fingerprint
