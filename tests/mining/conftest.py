"""The record that logs are made of, and the logs in each format."""

from __future__ import annotations

import pytest

from application.record.envelope import decode, is_about_a_case
from tests.lake.conftest import written
from tests.lake.test_lake_commands import redress
from tests.lake.written_record import WrittenRecord
from tests.mining.written_logs import WrittenLogs

__all__ = ["written"]


@pytest.fixture(scope="session")
def logs(
    written: WrittenRecord, tmp_path_factory: pytest.TempPathFactory
) -> WrittenLogs:
    """Write the record in each format, as somebody does who calls the program."""
    folder = tmp_path_factory.mktemp("logs")
    home, url = written.system.settings.home, written.system.url
    key = folder / "key"
    for kind, name in (
        ("ocel", "log.json"),
        ("ocel", "log.sqlite"),
        ("xes", "log.xes"),
    ):
        done = redress(
            *("export", kind, str(folder / name), "--pseudonyms", str(key)),
            home=home,
            url=url,
        )
        assert done.returncode == 0, done.stderr
    with written.session() as connection:
        rows = connection.execute("SELECT topic, state FROM events").fetchall()
    events = [decode(state) for name, state in rows if is_about_a_case(name)]
    return WrittenLogs(folder, events)
