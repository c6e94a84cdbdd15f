"""Parts of a figure as shares of each category, or reason: liability, and outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from interface.pages.charts.chart import Chart, DataTable
from interface.pages.charts.chart_scales import FULL, PHONE
from interface.pages.charts.public_numbers import numerator, part
from interface.pages.charts.public_words import Wording
from interface.pages.charts.stacked_bars import CategoryParts, StackedBars
from projections.reports.public_report import PublicGroup, PublicReport


class Parts(Struct, frozen=True, kw_only=True):
    """A figure, whose parts are drawn: each code with its colour, in this order.

    `by`: what the report is cut by, `category` or `reason`.

    Codes that have no colour of their own are drawn together, as the last of all.
    """

    id: str
    texts: str
    figure: str
    colours: Mapping[str, str]
    label: Callable[[Wording, str], str]
    by: str = "category"


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
REASON = replace(OUTCOME, id="reasons", texts="reason", by="reason")


def shares_by_category(
    parts: Parts, report: PublicReport, wording: Wording
) -> Chart | None:
    """Draw parts of a figure by what it is cut by; None of any other report."""
    columns = _columns(parts, report)
    rows = _rows(parts, report, columns, wording)
    if not any(one.shown for one in rows):
        return None
    heading = wording.say("shares", f"{parts.texts}-heading")
    names = [parts.label(wording, code) for code in columns]
    named_by = _named_by(parts, wording)
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
            head=(*named_by, wording.say("shares", "all"), *names),
            units=(*("" for _ in named_by), *("cases" for _ in ("all", *names))),
            rows=tuple(
                (*filter(None, (one.within, one.name)), one.total, *one.cells)
                for one in rows
            ),
        ),
    )


def _named_by(parts: Parts, wording: Wording) -> list[str]:
    names = ("category",) if parts.by == "category" else ("category", "reason")
    return [wording.say("chart_parts", one) for one in names]


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
    if report.by != parts.by:
        return []
    found = [_row(parts, group, columns, wording) for group in report.groups]
    rows = [one for one in found if one.base or one.withholds or one.total]
    sizes = Counter[str]()
    for one in rows:
        sizes[one.within] += one.base
    return sorted(rows, key=lambda one: (-sizes[one.within], one.within, -one.base))


def _row(
    parts: Parts, group: PublicGroup, columns: Sequence[str], wording: Wording
) -> CategoryParts:
    numbers = (
        numerator(group, parts.figure),
        tuple(part(group, parts.figure, code) for code in columns),
    )
    if parts.by == "category":
        return CategoryParts(wording.label("categories", group.key), *numbers)
    category, _, reason = group.key.partition("/")
    name = wording.reason(reason or "unknown", category)
    return CategoryParts(name, *numbers, within=wording.label("categories", category))
