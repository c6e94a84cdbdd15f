"""The funnel: how many of the disputes filed in a period reached each step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from interface.pages.charts.chart import Chart, DataTable, Drawing, Gap, hatch_name
from interface.pages.charts.chart_scales import HALF, PHONE, Bands, Frame, Linear
from interface.pages.charts.public_numbers import denominator, numerator, whole
from interface.pages.charts.public_words import Wording
from interface.pages.charts.svg_marks import Hatch, Line, Mark, Rectangle, Text
from interface.pages.charts.svg_marks import width_of as wide
from projections.reports.public_rate import has_rate
from projections.reports.public_report import PublicReport

ID = "funnel"
LATER = ("reached-ruling", "reached-performance", "reached-appeal")
"""Steps that editions from before their definitions do not have."""

FIRST = ("opened", "admitted", "response-in-time-with-pending", "escalated")
SOURCES = (*FIRST, *LATER)
"""All of them are dated by the filing, so that they count the same cases."""

NAME, LABEL = "t-ink t-b", "t-ink t-b"
UNKNOWN_WIDTH = 40.0
"""Of the hatched piece that stands for a withheld number: it says nothing of it."""


class Stage(Struct, frozen=True):
    """A step, how many cases reached it, and what share that is of all filed."""

    name: str
    cases: int | Gap
    share: float | Gap


def funnel(report: PublicReport, wording: Wording) -> Chart | None:
    """Draw the funnel of a report that is not cut; None of one without disputes."""
    stages = _stages(report, wording)
    if not stages:
        return None
    return Chart(
        id=ID,
        heading=wording.say("funnel", "heading"),
        reading=wording.say("funnel", "reading"),
        seen=_seen(stages, wording),
        source=wording.source(*_sources(report)),
        drawings=tuple(_drawing(frame, stages, wording) for frame in (HALF, PHONE)),
        is_full=False,
        table=DataTable(
            caption=wording.say("funnel", "heading"),
            head=tuple(
                wording.say("funnel", one) for one in ("stage", "cases", "share")
            ),
            units=("", "cases", "share"),
            rows=tuple((one.name, one.cases, one.share) for one in stages),
        ),
    )


def _stages(report: PublicReport, wording: Wording) -> list[Stage]:
    group = whole(report)
    filed = Gap.NOTHING if group is None else numerator(group, "opened")
    if group is None or isinstance(filed, Gap) or not filed:
        return []
    reached = {
        "opened": filed,
        "admitted": numerator(group, "admitted"),
        "notified": denominator(group, "response-in-time-with-pending"),
        "escalated": numerator(group, "escalated"),
    } | {name: numerator(group, name) for name in LATER}
    return [
        Stage(
            wording.say("funnel", name),
            cases,
            cases if isinstance(cases, Gap) else _share(cases, filed),
        )
        for name, cases in reached.items()
        if cases is not Gap.NOTHING
    ]


def _share(cases: int, filed: int) -> float | Gap:
    return cases / filed if has_rate(filed) else Gap.FEW


def _sources(report: PublicReport) -> list[str]:
    defined = {one.id for group in report.groups for one in group.figures}
    return [one for one in SOURCES if one in FIRST or one in defined]


def _seen(stages: Sequence[Stage], wording: Wording) -> str:
    return wording.say(
        "funnel", "seen", stages=wording.joined(_told(one, wording) for one in stages)
    )


def _told(stage: Stage, wording: Wording) -> str:
    if isinstance(stage.cases, Gap):
        return wording.say("funnel", "stage-withheld", name=stage.name)
    name, n = stage.name, wording.number(stage.cases)
    if isinstance(stage.share, Gap) or stage.share == 1:
        return wording.say("funnel", "stage-seen", name=name, n=n)
    share = wording.percent(stage.share)
    return wording.say("funnel", "stage-seen-share", name=name, n=n, share=share)


def _label(stage: Stage, wording: Wording) -> str:
    if isinstance(stage.cases, Gap):
        return wording.say("gaps", "withheld")
    number = wording.number(stage.cases)
    if isinstance(stage.share, Gap):
        return number
    return f"{number} · {wording.percent(stage.share)}"


def _drawing(frame: Frame, stages: Sequence[Stage], wording: Wording) -> Drawing:
    bands = Bands(len(stages), 4, 44 if frame.is_wide else 56)
    marks = tuple(_marks(frame, bands, stages, wording))
    return Drawing(frame=frame, height=bands.end + 4, marks=marks)


def _marks(
    frame: Frame, bands: Bands, stages: Sequence[Stage], wording: Wording
) -> Iterator[Mark]:
    labels = [_label(one, wording) for one in stages]
    names = max(wide(one.name, NAME) for one in stages) + 14 if frame.is_wide else 0
    room = max(wide(one, LABEL) for one in labels) + 10
    x = Linear(0, max(_cases(one) for one in stages), names, frame.width - room)
    pattern = hatch_name(ID, frame)
    yield Hatch(pattern)
    for row, (stage, label) in enumerate(zip(stages, labels, strict=True)):
        y = bands.middle(row) + (0 if frame.is_wide else 10)
        yield Text(0, y + 5 if frame.is_wide else y - 18, stage.name, NAME)
        end = x(_cases(stage))
        if isinstance(stage.cases, Gap):
            end = x.start + UNKNOWN_WIDTH
            yield Rectangle(x.start, y - 12, UNKNOWN_WIDTH, 24, "hatch", pattern)
        else:
            yield Rectangle(x.start, y - 12, end - x.start, 24, "c1 fill")
        yield Text(end + 8, y + 5, label, LABEL)
    yield Line(x.start, 2, x.start, bands.end, "axis")


def _cases(stage: Stage) -> int:
    return 0 if isinstance(stage.cases, Gap) else stage.cases
