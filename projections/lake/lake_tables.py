"""The tables of the lake, and what each has a row for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa
from msgspec import Struct

from projections.lake.arrow_rows import event_schema, schema_of
from projections.lake.aside_rows import AsideRow, aside_rows
from projections.lake.case_rows import CaseRow, OfCase, case_rows
from projections.lake.deadline_rows import DeadlineRow, deadline_rows
from projections.lake.dimension_rows import (
    CalendarRow,
    CodeRow,
    PolicyRow,
    RuleRow,
)
from projections.lake.event_rows import EventRow
from projections.lake.evidence_rows import EvidenceRow, evidence_rows
from projections.lake.lake_row import CaseHistory, LakeRow
from projections.lake.log_rows import BatchRow, CheckpointRow
from projections.lake.money_rows import MoneyRow, money_rows
from projections.lake.obligation_rows import ObligationRow, obligation_rows
from projections.lake.offer_rows import OfferRow, offer_rows
from projections.lake.ruling_rows import (
    ReasonRow,
    RulingRow,
    reason_rows,
    ruling_rows,
)
from projections.lake.sanction_rows import SanctionRow, sanction_rows


class LakeTable(Struct, frozen=True):
    """A table of the lake. `partition`: the column by which its files are parted."""

    name: str
    row: type[LakeRow]
    partition: str | None = None

    @property
    def schema(self) -> pa.Schema:
        """Return its columns."""
        return event_schema() if self.row is EventRow else schema_of(self.row)


class CaseTable(LakeTable, frozen=True):
    """A table whose rows are made from all events of a case, and replaced together."""

    partition: str | None = "bucket"
    rows: Callable[[CaseHistory], Iterator[OfCase]] = case_rows


EVENTS = LakeTable("events", EventRow, "month")
BATCHES = LakeTable("log_batches", BatchRow)
CHECKPOINTS = LakeTable("checkpoints", CheckpointRow)
CASES = CaseTable("cases", CaseRow, rows=case_rows)
CASE_TABLES: Sequence[CaseTable] = (
    CASES,
    CaseTable("deadlines", DeadlineRow, rows=deadline_rows),
    CaseTable("offers", OfferRow, rows=offer_rows),
    CaseTable("evidence", EvidenceRow, rows=evidence_rows),
    CaseTable("rulings", RulingRow, rows=ruling_rows),
    CaseTable("reasons", ReasonRow, rows=reason_rows),
    CaseTable("obligations", ObligationRow, rows=obligation_rows),
    CaseTable("money", MoneyRow, rows=money_rows),
    CaseTable("sanctions", SanctionRow, rows=sanction_rows),
    CaseTable("cases_aside", AsideRow, rows=aside_rows),
)
DIMENSIONS: Sequence[LakeTable] = (
    LakeTable("codes", CodeRow),
    LakeTable("policies", PolicyRow),
    LakeTable("rules", RuleRow),
    LakeTable("calendar", CalendarRow),
)
TABLES: Sequence[LakeTable] = (EVENTS, *CASE_TABLES, *DIMENSIONS, BATCHES, CHECKPOINTS)
