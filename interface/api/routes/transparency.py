"""The published figures, with their definitions."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter
from msgspec import Struct

from application.record.row_scope import Sees, seeing
from domain.roles import READERS, Role
from interface.api.bulkheads import Work, work
from interface.api.compression import COMPRESSED
from interface.api.cursors import Page, whole
from interface.api.openapi.operations import READ_PROBLEMS, Answer, Reading, answering
from interface.api.openapi.oversight_examples import REPORT
from interface.api.openapi.text_forms import PERIOD, Cuts, Zone
from interface.api.parameters import category as known_category
from interface.api.read_your_writes import After, waits_for
from interface.api.recorded_reads import Read, public, read_of
from interface.api.report_formats import (
    ReportFormat,
    file_answer,
    form_of,
    is_compared,
    question_in,
)
from interface.api.request_context import RequestContext
from projections.authorities.forms import FORMS
from projections.figures.metrics import Metric, metrics
from projections.figures.transparency import TRANSPARENCY
from projections.reports.period import Question
from projections.reports.public_figures import check_recorded
from projections.reports.report import Report, report
from projections.reports.report_workbook import XLSX

ANALYSTS = READERS | {Role.ANALYST}


class ReportShown(Struct, frozen=True, kw_only=True):
    """A report, and by which code and definitions it was made."""

    report: Report
    definitions: tuple[Metric, ...]
    code_version: str


class MetricsPage(Page[Metric], frozen=True, kw_only=True):
    """The definitions."""


class TransparencyController(Controller):
    """Figures that can be counted again by anyone from the events."""

    path = "/v1/transparency"
    tags = ("transparency",)

    @get(
        "/metrics",
        operation_id="listMetrics",
        summary="Definitions of all figures",
        sync_to_thread=False,
        opt=public("how figures are counted is public"),
    )
    def definitions(self) -> MetricsPage:
        """Return what each figure counts, out of what, dated by what. Public."""
        return whole(MetricsPage, metrics())

    @get(
        "/reports/{period:str}",
        operation_class=answering(Reading, Answer(REPORT, tables=("text/csv", XLSX))),
        responses=READ_PROBLEMS,
        operation_id="readReport",
        summary="Figures of a period",
        sync_to_thread=True,
        opt=read_of(Read.REPORT, by=ANALYSTS)
        | waits_for(TRANSPARENCY)
        | COMPRESSED
        | work(Work.BUNDLE),
    )
    def figures(
        self,
        context: NamedDependency[RequestContext],
        period: Annotated[str, PathParameter(schema_extra=PERIOD)],
        by: Cuts = "none",
        zone: Zone = None,
        category: FromQuery[str | None] = None,
        source: FromQuery[str | None] = None,
        compare: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter
        format: ReportFormat = None,  # noqa: A002 - the parameter's name
        after: After = None,
    ) -> Response[ReportShown]:
        """Return the figures of "2026", "2026-Q4", "2026-11" or "all".

        `by` cuts them into groups, by one thing or two; `compare=true` adds the period
        before to each figure; `zone` is where months begin, by default where the
        cases are at home (Asia/Shanghai, or where an imported source is). `source`
        chooses what was imported from one system, own cases if it is empty. `text/csv`
        is answered to those who accept it. `format` is also that of an authority: dsa
        (Annex I part 7), adr (Article 7(2)), p2b (Article 11(4)) or cn12315, each by
        platforms, for a period with a first and a last day.
        """
        caller = context.caller
        del after  # the guard has waited
        asked = Question(
            period=period,
            zone=zone,
            by=by,
            category=known_category(context.system.rulebooks.codes, category),
            system=source,
            platform=caller.platform,
        )
        form = form_of(context, format)
        # A figure counts also the cases that its reader has to keep out of.
        with (
            seeing(Sees.FIGURES if caller.platform else Sees.ALL_FIGURES),
            context.system.database.get_connection() as connection,
        ):
            compared = compare or is_compared(form)
            counted = report(connection, question_in(form, asked), compared=compared)
            if form in FORMS and not counted.groups:
                # No platform has a case in the period: the form says so of all.
                counted = report(connection, asked, compared=compared)
            check_recorded(connection, asked)
        if form != "json":
            return file_answer(counted, form, asked, context.system.rulebooks.codes)
        shown = ReportShown(
            report=counted, definitions=metrics(), code_version=version("redress")
        )
        return Response(shown)
