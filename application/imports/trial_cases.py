"""The cases of a trial: what an import would have made of them, kept aside.

A trial writes nothing into the record. A row far down in a file is compared with what
the rows above it would have recorded; that lies in a private database of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import Self
from uuid import UUID

import msgspec

from application.cases.disputes import Disputes
from application.imports.case_batch import Standing
from application.imports.known_cases import known_cases
from application.record.envelope import Recorded
from domain.case.evolve import fold

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Recorded]).decode


class TrialCases:
    """Cases as they would be: those of the record, and those of the trial over them."""

    def __init__(self, disputes: Disputes) -> None:
        self._disputes = disputes
        # An empty name is a private file, which is gone when it is closed.
        self._database = sqlite3.connect("")
        self._database.execute("CREATE TABLE cases (id BLOB PRIMARY KEY, events BLOB)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def known(self, cases: AbstractSet[UUID]) -> Mapping[UUID, Standing]:
        """Return the cases that are recorded, or would be by now."""
        found = dict(known_cases(self._disputes, cases))
        for case in cases:
            row = self._database.execute(
                "SELECT events FROM cases WHERE id = ?", (case.bytes,)
            ).fetchone()
            if row is not None:
                events = _decode(row[0])
                dispute = fold(one.event for one in events)
                found[case] = Standing(
                    events, dispute, None, is_new=False, is_tried=True
                )
        return found

    def all(self) -> Iterator[Sequence[Recorded]]:
        """Yield the events of each case that would be new, or would have grown."""
        for (events,) in self._database.execute("SELECT events FROM cases"):
            yield _decode(events)

    def keep(self, standings: Mapping[UUID, Standing]) -> None:
        """Keep what a batch would have added."""
        self._database.executemany(
            "INSERT OR REPLACE INTO cases VALUES (?, ?)",
            (
                (case.bytes, _encode(one.known))
                for case, one in standings.items()
                if one.grown
            ),
        )
