"""The public figures, and the cases behind those that are not public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter

from application.record.row_scope import Sees, seeing
from domain.case.outcome import Outcome
from interface.api.bulkheads import Work, work
from interface.api.compression import COMPRESSED
from interface.api.cursors import Page, opened, page
from interface.api.openapi.operations import READ_PROBLEMS, Reading, answering
from interface.api.openapi.oversight_examples import FIGURE_CASES, PUBLIC_FIGURES
from interface.api.openapi.text_forms import PERIOD, Cursor, Cuts, Zone
from interface.api.parameters import category as known_category
from interface.api.parameters import name_of, one_of
from interface.api.problems import malformed
from interface.api.read_your_writes import After, waits_for
from interface.api.recorded_reads import Read, public, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.closed_codes import closed
from interface.api.routes.replay import AUDITORS
from interface.bootstrap import System
from projections.case_view.shown_values import MoneyShown
from projections.figures.figure_cases import (
    FigureAsked,
    FigureCase,
    cases_behind,
    check_named,
)
from projections.figures.metrics import FigureUnit, metrics
from projections.figures.transparency import TRANSPARENCY
from projections.reports.period import Question
from projections.reports.public_figures import check_public, check_recorded, made_public
from projections.reports.public_report import PublicReport
from projections.reports.report import report

Period = Annotated[str, PathParameter(schema_extra=PERIOD)]
Figure = Annotated[
    str | None,
    QueryParameter(
        schema_extra={"enum": [one.id for one in metrics()]},
        description="Whose cases are listed; it has to be named.",
    ),
]
WHOLE = "all"
"""The one group of a report that is not cut."""

FOR_A_WHILE = "public, max-age=300"


class CaseCounted(msgspec.Struct, frozen=True, kw_only=True):
    """A case behind a figure.

    `at` is when it belongs to the figure; `days` or `amount` what it adds.
    `counted`: it is in the numerator. `decider` refused or ruled.
    """

    id: UUID
    at: datetime | None
    counted: bool
    days: float | None
    amount: MoneyShown | None
    part: str | None
    platform: str
    category: str
    reason: str
    seller: str | None
    decider: str | None
    appeal_decider: str | None
    policy: str | None
    liability: str | None
    outcome: Annotated[str | None, closed(*map(str, Outcome), None)]
    href: str


class CountedPage(Page[CaseCounted], frozen=True, kw_only=True):
    """One page of the cases behind a figure."""


class FigureController(Controller):
    """For everyone: figures in which nobody can be found. For auditors: the cases."""

    path = "/v1/transparency"
    tags = ("transparency",)

    @get(
        "/public/{period:str}",
        operation_class=answering(Reading, PUBLIC_FIGURES),
        responses=READ_PROBLEMS,
        operation_id="readPublicReport",
        summary="Public figures of a period",
        sync_to_thread=True,
        opt=public("the figures are published") | work(Work.BUNDLE),
    )
    def public(
        self,
        system: NamedDependency[System],
        period: Period,
        by: Cuts = "none",
        category: FromQuery[str | None] = None,
        platform: FromQuery[str | None] = None,
    ) -> Response[PublicReport]:
        """Return figures from which no single case can be told. Public.

        Numbers from 1 to 4 are left out, and so are others from which they could be
        subtracted. Numbers of cases are rounded to multiples of five. `by` is one or
        two of month, quarter, year, category, reason, channel, liability and outcome.
        """
        question = Question(
            period=period,
            by=by,
            category=known_category(system.rulebooks.codes, category),
            platform=name_of("platform", platform) or None,
        )
        check_public(question)
        # What is published counts the cases of every platform.
        with (
            seeing(Sees.ALL_FIGURES),
            system.database.get_connection() as connection,
        ):
            check_recorded(connection, question)
            counted = made_public(report(connection, question))
        return Response(counted, headers={"Cache-Control": FOR_A_WHILE})

    @get(
        "/reports/{period:str}/cases",
        operation_class=answering(Reading, FIGURE_CASES),
        responses=READ_PROBLEMS,
        operation_id="listCasesOfFigure",
        summary="The cases behind a figure",
        sync_to_thread=True,
        opt=read_of(Read.CASES, by=AUDITORS)
        | waits_for(TRANSPARENCY)
        | COMPRESSED
        | work(Work.BUNDLE),
    )
    def cases(
        self,
        context: NamedDependency[RequestContext],
        period: Period,
        figure: Figure = None,
        metric: Annotated[
            str | None,
            QueryParameter(description="The same as `figure`, as it was called first."),
        ] = None,
        by: Cuts = "none",
        group: FromQuery[str | None] = None,
        part: FromQuery[str | None] = None,
        out_of: FromQuery[Literal["numerator", "denominator"]] = "numerator",
        zone: Zone = None,
        category: FromQuery[str | None] = None,
        source: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
        after: After = None,
    ) -> CountedPage:
        """List the cases that a figure counts, in the order of their ids.

        The report's own parameters, and `figure`, its `group` (the key in the report)
        and its `part`. `out_of=denominator` lists what a share is counted out of.
        """
        del after  # the guard has waited
        question = Question(
            period=period,
            zone=zone,
            by=by,
            category=known_category(context.system.rulebooks.codes, category),
            system=source,
            platform=context.caller.platform,
        )
        if by == "none" and group not in {None, WHOLE}:
            raise malformed("group", "only-with-by")
        named = _named(figure, metric)
        asked = FigureAsked(
            question=question,
            metric=named,
            group=group,
            part=part,
            out_of=out_of,
            reader=context.actor,
        )

        def rows(beyond: UUID | None, many: int) -> Sequence[FigureCase]:
            return _counted(context, asked, beyond, many)

        units = {one.id: one.unit for one in metrics()}
        money = units.get(named) is FigureUnit.MONEY
        return page(
            CountedPage,
            rows,
            lambda row: _shown(row, money=money),
            lambda row: row.case_id,
            limit,
            opened(cursor, UUID, context.list_name),
        )


def _counted(
    context: RequestContext, asked: FigureAsked, beyond: UUID | None, many: int
) -> Sequence[FigureCase]:
    """Return cases behind a figure. Raises BadQuestion for what nobody knows."""
    database = context.system.database
    with database.get_connection() as connection:
        cases = cases_behind(connection, asked, limit=many, after=beyond)
    if not cases and beyond is None:
        sees = Sees.FIGURES if context.caller.platform else Sees.ALL_FIGURES
        with seeing(sees), database.get_connection() as connection:
            check_recorded(connection, asked.question)
            check_named(connection, asked)
    return cases


def _named(figure: str | None, metric: str | None) -> str:
    """Return the figure that is asked for, under either name. Raises Failure."""
    if figure is not None and metric is not None:
        raise malformed("metric", "not-with-this", **{"for": "figure"})
    known = tuple(one.id for one in metrics())
    named = one_of("figure", figure, known) or one_of("metric", metric, known)
    if named is None:
        raise malformed("figure", "required")
    return named


def _shown(row: FigureCase, *, money: bool) -> CaseCounted:
    about = msgspec.structs.asdict(row)
    case = about.pop("case_id")
    measured, currency = about.pop("measured"), about.pop("currency")
    amount = None
    if money and measured is not None and currency is not None:
        amount = MoneyShown.of(round(measured), currency)
    return CaseCounted(
        **about,
        id=case,
        days=None if money or measured is None else round(measured, 4),
        amount=amount,
        href=f"/v1/audit/disputes/{case}",
    )
