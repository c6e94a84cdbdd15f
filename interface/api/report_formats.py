"""The forms in which a report is answered: for programs, people, and authorities."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Response
from litestar.params import QueryParameter

from domain.policy.codes import Codes
from interface.api.request_context import RequestContext
from projections.authorities.forms import FORMS
from projections.reports.period import Question
from projections.reports.report import Report
from projections.reports.report_csv import as_csv
from projections.reports.report_workbook import XLSX, workbook
from projections.reports.spreadsheet_text import FOR_SPREADSHEETS

ReportFormat = Annotated[
    Literal["json", "csv", "xlsx", "dsa", "adr", "p2b", "cn12315"] | None,
    QueryParameter(
        description="The form of the answer. `csv` and `xlsx` are also asked for by"
        " `Accept`; the others are CSV in the form that an authority asks for."
    ),
]


def form_of(context: RequestContext, form: str | None) -> str:
    """Return the form that is asked for; the parameter counts before the header."""
    if form is not None:
        return form
    accepted = context.headers.get("accept", "")
    # The narrower one first: a spreadsheet program accepts both.
    if XLSX in accepted:
        return "xlsx"
    return "csv" if "text/csv" in accepted else "json"


def question_in(form: str, asked: Question) -> Question:
    """Return the question whose report is shown in a form. Raises BadQuestion."""
    return FORMS[form].question(asked) if form in FORMS else asked


def is_compared(form: str) -> bool:
    """Tell whether a form shows the period before as well."""
    return form in FORMS and FORMS[form].compared


def file_answer(
    counted: Report, form: str, asked: Question, codes: Codes
) -> Response[Any]:
    """Answer a report as a file: CSV, a workbook, or the form of an authority."""
    name = f"redress-{asked.period}-{form}"
    if form == "xlsx":
        return _file(workbook(counted), XLSX, f"{name}.xlsx")
    if form == "csv":
        return Response(FOR_SPREADSHEETS + as_csv(counted), media_type="text/csv")
    text = FORMS[form].written(counted, asked, codes)
    return _file(FOR_SPREADSHEETS + text, "text/csv", f"{name}.csv")


def _file(content: str | bytes, media_type: str, name: str) -> Response[Any]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
