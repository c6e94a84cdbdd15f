"""A lake's leaves give the signed root, or it is said where they do not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import write_deltalake

from application.log.build.batches import last_of_each, leaves
from application.log.format.tree import Edge
from application.log.sign.key_file import read_or_make
from projections.lake.arrow_rows import table_of
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import BATCHES, CHECKPOINTS, EVENTS, LakeTable
from projections.lake.lake_verification import LakeStatus, LakeVerdict, verify_lake
from projections.lake.log_rows import BatchRow
from tests.lake.written_record import WrittenRecord


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
    assert verdict(written, own_lake).status is LakeStatus.DIFFERS


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
    assert verdict(written, own_lake).status is LakeStatus.NOT_SIGNED
