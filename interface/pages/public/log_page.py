"""The log as a page: its head, how it grows, who has co-signed it, and its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from application.log.format.note import NoteMalformed, parse_note
from application.log.key_list import listed_keys
from application.log.merge_delay import log_state
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import Published, latest
from application.log.sign.daily_growth import DayOfLog, daily_growth
from application.record.row_scope import Beyond, beyond
from interface.api.problems import Failure
from interface.bootstrap import System
from interface.pages.charts.chart import Chart
from interface.pages.charts.chart_export import chart_file, table_file
from interface.pages.charts.chart_picture import picture_file
from interface.pages.charts.log_growth import ID, log_growth
from interface.pages.charts.public_words import Wording
from interface.pages.page_options import public_page
from interface.pages.public.drawn_chart import DrawnChart
from interface.pages.public.public_page import (
    BRIEFLY,
    file_answer,
    public_page_of,
    wording_of,
)

PATH = "/log"
DAYS = 366
GROWTH_FILES = {f"{ID}.{kind}": kind for kind in ("csv", "svg", "png")}


class Cosigner(Struct, frozen=True):
    """Who has signed a checkpoint beside the log: the name and id of the key."""

    name: str
    key_id: str


@get(
    PATH,
    sync_to_thread=True,
    opt=public_page("whoever checks the log has to know what it promises"),
)
def log_page(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> Response[str]:
    """Show what the log promises and keeps."""
    log = system.settings.log
    with beyond(Beyond.LOG), system.database.get_connection() as connection:
        state = log_state(connection, log.origin, log.publish, system.clock())
        head = latest(connection, log.publish)
        cosigned = latest(connection, Kind.COSIGNED)
        keys = listed_keys(connection, system.statement_key.vkey)
    return public_page_of(
        request,
        "log.html",
        kept=BRIEFLY,
        state=state,
        head=head,
        cosigned=cosigned,
        cosigners=list(_cosigners(cosigned, log.origin)),
        growth=_growth(system, wording_of(request)),
        keys=keys,
    )


@get(
    f"{PATH}/{{file:str}}",
    sync_to_thread=True,
    opt=public_page("whoever checks the log has to know how it grows"),
)
def growth_file(
    request: Request[Any, Any, Any],
    system: NamedDependency[System],
    file: FromPath[str],
) -> Response[Any]:
    """Return the growth of the log as a picture, or its table as CSV."""
    words = wording_of(request)
    chart, kind = _chart(system, words), GROWTH_FILES.get(file)
    if chart is None or kind is None:
        raise Failure("no-such-page")
    if kind == "csv":
        text = table_file(chart.table, words)
        return file_answer(request, text, "text/csv", file, kept=BRIEFLY)
    svg = chart_file(chart, system.settings.log.origin)
    if kind == "svg":
        return file_answer(request, svg, "image/svg+xml", file, kept=BRIEFLY)
    picture = picture_file(svg)
    return file_answer(request, picture, "image/png", file, kept=BRIEFLY)


def _cosigners(found: Published | None, origin: str) -> Iterator[Cosigner]:
    """Yield who has co-signed a checkpoint, the log itself left out."""
    try:
        note = parse_note(found.note) if found else None
    except NoteMalformed:
        return
    for signature in note.signatures if note else ():
        if signature.name != origin:
            yield Cosigner(signature.name, signature.key_id.hex())


def _days(system: System) -> list[DayOfLog]:
    """Return the last days of the log, the first one first."""
    with beyond(Beyond.LOG), system.database.get_connection() as connection:
        kind = system.settings.log.publish
        return daily_growth(connection, DAYS, kind)[::-1]


def _chart(system: System, words: Wording) -> Chart | None:
    return log_growth(_days(system), words, system.clock().date())


def _growth(system: System, words: Wording) -> DrawnChart | None:
    chart = _chart(system, words)
    if chart is None:
        return None
    files = {
        kind: f"{PATH}/{ID}.{kind}?lang={words.language}" for kind in ("csv", "svg")
    }
    png = f"{PATH}/{ID}.png?lang={words.language}"
    svgs = tuple(chart.svg(drawing) for drawing in chart.drawings)
    return DrawnChart(chart=chart, svgs=svgs, png=png, **files)
