"""The lake's table of cases set aside: an event of theirs cannot be taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from projections.lake.case_rows import OfCase
from projections.lake.lake_row import CaseHistory, told


class AsideRow(OfCase, frozen=True, kw_only=True):
    """A case whose rows in other tables go no further, or that has none there."""

    passed_over: Annotated[
        int,
        told("The event that two people let figures pass over", "", "events.position"),
    ]


def aside_rows(_: CaseHistory) -> Iterator[AsideRow]:
    """Yield nothing: a case that can be folded is not set aside."""
    yield from ()
