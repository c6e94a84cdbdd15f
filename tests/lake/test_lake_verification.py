"""A lake's leaves give the signed root, or it is said where they do not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from deltalake import write_deltalake

from application.log.build.batches import last_of_each, leaves
from application.log.format.tree import Edge
from application.log.sign.key_file import read_or_make
from projections.lake.arrow_rows import table_of
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import (
    BATCHES,
    CASE_TABLES,
    CHECKPOINTS,
    EVENTS,
    LakeTable,
)
from projections.lake.lake_verification import LakeStatus, LakeVerdict, verify_lake
from projections.lake.log_rows import BatchRow
from projections.lake.table_check import FOLDED, RowDiffers, check_tables
from tests.lake.written_record import CASES, WrittenRecord


def changed(lake: Lake, table: LakeTable, rows: pa.Table) -> None:
    """Put other rows into a table, as whoever has the files can."""
    opened = lake.open(table)
    write_deltalake(opened, rows, mode="overwrite")


def events(lake: Lake) -> pa.Table:
    return lake.open(EVENTS).to_pyarrow_table().sort_by("position")


def verdict(written: WrittenRecord, lake: Lake) -> LakeVerdict:
    return verify_lake(lake, written.keys.verifiers)


def test_what_was_exported_gives_the_signed_root(
    written: WrittenRecord, lake: Lake
) -> None:
    found = verdict(written, lake)
    assert found.status is LakeStatus.INTACT
    with written.session() as connection:
        row = connection.execute(
            "SELECT (SELECT max(position) FROM ledger),"
            " (SELECT max(size) FROM log_checkpoints)"
        ).fetchone()
    assert (found.signed, found.size) == row
    assert found.events == found.signed
    assert (found.folded, found.left_out) == (CASES, 0)


def test_another_key_has_signed_nothing(lake: Lake, tmp_path: Path) -> None:
    now = datetime(2026, 10, 20, tzinfo=UTC)
    other = read_or_make(tmp_path / "log.json", "example.com/log", now)
    assert verify_lake(lake, other.verifiers).status is LakeStatus.NOT_SIGNED


def test_an_event_with_another_leaf_is_found(
    written: WrittenRecord, own_lake: Lake
) -> None:
    rows = events(own_lake)
    place = rows.num_rows // 2
    leaves = rows["leaf"].to_pylist()
    leaves[place] = "0" * 64
    column = rows.column_names.index("leaf")
    changed(own_lake, EVENTS, rows.set_column(column, "leaf", pa.array(leaves)))
    found = verdict(written, own_lake)
    assert found.status is LakeStatus.DIFFERS
    assert "do not give the log's root" in str(found.said)


def test_an_event_that_was_taken_out_is_named(
    written: WrittenRecord, own_lake: Lake
) -> None:
    rows = events(own_lake)
    changed(own_lake, EVENTS, rows.filter(pc.not_equal(rows["position"], 700)))
    found = verdict(written, own_lake)
    assert found.status is LakeStatus.DIFFERS
    assert found.said == "position 700 is not there, but position 701"


def test_an_event_that_is_there_twice_is_found(
    written: WrittenRecord, own_lake: Lake
) -> None:
    rows = events(own_lake)
    changed(own_lake, EVENTS, pa.concat_tables([rows, rows.slice(41, 1)]))
    found = verdict(written, own_lake)
    assert found.status is LakeStatus.DIFFERS
    assert found.said == "position 42 is there twice"


def test_nobody_counts_up_to_a_position_that_was_made_up(
    written: WrittenRecord, own_lake: Lake
) -> None:
    rows = events(own_lake)
    last = rows.num_rows
    positions = pa.array([*range(1, last), 10**15])
    column = rows.column_names.index("position")
    changed(own_lake, EVENTS, rows.set_column(column, "position", positions))
    found = verdict(written, own_lake)
    said = f"position {last} is not there, but position {10**15}"
    assert (found.status, found.said) == (LakeStatus.DIFFERS, said)


@pytest.mark.parametrize("leaf", ["zz", None])
def test_an_event_without_a_leaf_is_named(
    written: WrittenRecord, own_lake: Lake, leaf: str | None
) -> None:
    rows = events(own_lake)
    leaves = [leaf, *rows["leaf"].to_pylist()[1:]]
    column = rows.column_names.index("leaf")
    changed(own_lake, EVENTS, rows.set_column(column, "leaf", pa.array(leaves)))
    found = verdict(written, own_lake)
    assert found.status is LakeStatus.DIFFERS
    assert found.said == "events: position 1 has no history or leaf that is one"


def test_a_case_that_was_cut_is_found(written: WrittenRecord, own_lake: Lake) -> None:
    """The heads in the log say how long each case was."""
    rows = events(own_lake)
    versions = rows["version"].to_pylist()
    last = {one: place for place, one in enumerate(rows["history"].to_pylist())}
    versions[next(iter(last.values()))] -= 1
    column = rows.column_names.index("version")
    changed(own_lake, EVENTS, rows.set_column(column, "version", pa.array(versions)))
    assert verdict(written, own_lake).status is LakeStatus.DIFFERS


def test_a_lake_that_was_cut_is_not_what_was_signed(
    written: WrittenRecord, own_lake: Lake
) -> None:
    rows = events(own_lake)
    kept = rows.slice(0, rows.num_rows - 10)
    changed(own_lake, EVENTS, kept)
    assert verdict(written, own_lake).status is LakeStatus.DIFFERS
    # Whoever makes the log anew, too, has one that nobody has signed.
    columns = [kept[name].to_pylist() for name in ("position", "history", "version")]
    taken = [
        (position, UUID(history), version, bytes.fromhex(leaf))
        for position, history, version, leaf in zip(
            *columns, kept["leaf"].to_pylist(), strict=True
        )
    ]
    edge = Edge()
    edge.extend(leaves(taken, last_of_each(taken)))
    batch = BatchRow(
        previous=0,
        size=edge.size,
        after=0,
        position=taken[-1][0],
        root=edge.root.hex(),
    )
    changed(own_lake, BATCHES, table_of([batch], BatchRow))
    found = verdict(written, own_lake)
    assert found.status is LakeStatus.DIFFERS
    assert found.said == (
        f"there are {len(taken)} events, and the last has position {rows.num_rows}"
    )


def test_a_checkpoint_that_was_changed_proves_nothing(
    written: WrittenRecord, own_lake: Lake
) -> None:
    rows = own_lake.open(CHECKPOINTS).to_pyarrow_table()
    notes = [one.replace("\n— ", "\n\n— ") for one in rows["note"].to_pylist()]
    column = rows.column_names.index("note")
    changed(own_lake, CHECKPOINTS, rows.set_column(column, "note", pa.array(notes)))
    found = verdict(written, own_lake)
    assert found.status is LakeStatus.DIFFERS
    assert str(found.said).startswith("checkpoints: the note of ")
    assert "is damaged" in str(found.said)


def of_cases(name: str) -> LakeTable:
    (found,) = (one for one in CASE_TABLES if one.name == name)
    return found


def test_a_row_that_is_not_what_events_give_is_named(
    written: WrittenRecord, own_lake: Lake
) -> None:
    """The log says nothing of tables that were made from its events."""
    cases = of_cases("cases")
    rows = own_lake.open(cases).to_pyarrow_table().sort_by("case")
    whole = rows.to_pylist()
    whole[7]["paid"] += 100
    changed(own_lake, cases, pa.Table.from_pylist(whole, rows.schema))
    found = verdict(written, own_lake)
    assert found.status is LakeStatus.DIFFERS
    paid = whole[7]["paid"]
    assert found.said == (
        f"cases: the case {whole[7]['case']} has paid {paid},"
        f" and its events give {paid - 100}"
    )
    changed(own_lake, cases, rows.slice(1))
    said = f"cases: the case {rows['case'][0]} lacks a row that its events give"
    assert verdict(written, own_lake).said == said
    whole[7]["case"] = "00000000-0000-4000-8000-000000000000"
    changed(own_lake, cases, pa.Table.from_pylist(whole, rows.schema))
    said = f"cases: the case {whole[7]['case']} has a row, and no events"
    assert verdict(written, own_lake).said == said
    whole[7]["case"] = None
    changed(own_lake, cases, pa.Table.from_pylist(whole, rows.schema))
    assert verdict(written, own_lake).status is LakeStatus.DIFFERS


@pytest.mark.parametrize("name", [one.name for one in FOLDED if one.name != "cases"])
def test_every_table_of_cases_is_held_against_the_events(
    own_lake: Lake, name: str
) -> None:
    table = of_cases(name)
    rows = own_lake.open(table).to_pyarrow_table()
    changed(own_lake, table, rows.slice(1))
    with pytest.raises(RowDiffers, match=f"{name}: the case {rows['case'][0]} lacks"):
        check_tables(own_lake)


def test_of_many_cases_some_are_drawn(lake: Lake) -> None:
    assert 0 < check_tables(lake, every=5).folded < CASES / 2


def test_a_lake_that_lacks_the_newest_columns_is_read(own_lake: Lake) -> None:
    opened = own_lake.open(EVENTS)
    rows = opened.to_pyarrow_table().drop_columns(["zone"])
    write_deltalake(opened, rows, mode="overwrite", schema_mode="overwrite")
    with opened_lake(own_lake) as (connection, _):
        query = "SELECT count(*), count(zone) FROM events"
        assert connection.sql(query).fetchall() == [(rows.num_rows, 0)]
    assert check_tables(own_lake, every=4).folded > 0
