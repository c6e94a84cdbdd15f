"""Brings together the rows of each case, wherever they stand in a source.

A source of millions of rows does not fit into memory. Rows are sorted in runs of a
bounded size, which lie in temporary files, and the runs are merged (external merge
sort). The files can be read by their owner only, and are gone afterwards.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec

from application.imports.cells import BadRow
from application.imports.source.source_row import Row

RUN_BYTES = 32 << 20
"""How much of the source is sorted at once, as it is written to a run."""

_LENGTH = 4

Key = tuple[str, int]
"""By which rows are sorted: their record, then their place in the source."""

Keyed = tuple[str, int, Row]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[str, int, Row]).decode


def cases_of(
    rows: Iterable[Row], record: Callable[[Row], str]
) -> Iterator[tuple[Row, ...]]:
    """Yield the rows of each case, in the order of their records' ids.

    A row without a good id stands alone: nobody knows which case it is of.
    """
    with ExitStack() as files:
        runs = [_read(run) for run in _runs(rows, record, files)]
        merged = heapq.merge(*runs, key=_key)
        for name, together in groupby(merged, key=lambda one: one[0]):
            if name:
                yield tuple(row for _, _, row in together)
            else:
                yield from ((row,) for _, _, row in together)


def _key(keyed: Keyed) -> Key:
    return keyed[:2]


def _runs(
    rows: Iterable[Row], record: Callable[[Row], str], files: ExitStack
) -> list[IO[bytes]]:
    runs = []
    run: list[tuple[Key, bytes]] = []
    size = 0
    for number, row in enumerate(rows):
        try:
            name = record(row)
        except BadRow:
            name = ""
        packed = _encode((name, number, row))
        run.append(((name, number), packed))
        size += len(packed)
        if size >= RUN_BYTES:
            runs.append(_written(run, files))
            run, size = [], 0
    if run:
        runs.append(_written(run, files))
    return runs


def _written(run: list[tuple[Key, bytes]], files: ExitStack) -> IO[bytes]:
    file: IO[bytes] = files.enter_context(TemporaryFile())  # noqa: SIM115 - entered
    # The keys of a run are different, so its bytes are never compared.
    for _, packed in sorted(run):
        file.write(len(packed).to_bytes(_LENGTH, "big") + packed)
    file.seek(0)
    return file


def _read(file: IO[bytes]) -> Iterator[Keyed]:
    while length := file.read(_LENGTH):
        keyed: Any = _decode(file.read(int.from_bytes(length, "big")))
        yield keyed
