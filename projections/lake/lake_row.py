"""What rows of the lake have in common, and what is told of each of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from msgspec import Meta, Struct

from domain.case.dispute import Dispute
from domain.deadlines.ledger import deadline_ledger
from domain.deadlines.ledger_entry import Entry
from projections.figures.case_figures import Figures
from projections.figures.transparency import fold
from projections.placed_events import Placed

BUCKETS = 16
"""A case is in the bucket of the first four bits of its id."""

MINOR = "minor units of `currency`"


def told(words: str, unit: str = "", source: str = "", codes: str = "") -> Meta:
    """Return what the data dictionary says of a column.

    `unit`: what a number counts, or what kind of code a text is; `source`: the events
    that the column comes from, or the table and column that it refers to; `codes`: the
    kinds of codes that it holds, as the table `codes` names them.
    """
    extra = {"unit": unit, "source": source, "codes": codes}
    return Meta(description=words, extra=extra)


class LakeRow(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A row of a table of the lake."""


def bucket_of(case: UUID) -> int:
    """Return the bucket that a case is in."""
    return case.bytes[0] >> 4


class CaseHistory:
    """All events of a case up to a position, and what is folded from them once."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        self.placed = placed

    @property
    def case(self) -> UUID:
        """Return the id of the case."""
        return self.placed[0].recorded.case

    @property
    def position(self) -> int:
        """Return the position of the last event."""
        return self.placed[-1].position

    @property
    def dispute(self) -> Dispute:
        """Return the state of the case. Raises what folding raised."""
        return self.placed[-1].after.dispute

    @cached_property
    def figures(self) -> Figures:
        """Return the row that figures are counted from."""
        row: Figures | None = None
        for one in self.placed:
            row = fold(row, one)
        return row or Figures(case_id=self.case)

    @cached_property
    def limits(self) -> tuple[Entry, ...]:
        """Return every time limit of the case."""
        return deadline_ledger(one.recorded for one in self.placed)

    @property
    def place(self) -> dict[str, Any]:
        """Return the columns that every row of the case has."""
        case = self.case
        return {"case": case, "position": self.position, "bucket": bucket_of(case)}
