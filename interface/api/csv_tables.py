"""Lists as tables for people (CSV): headings, words and local times in their language.

Programs read JSON.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from litestar import Response
from litestar.params import QueryParameter
from msgspec import Struct

from application.texts import say
from interface.api.request_context import RequestContext
from projections.case_view.shown_values import MoneyShown
from projections.reports.report_csv import money_words
from projections.reports.spreadsheet_text import FOR_SPREADSHEETS, as_text

Format = Annotated[
    Literal["json", "csv"] | None,
    QueryParameter(description="The form of the answer, as `Accept: text/csv` says."),
]


class Table(Struct, frozen=True):
    """Columns by their codes in the texts, rows, and headers that say more of them."""

    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    headers: Mapping[str, str] = {}


def is_csv(context: RequestContext, form: str | None) -> bool:
    """Tell whether a table is asked for; the parameter counts before the header."""
    if form is not None:
        return form == "csv"
    return "text/csv" in context.headers.get("accept", "")


def csv_answer(
    context: RequestContext, table: Table, following: str | None
) -> Response[Any]:
    """Answer a table; the header `Link` names the next page, if there is one."""
    zone, out = ZoneInfo(context.system.zone), io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    language = context.language
    writer.writerow(
        say("columns", one, language, zone=zone.key) for one in table.columns
    )
    for row in table.rows:
        writer.writerow(_cell(value, zone) for value in row)
    headers = {"Content-Disposition": 'attachment; filename="redress.csv"'}
    headers |= table.headers
    if following is not None:
        given = parse_qsl(context.query, keep_blank_values=True)
        query = [one for one in given if one[0] != "cursor"]
        query.append(("cursor", following))
        headers["Link"] = f'<{context.path}?{urlencode(query)}>; rel="next"'
    return Response(
        FOR_SPREADSHEETS + out.getvalue(),
        media_type="text/csv",
        headers=headers,
    )


def _cell(value: Any, zone: ZoneInfo) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        case MoneyShown():
            return money_words(value)
        case int() | float():
            return str(value)
        case _:
            return as_text(str(value))
