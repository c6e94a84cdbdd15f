"""What came of appeals: all that were decided in a period, and those by sellers."""

from __future__ import annotations

from collections.abc import Iterator

from application.texts import say
from interface.pages.charts.chart import Chart, DataTable, Gap
from interface.pages.charts.chart_scales import FULL, PHONE
from interface.pages.charts.public_numbers import numerator, part, whole
from interface.pages.charts.public_words import Wording
from interface.pages.charts.stacked_bars import CategoryParts, StackedBars
from projections.reports.public_report import PublicGroup, PublicReport

ID = "appeals"
FIGURES = ("appeals-decided", "seller-appeals-decided")
BESIDE = ("appealed", "appeals-refused")
"""What has no result yet, or got none, is told in words and in the table."""

COLOURS = {"upheld": "c1", "varied": "c2", "set-aside": "c3"}


def appeal_results(report: PublicReport, wording: Wording) -> Chart | None:
    """Draw the results of a report that is not cut; None where no appeal is shown."""
    group = whole(report)
    rows = [] if group is None else list(_rows(group, wording))
    if group is None or not any(one.shown or one.withholds for one in rows):
        return None
    names = [say("appeal_results", one, wording.language) for one in COLOURS]
    picture = StackedBars(ID, COLOURS, [*COLOURS], names, rows, wording)
    return Chart(
        id=ID,
        heading=wording.say("appeals", "heading"),
        reading=wording.say("appeals", "reading"),
        seen=wording.say("appeals", "seen", rows=wording.joined(_seen(group, picture))),
        source=wording.source(*FIGURES, *BESIDE),
        drawings=tuple(picture.drawing(frame) for frame in (FULL, PHONE)),
        table=DataTable(
            caption=wording.say("appeals", "heading"),
            head=(
                wording.say("appeals", "which"),
                wording.say("shares", "all"),
                *names,
            ),
            units=("", *["cases"] * (len(names) + 1)),
            rows=(
                *((one.name, one.total, *one.cells) for one in rows),
                *_without_result(group, wording),
            ),
        ),
    )


def _rows(group: PublicGroup, wording: Wording) -> Iterator[CategoryParts]:
    for name in FIGURES:
        total = numerator(group, name)
        if total and total is not Gap.NOTHING:
            cells = tuple(part(group, name, code) for code in COLOURS)
            yield CategoryParts(wording.say("appeals", name), total, cells)


def _without_result(
    group: PublicGroup, wording: Wording
) -> Iterator[tuple[str | int | Gap, ...]]:
    for name in BESIDE:
        nothing = [Gap.NOTHING] * len(COLOURS)
        yield wording.say("appeals", name), numerator(group, name), *nothing


def _seen(group: PublicGroup, picture: StackedBars) -> Iterator[str]:
    wording = picture.wording
    for name in BESIDE:
        found = numerator(group, name)
        if found is not Gap.NOTHING:
            said, told = wording.say("appeals", name), wording.cell(found, "cases")
            yield wording.say("appeals", "told", name=said, n=told)
    yield from picture.seen()
