"""Tiles: their paths, which of them a tree has, and the hashes between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.log.format.tiles import (
    NotATile,
    Tile,
    bundle,
    needed,
    node_in,
    parse_path,
    tiles_of,
    unbundle,
)
from application.log.format.tree import leaf_hash
from tests.log import oracle


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "0/000"),
        (Tile(0, 1_234_067), "0/x001/x234/067"),
        (Tile(1, 273, 17), "1/273.p/17"),
        (Tile(63, 1_000, 255), "63/x001/000.p/255"),
        (Tile(None, 5, 1), "entries/005.p/1"),
    ],
)
def test_paths_are_written_and_read(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/",
        "0/0",
        "0/00",
        "0/0000",
        "00/000",
        "64/000",
        "-1/000",
        "0/x000/000",
        "0/001/000",
        "0/x001",
        "0/000.p/0",
        "0/000.p/256",
        "0/001.p/300",
        "0/000.p/01",
        "0/000.p/",
        "0/000.p",
        "0/000/",
        "../0/000",
        "0/\u0660\u0660\u0660",
        "entries/",
        "entries/x1/000",
        "data/000",
    ],
)
def test_what_is_no_path_of_a_tile_is_refused(path: str) -> None:
    with pytest.raises(NotATile):
        parse_path(path)


def test_a_tree_has_the_tiles_of_the_specification_example() -> None:
    tiles = list(tiles_of(70_000))
    level = [[one for one in tiles if one.level == n] for n in range(4)]
    assert [len(one) for one in level] == [274, 2, 1, 0]
    assert [one[-1].width for one in level[:3]] == [112, 17, 1]
    assert [one.path for one in tiles_of(256)] == ["0/000", "1/000.p/1"]
    assert list(tiles_of(0)) == []


@given(st.integers(1, 600), st.data())
def test_nodes_are_hashed_from_the_tile_that_holds_them(
    size: int, data: st.DataObject
) -> None:
    d = [b"%d" % n for n in range(size)]
    level = data.draw(st.integers(0, size.bit_length() - 1))
    index = data.draw(st.integers(0, (size >> level) - 1))
    tile = needed(size, level, index)
    assert tile in set(tiles_of(size))
    wide = 8 * (tile.level or 0)
    hashes = b"".join(
        oracle.mth(d[n << wide : (n + 1) << wide])
        for n in range(tile.start, tile.start + tile.width)
    )
    expected = oracle.mth(d[index << level : (index + 1) << level])
    assert node_in(hashes, level, index) == expected


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_are_written_and_read(entries: list[bytes]) -> None:
    content = bundle(entries)
    assert list(unbundle(content)) == entries
    for broken in (content[:-1], content + b"\x00"):
        if content:
            with pytest.raises(NotATile):
                list(unbundle(broken))


def test_an_entry_may_be_as_long_as_an_event() -> None:
    entry = b"x" * 65_535
    assert list(unbundle(bundle([entry, b""]))) == [entry, b""]
    assert leaf_hash(entry) == oracle.mth([entry])
