"""A lake is exported by the application's own login, as in production."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from application.exports.pseudonyms import Pseudonyms
from application.record.database import connected
from application.record.row_scope import APP_ROLE
from projections.lake.lake_export import LakeExport
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from tests.lake.written_record import KEY, WrittenRecord, told_nothing
from tests.postgres import Server


@pytest.mark.parametrize("few", [0, 20_000], ids=["spilt", "one-by-one"])
def test_the_application_sees_the_whole_record(
    server: Server, written: WrittenRecord, lake: Lake, tmp_path: Path, few: int
) -> None:
    with server.role(f"LOGIN IN ROLE {APP_ROLE}") as name:
        url = make_conninfo(written.system.url, user=name)
        own = Lake(str(tmp_path / "lake"))
        one = LakeExport(
            url=url,
            lake=own,
            pseudonyms=Pseudonyms(KEY),
            books=written.system.rulebooks,
            few=few,
        )
        with connected(url) as connection:
            one.run(connection, told_nothing, told_nothing)
    query = "SELECT count(*), max(position), sum(paid) FROM cases"
    with opened_lake(own) as (found, _), opened_lake(lake) as (whole, _):
        assert found.sql(query).fetchall() == whole.sql(query).fetchall()


def test_several_processes_write_the_same(
    written: WrittenRecord, lake: Lake, tmp_path: Path
) -> None:
    own = Lake(str(tmp_path / "lake"))
    one = LakeExport(
        url=written.system.url,
        lake=own,
        pseudonyms=Pseudonyms(KEY),
        books=written.system.rulebooks,
        few=0,
        jobs=2,
        many=0,
    )
    with connected(written.system.url) as connection:
        one.run(connection, told_nothing, told_nothing)
    query = "SELECT * FROM deadlines ORDER BY ALL"
    with opened_lake(own) as (found, _), opened_lake(lake) as (whole, _):
        assert found.sql(query).fetchall() == whole.sql(query).fetchall()
