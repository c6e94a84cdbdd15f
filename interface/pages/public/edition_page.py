"""One edition of a published report: its numbers, its manifest, what it corrects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter
from msgspec import Struct

from interface.api.bulkheads import Work, work
from interface.api.parameters import name_of
from interface.api.problems import Failure
from interface.bootstrap import System
from interface.pages.charts.chart_export import chart_file, table_file
from interface.pages.charts.chart_picture import can_be_drawn, picture_file
from interface.pages.charts.public_words import Wording
from interface.pages.charts.report_charts import CHARTS
from interface.pages.page_options import public_page
from interface.pages.public.drawn_chart import drawn_charts, edition_address
from interface.pages.public.edition_table import figures_csv
from interface.pages.public.figure_card import FigureCard, card
from interface.pages.public.part_labels import group_label, part_label
from interface.pages.public.public_page import (
    file_answer,
    public_page_of,
    wording_of,
)
from interface.pages.public.published_period import alone
from projections.figures.metrics import metrics
from projections.reports.edition_manifests import (
    EditionRead,
    all_manifests,
    edition_read,
)
from projections.reports.public_report import PublicGroup
from projections.reports.report_edition import Difference
from projections.reports.report_edition import Number as ReportNumber
from projections.reports.spreadsheet_text import FOR_SPREADSHEETS

PUBLIC = public_page("the reports are published") | work(Work.BUNDLE)
Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
ALL = "figures.csv"
KINDS = frozenset({"svg", "png", "csv"})
"""The file of all numbers of an edition."""


class FigureRow(Struct, frozen=True, kw_only=True):
    """A figure of a group, with the labels and numbers of its parts."""

    card: FigureCard
    parts: tuple[tuple[str, str], ...]


class GroupRows(Struct, frozen=True, kw_only=True):
    """A group with all its figures; those that count nothing are left to the file."""

    name: str
    rows: tuple[FigureRow, ...]


@get("/figures/{name:str}", sync_to_thread=True, opt=PUBLIC)
def report_page(
    request: Request[Any, Any, Any],
    system: NamedDependency[System],
    name: FromPath[str],
) -> Response[str]:
    """Show the last edition of a report."""
    return _page(request, system, name, None)


@get("/figures/{name:str}/editions/{edition:int}", sync_to_thread=True, opt=PUBLIC)
def edition_page(
    request: Request[Any, Any, Any],
    system: NamedDependency[System],
    name: FromPath[str],
    edition: Number,
) -> Response[str]:
    """Show an edition as it was published."""
    return _page(request, system, name, edition)


@get(
    "/figures/{name:str}/editions/{edition:int}/{file:str}",
    sync_to_thread=True,
    opt=PUBLIC,
)
def edition_file(
    request: Request[Any, Any, Any],
    system: NamedDependency[System],
    name: FromPath[str],
    edition: Number,
    file: FromPath[str],
) -> Response[Any]:
    """Return all numbers as CSV; or a chart as SVG or PNG, or its table as CSV."""
    found = _found(system, name, edition)
    named = f"{found.manifest.name}-{found.manifest.edition}-{file}"
    if file == ALL:
        text = FOR_SPREADSHEETS + figures_csv(found)
        return file_answer(request, text, "text/csv", named)
    words = wording_of(request)
    chart, _, kind = file.rpartition(".")
    key = request.query_params.get("group", "")
    report = alone(found.report, key) if key else found.report
    if chart not in CHARTS or kind not in KINDS or report is None:
        raise Failure("no-such-page")
    drawn = CHARTS[chart](report, words)
    if drawn is None:
        raise Failure("no-such-page")
    if kind == "csv":
        return file_answer(request, table_file(drawn.table, words), "text/csv", named)
    told = words.say(
        "edition",
        "told",
        period=words.period(found.manifest.period),
        number=str(found.manifest.edition),
    )
    svg = chart_file(drawn, told)
    if kind == "svg":
        return file_answer(request, svg, "image/svg+xml", named)
    if not can_be_drawn(svg):
        raise Failure("no-such-page")
    return file_answer(request, picture_file(svg), "image/png", named)


def _found(system: System, name: str, number: int | None) -> EditionRead:
    with system.database.get_connection() as connection:
        found = edition_read(connection, name_of("name", name) or "", number)
    if found is None:
        raise Failure("no-such-page")
    return found


def _page(
    request: Request[Any, Any, Any], system: System, name: str, number: int | None
) -> Response[str]:
    found = _found(system, name, number)
    with system.database.get_connection() as connection:
        every = all_manifests(connection)
    words, manifest = wording_of(request), found.manifest
    editions = [one for one in every if one.name == manifest.name]
    return public_page_of(
        request,
        "edition.html",
        manifest=manifest,
        report=found.report,
        title=_title(found, words),
        editions=editions,
        is_last=manifest.edition == editions[0].edition,
        differences=[_difference(one, found, words) for one in manifest.differences],
        charts=drawn_charts(found, found.report, words),
        groups=list(_groups(found, words)),
        edition_address=edition_address,
        files=f"{edition_address(manifest)}/{ALL}",
        json=f"/v1/transparency/published/{manifest.name}/editions/{manifest.edition}",
    )


def _title(found: EditionRead, words: Wording) -> str:
    manifest = found.manifest
    name = words.period(manifest.period)
    cuts = [] if manifest.by == "none" else manifest.by.split(",")
    parts = [words.say("cuts", cut) for cut in cuts]
    if manifest.platform:
        parts.append(manifest.platform)
    return words.listed([name, *parts])


def _groups(found: EditionRead, words: Wording) -> Iterator[GroupRows]:
    for group in found.report.groups:
        cards = (
            card(found, group, one.id, words)
            for one in group.figures
            if one.suppressed or one.numerator or one.denominator
        )
        rows = tuple(
            FigureRow(card=one, parts=tuple(_parts(group, one.id, words)))
            for one in cards
            if one is not None
        )
        yield GroupRows(name=_group_name(found, group.keys, words), rows=rows)


def _group_name(found: EditionRead, keys: tuple[str, ...], words: Wording) -> str:
    cuts = found.report.by.split(",")
    return words.listed(
        group_label(cut, key, words) for cut, key in zip(cuts, keys, strict=True)
    )


def _parts(group: PublicGroup, name: str, words: Wording) -> Iterator[tuple[str, str]]:
    found = next(one for one in group.figures if one.id == name)
    for code, number in (found.parts or {}).items():
        label = part_label(name, code, words)
        if label is not None:
            yield label, words.case_count(number)


def _difference(one: Difference, found: EditionRead, words: Wording) -> dict[str, str]:
    """Return a corrected number in words; a hidden one is withheld on both sides."""
    cuts = found.report.by.split(",")
    keys = one.group.split(",") if len(cuts) > 1 else [one.group]
    kind, _, part = one.number.partition(".")
    label = _part(one.figure, part, words) if kind == "parts" else part
    after = None if kind == "value" and _has_no_value(one, found) else one.after
    return {
        "group": words.listed(
            group_label(cut, key, words) for cut, key in zip(cuts, keys, strict=False)
        ),
        "figure": words.metric(one.figure),
        "number": words.say("numbers", kind) + (f" {label}" if label else ""),
        "before": _number(one, None if after is None else one.before, words),
        "after": _number(one, after, words),
    }


def _has_no_value(one: Difference, found: EditionRead) -> bool:
    """Tell whether a figure has no value by today's rule, as a rate of few cases."""
    return any(
        each.value is None
        for group in found.report.groups
        for each in group.figures
        if (group.key, each.id) == (one.group, one.figure)
    )


def _part(figure: str, part: str, words: Wording) -> str:
    """Return the label of a part; those by reason have none beside their figure."""
    label = part_label(figure, part, words)
    if label is None and "/" in part:
        return group_label("reason", part, words)
    return label or part


def _number(one: Difference, number: ReportNumber, words: Wording) -> str:
    """Return a number of a difference as the figure itself shows it."""
    unit = next((each.unit for each in metrics() if each.id == one.figure), "")
    is_share = one.number == "value" and unit == "share"
    if is_share and isinstance(number, int | float):
        return words.percent(number)
    return words.raw(number)
