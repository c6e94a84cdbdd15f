"""The tables of the lake, and what each has a row for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa
from msgspec import Struct

from projections.lake.arrow_rows import event_schema, schema_of
from projections.lake.case_table import CaseRow, OfCase, case_rows
from projections.lake.deadline_table import DeadlineRow, deadline_rows
from projections.lake.dimension_tables import (
    CalendarRow,
    CodeRow,
    PolicyRow,
    RuleRow,
)
from projections.lake.event_table import EventRow
from projections.lake.evidence_table import EvidenceRow, evidence_rows
from projections.lake.lake_row import CaseHistory, LakeRow
from projections.lake.log_table import BatchRow, CheckpointRow
from projections.lake.money_table import MoneyRow, money_rows
from projections.lake.obligation_table import ObligationRow, obligation_rows
from projections.lake.offer_table import OfferRow, offer_rows
from projections.lake.ruling_table import (
    ReasonRow,
    RulingRow,
    reason_rows,
    ruling_rows,
)
from projections.lake.sanction_table import SanctionRow, sanction_rows


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
CASE_TABLES: Sequence[CaseTable] = (
    CaseTable("cases", CaseRow, rows=case_rows),
    CaseTable("deadlines", DeadlineRow, rows=deadline_rows),
    CaseTable("offers", OfferRow, rows=offer_rows),
    CaseTable("evidence", EvidenceRow, rows=evidence_rows),
    CaseTable("rulings", RulingRow, rows=ruling_rows),
    CaseTable("reasons", ReasonRow, rows=reason_rows),
    CaseTable("obligations", ObligationRow, rows=obligation_rows),
    CaseTable("money", MoneyRow, rows=money_rows),
    CaseTable("sanctions", SanctionRow, rows=sanction_rows),
)
DIMENSIONS: Sequence[LakeTable] = (
    LakeTable("codes", CodeRow),
    LakeTable("policies", PolicyRow),
    LakeTable("rules", RuleRow),
    LakeTable("calendar", CalendarRow),
)
TABLES: Sequence[LakeTable] = (EVENTS, *CASE_TABLES, *DIMENSIONS, BATCHES, CHECKPOINTS)
