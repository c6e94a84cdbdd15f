"""Consistency for supervisors, auditors and regulators: the report, and the pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter
from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection

from application.record.row_scope import Sees, seeing
from interface.api.bulkheads import Work, work
from interface.api.compression import COMPRESSED
from interface.api.cursors import Page, opened, page
from interface.api.openapi.consistency_examples import CONSISTENCY, PAIRS
from interface.api.openapi.operations import READ_PROBLEMS, Reading, answering
from interface.api.openapi.text_forms import PERIOD, Cursor, Zone
from interface.api.parameters import category as known_category
from interface.api.read_your_writes import After, waits_for
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.routes.replay import AUDITORS
from projections.consistency.alike_cases import CasePair, pairs
from projections.consistency.consistency_report import (
    LEAST,
    ConsistencyReport,
    consistency,
)
from projections.figures.transparency import TRANSPARENCY
from projections.reports.period import Question
from projections.reports.public_figures import check_recorded
from projections.reports.record_start import record_from, start_in, whose

Period = Annotated[str, PathParameter(schema_extra=PERIOD)]
Least = Annotated[
    int,
    QueryParameter(ge=1, le=1_000, description="Of fewer cases no share is told."),
]


class CaseRuled(Struct, frozen=True, kw_only=True):
    """A case as it was ruled, whatever an appeal made of it."""

    id: UUID
    ruled_at: datetime
    liability: str
    remedies: str
    decider: str | None
    href: str


class PairShown(CaseRuled, frozen=True, kw_only=True):
    """A case, and the alike case ruled just before it, which was decided differently.

    What they have in common: category, reason, rules cited, amount and evidence.
    """

    category: str
    reason: str
    cited: str
    amount: str
    evidence: str
    earlier: CaseRuled


class PairsPage(Page[PairShown], frozen=True, kw_only=True, omit_defaults=True):
    """One page of pairs.

    `record_from` is the first day of the record, where that is behind the first day of
    the period: of pairs before it nothing is known.
    """

    record_from: str | None = None


class ConsistencyController(Controller):
    """Whether like cases are decided alike, and in time."""

    path = "/v1/transparency/consistency"
    tags = ("transparency",)

    @get(
        "/{period:str}",
        operation_class=answering(Reading, CONSISTENCY),
        responses=READ_PROBLEMS,
        operation_id="readConsistency",
        summary="Consistency of decisions in a period",
        sync_to_thread=True,
        opt=read_of(Read.REPORT, by=AUDITORS)
        | waits_for(TRANSPARENCY)
        | COMPRESSED
        | work(Work.BUNDLE),
    )
    def report(
        self,
        context: NamedDependency[RequestContext],
        period: Period,
        least: Least = LEAST,
        zone: Zone = None,
        category: FromQuery[str | None] = None,
        source: FromQuery[str | None] = None,
        after: After = None,
    ) -> ConsistencyReport:
        """Return reversals on appeal, alike cases, lateness, and repeated faults.

        Reversals are told by rule cited, category and decider, with Wilson's interval
        at 95 %; of fewer than `least` cases no share is told. Of a period that ends
        before the record begins nothing is counted, and `record_from` is its first day.
        """
        del after  # the guard has waited
        question = _question(context, period, zone, category, source)
        with _counting(context) as connection:
            found = consistency(connection, question, least)
            check_recorded(connection, question)
            return found

    @get(
        "/{period:str}/pairs",
        operation_class=answering(Reading, PAIRS),
        responses=READ_PROBLEMS,
        operation_id="listDifferingPairs",
        summary="Alike cases that were decided differently",
        sync_to_thread=True,
        opt=read_of(Read.CASES, by=AUDITORS)
        | waits_for(TRANSPARENCY)
        | COMPRESSED
        | work(Work.BUNDLE),
    )
    def pairs(
        self,
        context: NamedDependency[RequestContext],
        period: Period,
        zone: Zone = None,
        category: FromQuery[str | None] = None,
        source: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
        after: After = None,
    ) -> PairsPage:
        """List each case beside the alike one before it, if decided differently.

        Alike are category, reason, rules cited, band of the amount and kinds of
        evidence; different is who is liable, or the remedy. Only cases that the reader
        may read are compared.
        """
        del after  # the guard has waited
        question = _question(context, period, zone, category, source)

        def rows(beyond: UUID | None, many: int) -> Sequence[CasePair]:
            with context.system.database.get_connection() as connection:
                return pairs(
                    connection, question, context.actor, limit=many, after=beyond
                )

        found = page(
            PairsPage,
            rows,
            _shown,
            lambda row: row.case_id,
            limit,
            opened(cursor, UUID, context.list_name),
        )
        with _counting(context) as connection:
            check_recorded(connection, question)
            begun = start_in(connection)(whose(question, ()))
        return replace(found, record_from=record_from(question, begun))


@contextmanager
def _counting(context: RequestContext) -> Iterator[Connection[Any]]:
    """Read as figures do: also cases are counted that the reader has to keep out of."""
    with (
        seeing(Sees.FIGURES if context.caller.platform else Sees.ALL_FIGURES),
        context.system.database.get_connection() as connection,
    ):
        yield connection


def _question(
    context: RequestContext,
    period: str,
    zone: str | None,
    category: str | None,
    source: str | None,
) -> Question:
    return Question(
        period=period,
        zone=zone,
        category=known_category(context.system.rulebooks.codes, category),
        system=source,
        platform=context.caller.platform,
    )


def _shown(row: CasePair) -> PairShown:
    return PairShown(
        id=row.case_id,
        ruled_at=row.ruled_at,
        liability=row.liability,
        remedies=row.remedies,
        decider=row.decider,
        href=_href(row.case_id),
        category=row.category,
        reason=row.reason,
        cited=row.cited,
        amount=row.amount,
        evidence=row.evidence,
        earlier=CaseRuled(
            id=row.earlier_id,
            ruled_at=row.earlier_ruled_at,
            liability=row.earlier_liability,
            remedies=row.earlier_remedies,
            decider=row.earlier_decider,
            href=_href(row.earlier_id),
        ),
    )


def _href(case: UUID) -> str:
    return f"/v1/audit/disputes/{case}"
