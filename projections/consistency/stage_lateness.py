"""How often each stage was late: what the figures of punctuality leave to 100 %."""

from __future__ import annotations

from projections.consistency.figure_rows import FigureRows
from projections.consistency.wilson_interval import Share, share
from projections.figures.metrics import Metric, metrics

STAGES = {
    "admission": "admission-in-time",
    "response": "response-in-time",
    "ruling": "ruling-in-time",
    "performance": "performed-in-time",
}
"""Each stage with the figure that says how often it was in time."""

WHOLE = "all"


class Lateness(Share, frozen=True, kw_only=True):
    """Of `cases` that the stage's figure is counted out of, how many were late.

    `category` "all" is every category together.
    """

    stage: str
    category: str
    cases: int
    late: int


def dates() -> set[str]:
    """Return by which dates of cases lateness is counted."""
    return {one.dated for one in metrics() if one.id in STAGES.values()}


def lateness(rows: FigureRows, least: int) -> tuple[Lateness, ...]:
    """Count lateness by stage, of all cases and of each category."""
    named = {one.id: one for one in metrics()}
    found: list[Lateness] = []
    for stage, figure in STAGES.items():
        found += _stage(rows, stage, named[figure], least)
    return tuple(found)


def _stage(rows: FigureRows, stage: str, in_time: Metric, least: int) -> list[Lateness]:
    counted = rows.ask(
        f"SELECT {rows.named('category')} AS category,"
        f" count(*) FILTER (WHERE {in_time.out_of}) AS cases,"
        # Late is what is not punctual, so that both add up to the figure's base.
        f" count(*) FILTER (WHERE {in_time.counted}) AS punctual"
        f" FROM transparency WHERE {rows.where(in_time.dated)} GROUP BY 1 ORDER BY 1"
    )
    numbers = {row["category"]: (row["cases"], row["punctual"]) for row in counted}
    whole = tuple(map(sum, zip(*numbers.values(), strict=True))) or (0, 0)
    return [
        _lateness(stage, category, cases, cases - punctual, least)
        for category, (cases, punctual) in ((WHOLE, whole), *numbers.items())
        if cases or category == WHOLE
    ]


def _lateness(stage: str, category: str, cases: int, late: int, least: int) -> Lateness:
    told = share(late, cases, least)
    return Lateness(
        stage=stage,
        category=category,
        cases=cases,
        late=late,
        rate=told.rate,
        low=told.low,
        high=told.high,
    )
