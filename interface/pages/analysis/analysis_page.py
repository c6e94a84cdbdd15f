"""Where analysts begin: the figures of a period as they are, and ways to take data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from application.record.row_scope import Sees, seeing
from domain.roles import Role
from interface.api.bulkheads import Work, work
from interface.api.problems import Failure
from interface.api.read_your_writes import shows
from interface.api.recorded_reads import Read, read_of
from interface.api.report_formats import file_answer
from interface.api.request_context import RequestContext
from interface.pages.analysis.report_choices import ReportChoice, report_choice
from interface.pages.charts.public_words import Wording
from interface.pages.page import page
from interface.pages.page_options import PAGE
from interface.pages.page_times import PageTimes
from projections.figures.metrics import FigureUnit, metrics
from projections.figures.transparency import TRANSPARENCY
from projections.reports.figure import Figure
from projections.reports.period import Question
from projections.reports.report import Report, report
from projections.reports.report_csv import money_words

PATH = "/analysis"
FORMS = ("csv", "xlsx", "json")
OPTIONS = (
    read_of(Read.REPORT, by={Role.ANALYST})
    | shows(TRANSPARENCY)
    | work(Work.BUNDLE)
    | PAGE
)


class FigureLine(Struct, frozen=True, kw_only=True):
    """A figure of a report in words, with the exact numbers it is counted from."""

    id: str
    name: str
    value: str
    numerator: str
    denominator: str


@get(PATH, sync_to_thread=True, opt=OPTIONS)
def analysis_page(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[str]:
    """Show the exact figures of a period, and how to take more of them."""
    words, choice = _asked(request, context)
    counted = None if choice.unknown else _counted(context, choice.period, "none")
    return page(
        request,
        "analysis/analysis.html",
        status=400 if choice.unknown else 200,
        choice=choice,
        lines=[] if counted is None else list(_lines(counted, words)),
        counted=counted,
        begins=None if counted is None else _begins(counted, words),
        forms=FORMS,
        words=words,
        times=PageTimes(context.system.zone, context.system.clock(), context.language),
        is_of_one=context.caller.platform is not None,
    )


@get(f"{PATH}/report", sync_to_thread=True, opt=OPTIONS)
def analysis_file(
    request: Request[Any, Any, Any], context: NamedDependency[RequestContext]
) -> Response[Any]:
    """Return a report as a file: the answer of the API to who is signed in."""
    _, choice = _asked(request, context)
    form = request.query_params.get("format", "")
    if choice.unknown or form not in FORMS:
        raise Failure("no-such-page")
    asked = _question(context, choice.period, choice.by)
    counted = _counted(context, choice.period, choice.by)
    name = f"redress-{choice.period}-{choice.by}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "json":
        content = msgspec.json.encode(counted)
        return Response(content, media_type="application/json", headers=headers)
    answer = file_answer(counted, form, asked, context.system.rulebooks.codes)
    answer.headers.update(headers)
    return answer


def _asked(
    request: Request[Any, Any, Any], context: RequestContext
) -> tuple[Wording, ReportChoice]:
    system = context.system
    words = Wording(context.language, system.rulebooks.codes)
    here = system.clock().astimezone(ZoneInfo(system.zone))
    return words, report_choice(request, words, here)


def _question(context: RequestContext, period: str, by: str) -> Question:
    return Question(period=period, by=by, platform=context.caller.platform)


def _counted(context: RequestContext, period: str, by: str) -> Report:
    whose = Sees.FIGURES if context.caller.platform else Sees.ALL_FIGURES
    with seeing(whose), context.system.database.get_connection() as connection:
        return report(connection, _question(context, period, by))


def _begins(counted: Report, words: Wording) -> str | None:
    """Return the first day of the record, if that is behind that of the period."""
    begins = counted.groups[0].record_from
    return None if begins is None else words.day(date.fromisoformat(begins))


def _lines(counted: Report, words: Wording) -> Iterator[FigureLine]:
    """Yield the figures; none of a period of which nothing is known."""
    group = counted.groups[0]
    if group.is_before_record:
        return
    for metric in metrics():
        found = group[metric.id]
        out_of = found.denominator
        yield FigureLine(
            id=metric.id,
            name=words.either(metric),
            value=_value(found, words),
            numerator=words.number(found.numerator),
            denominator="" if out_of is None else words.number(out_of),
        )


def _value(found: Figure, words: Wording) -> str:
    """Return a value as it is: nothing is rounded away or withheld from analysts."""
    if found.unit is FigureUnit.MONEY:
        sums = [money_words(one) for one in found.amounts or ()]
        return words.listed(sums) if sums else words.say("gaps", "nothing")
    if found.value is None:
        return words.say("gaps", "nothing")
    if found.unit is FigureUnit.CASES:
        return words.number(found.value)
    if found.unit is FigureUnit.SHARE:
        return f"{words.number(100 * found.value, 1)}%"
    return words.amount(found.value, str(found.unit))
