"""The ledger's bytes in files, one for each bucket of cases.

Reading the ledger in the order of cases is five times slower than in its own: the rows
lie in the order of insertion. So they are read once, in that order, and spilt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from struct import Struct as Layout
from uuid import UUID

import msgspec

from application.record.envelope import BESIDE_CASES
from application.record.session import open_session

BUCKETS = 256
"""A case is in the bucket of the first byte of its id, which is as good as random."""

MOST_BYTES = 64 * 1024 * 1024
"""Of a bucket, so much is folded at a time: more cases are left for another reading."""

# COPY's binary format: a signature, then for each row the number of its columns, and
# each column after its length (PostgreSQL documentation, COPY).
_SIGNATURE = 19
_ROW = Layout("!hiqi16si")
_CASE = 18
"""Where the id of the case begins in a row."""

_QUERY = """
COPY (SELECT l.position, l.originator_id, e.state
    FROM ledger l JOIN events e USING (notification_id)
    WHERE l.position > {after} AND l.position <= {upto}
    AND e.notification_id >= (SELECT notification_id FROM ledger
        WHERE position = {after} + 1)
    AND e.notification_id <= (SELECT notification_id FROM ledger
        WHERE position = {upto})
    AND e.topic NOT LIKE ALL ('{{{beside}}}'))
TO STDOUT (FORMAT BINARY)
"""


class Range(msgspec.Struct, frozen=True):
    """The positions behind one and up to another."""

    after: int
    upto: int


def ranges(upto: int, parts: int) -> tuple[Range, ...]:
    """Cut the ledger into ranges of about one length."""
    ends = sorted({upto * part // parts for part in range(parts + 1)})
    return tuple(Range(a, b) for a, b in pairwise(ends))


def spill(url: str, one: Range, buckets: Collection[int], folder: Path) -> int:
    """Write the events of a range to files of their buckets; return how many."""
    beside = ",".join(f"{prefix}%" for prefix in BESIDE_CASES)
    query = _QUERY.format(after=one.after, upto=one.upto, beside=beside)
    done = 0
    # Each is closed, also if another one cannot be: the disk may be full.
    with ExitStack() as opened:
        files = {
            bucket: opened.enter_context(
                (folder / name_of(bucket, one)).open("wb", buffering=1 << 16)
            )
            for bucket in buckets
        }
        connection = opened.enter_context(
            open_session(url, search_path="redress", job="rebuild")
        )
        copy = opened.enter_context(connection.cursor().copy(query.encode()))
        skip = _SIGNATURE
        for data in copy:
            row = data[skip:] if skip else data
            skip = 0
            # The end is a row without columns.
            if len(row) > _CASE and (file := files.get(row[_CASE])) is not None:
                file.write(row)
                done += 1
    return done


def name_of(bucket: int, one: Range) -> str:
    """Return the name of a bucket's file of a range."""
    return f"{bucket:03}-{one.after}"


Histories = dict[UUID, list[tuple[int, bytes]]]
"""Cases with their events, each a position and the bytes that stand there."""


def histories(
    bucket: int, parts: Collection[Range], folder: Path, most: int = MOST_BYTES
) -> Iterator[Histories]:
    """Yield the cases of a bucket, at once if they have no more bytes than `most`."""
    paths = [folder / name_of(bucket, one) for one in parts]
    size = sum(path.stat().st_size for path in paths)
    rounds = -(-size // most) or 1
    for turn in range(rounds):
        cases: dict[bytes, list[tuple[int, bytes]]] = {}
        for path in paths:
            for position, case, state in _rows(path.read_bytes()):
                if rounds == 1 or case[1] % rounds == turn:
                    cases.setdefault(case, []).append((position, state))
        # By their ids, so that the rows' primary keys come nearly in order.
        yield {UUID(bytes=case): sorted(cases[case]) for case in sorted(cases)}


def _rows(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    place, end, size = 0, len(data), _ROW.size
    while place < end:
        _, _, position, _, case, length = _ROW.unpack_from(data, place)
        place += size
        yield position, case, data[place : place + length]
        place += length
