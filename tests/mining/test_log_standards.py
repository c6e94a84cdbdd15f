"""Logs are what their standards say; and whoever breaks one of the rules is found."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.mining.ocel_rules import json_faults, sqlite_faults
from tests.mining.written_logs import WrittenLogs
from tests.mining.xes_rules import xes_faults


def test_ocel_in_json_is_what_its_standard_says(logs: WrittenLogs) -> None:
    assert json_faults(logs.folder / "log.json") == []


def test_ocel_in_sqlite_is_what_its_standard_says(logs: WrittenLogs) -> None:
    assert sqlite_faults(logs.folder / "log.sqlite") == []


def test_xes_is_what_its_standard_says(logs: WrittenLogs) -> None:
    assert xes_faults(logs.folder / "log.xes") == []


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ('"eventTypes":', '"event-types":'),
        ('"type":"ruled","time":"', '"type":"ruled","time":"at '),
        ('"type":"ruled","time"', '"type":"judged","time"'),
        ('"objectId":"case:', '"objectId":"case/'),
        ('{"name":"version","value":2}', '{"name":"version","value":"2"}'),
        ('{"name":"version","value":2}', '{"name":"edition","value":2}'),
        ('"qualifier":"of the case"', '"role":"of the case"'),
    ],
)
def test_what_is_wrong_in_json_is_found(
    logs: WrittenLogs, tmp_path: Path, text: str, instead: str
) -> None:
    whole = (logs.folder / "log.json").read_text("utf-8")
    assert text in whole
    (tmp_path / "log.json").write_text(whole.replace(text, instead, 1), "utf-8")
    assert json_faults(tmp_path / "log.json")


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM event_Ruled WHERE rowid = 1",
        "DELETE FROM object WHERE ocel_id LIKE 'buyer:%'",
        "ALTER TABLE object_Case RENAME ocel_time TO since",
        "ALTER TABLE event_object RENAME ocel_qualifier TO role",
        "CREATE TABLE notes (text)",
        "UPDATE object_Case SET category = 'x' WHERE ocel_changed_field = 'outcome'",
        "INSERT INTO event_object VALUES ('none', 'none', 'of the case')",
    ],
)
def test_what_is_wrong_in_sqlite_is_found(
    logs: WrittenLogs, tmp_path: Path, change: str
) -> None:
    shutil.copy(logs.folder / "log.sqlite", tmp_path / "log.sqlite")
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as file:
        file.execute(change)
        file.commit()
    assert sqlite_faults(tmp_path / "log.sqlite")


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        (' xes.version="1849.2016"', ""),
        ('name="ActivityByRole"', 'name="Activity by role"'),
        ('keys="concept:name org:role"', 'keys="concept:name org:group"'),
        ('<extension name="Time"[^>]*/>', ""),
        (
            '<date key="time:timestamp" value="2',
            '<date key="time:timestamp" value="at 2',
        ),
        ('<event><string key="concept:name" value="[^"]*"/>', "<event>"),
        ('<int key="version" value="1"', '<int key="version" value="one"'),
        ('<trace><string key="concept:name"', '<trace><string key="case:name"'),
    ],
)
def test_what_is_wrong_in_xes_is_found(
    logs: WrittenLogs, tmp_path: Path, text: str, instead: str
) -> None:
    whole = (logs.folder / "log.xes").read_text("utf-8")
    changed, times = re.subn(text, instead, whole, count=1)
    assert times
    (tmp_path / "log.xes").write_text(changed, "utf-8")
    assert xes_faults(tmp_path / "log.xes")
