"""Parts of a figure as shares of each category: liability in rulings, and outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from interface.pages.charts.chart import Chart, DataTable
from interface.pages.charts.chart_scales import FULL, PHONE
from interface.pages.charts.public_numbers import numerator, part
from interface.pages.charts.public_words import Wording
from interface.pages.charts.stacked_bars import CategoryParts, StackedBars
from projections.reports.public_figures import PublicGroup, PublicReport


class Parts(Struct, frozen=True, kw_only=True):
    """A figure, whose parts are drawn: each code with its colour, in this order.

    Codes that have no colour of their own are drawn together, as the last of all.
    """

    id: str
    texts: str
    figure: str
    colours: Mapping[str, str]
    label: Callable[[Wording, str], str]


LIABILITY = Parts(
    id="liability",
    texts="liability",
    figure="ruled",
    colours={"seller": "c1", "both": "c3", "buyer": "c2", "third-party": "c4"},
    label=lambda wording, code: wording.label("liabilities", code),
)
OUTCOME = Parts(
    id="outcomes",
    texts="outcome",
    figure="closed",
    colours={"settled": "c3", "ruled": "c1", "withdrawn": "c2", "refused": "c4"},
    label=lambda wording, code: wording.outcome(code),
)


def shares_by_category(
    parts: Parts, report: PublicReport, wording: Wording
) -> Chart | None:
    """Draw parts of a figure by category; None of a report that is cut otherwise."""
    columns = _columns(parts, report)
    rows = _rows(parts, report, columns, wording)
    if not any(one.shown for one in rows):
        return None
    heading = wording.say("shares", f"{parts.texts}-heading")
    names = [parts.label(wording, code) for code in columns]
    picture = StackedBars(parts.id, parts.colours, columns, names, rows, wording)
    return Chart(
        id=parts.id,
        heading=heading,
        reading=wording.say("shares", f"{parts.texts}-reading"),
        seen=wording.say("shares", "seen", rows=wording.joined(picture.seen())),
        source=wording.source(parts.figure),
        drawings=tuple(picture.drawing(frame) for frame in (FULL, PHONE)),
        table=DataTable(
            caption=heading,
            head=(
                wording.say("chart_parts", "category"),
                wording.say("shares", "all"),
                *names,
            ),
            units=("", *["cases"] * (len(names) + 1)),
            rows=tuple((one.name, one.total, *one.cells) for one in rows),
        ),
    )


def _columns(parts: Parts, report: PublicReport) -> list[str]:
    """Return the codes that occur: the coloured ones first, the others by name."""
    found = {
        code
        for group in report.groups
        for one in group.figures
        if one.id == parts.figure
        for code in one.parts or {}
    }
    known = [code for code in parts.colours if code in found]
    return [*known, *sorted(found - parts.colours.keys())]


def _rows(
    parts: Parts, report: PublicReport, columns: Sequence[str], wording: Wording
) -> list[CategoryParts]:
    if report.by != "category":
        return []
    rows = [_row(parts, group, columns, wording) for group in report.groups]
    return sorted(
        (one for one in rows if one.base or one.withholds or one.total),
        key=lambda one: -one.base,
    )


def _row(
    parts: Parts, group: PublicGroup, columns: Sequence[str], wording: Wording
) -> CategoryParts:
    return CategoryParts(
        wording.label("categories", group.key),
        numerator(group, parts.figure),
        tuple(part(group, parts.figure, code) for code in columns),
    )
