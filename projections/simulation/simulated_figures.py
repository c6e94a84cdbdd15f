"""The figures of a simulation: of all cases or of a category, beside the record."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from domain.case.dispute import Phase
from projections.simulation.compared_case import (
    ESCALATED,
    MISSED,
    OPEN,
    PARTED,
    STAGE,
    WITHDRAWN,
    ComparedCase,
    value,
)


class SimulatedCount(Struct, frozen=True):
    """In how many cases something happened; `ran`: out of how many.

    `more` cases have it under the draft only, `fewer` in the record only.
    """

    figure: str
    ran: int
    recorded: int
    draft_ran: int
    draft: int
    more: int
    fewer: int


class StageTime(Struct, frozen=True):
    """How long cases were in a phase: the median in hours, and of how many cases."""

    figure: str
    cases: int
    recorded: float | None
    draft_cases: int
    draft: float | None


class SimulatedGroup(Struct, frozen=True):
    """The cases of a category, or all of them."""

    category: str
    cases: int
    counts: tuple[SimulatedCount, ...]
    stages: tuple[StageTime, ...]


def figures_of(cases: Sequence[ComparedCase]) -> list[str]:
    """Return the names of the figures that the cases have."""
    limits = {
        name for one in cases for name in (*one.recorded.limits, *one.draft.limits)
    }
    phases = {name for one in cases for name in (*one.recorded.hours, *one.draft.hours)}
    return [
        # In a fixed order, so that two simulations can be held against each other.
        *(f"{MISSED}{name}" for name in sorted(limits)),
        *(ESCALATED, WITHDRAWN, OPEN, PARTED),
        *(f"{STAGE}{one}" for one in Phase if one in phases),
    ]


def simulated_group(category: str, cases: Sequence[ComparedCase]) -> SimulatedGroup:
    """Count the figures of the cases of a category."""
    names = figures_of(cases)
    return SimulatedGroup(
        category=category,
        cases=len(cases),
        counts=tuple(_count(one, cases) for one in names if not one.startswith(STAGE)),
        stages=tuple(_stage(one, cases) for one in names if one.startswith(STAGE)),
    )


def _count(figure: str, cases: Sequence[ComparedCase]) -> SimulatedCount:
    pairs = [
        (value(figure, one, draft=False), value(figure, one, draft=True))
        for one in cases
    ]
    return SimulatedCount(
        figure=figure,
        ran=sum(before is not None for before, _ in pairs),
        recorded=sum(bool(before) for before, _ in pairs),
        draft_ran=sum(after is not None for _, after in pairs),
        draft=sum(bool(after) for _, after in pairs),
        more=sum(bool(after) and not before for before, after in pairs),
        fewer=sum(bool(before) and not after for before, after in pairs),
    )


def _stage(figure: str, cases: Sequence[ComparedCase]) -> StageTime:
    # Cases that were never in the phase, or still are, have no time in it.
    before, after = (
        [
            float(hours)
            for one in cases
            if (hours := value(figure, one, draft=draft)) is not None
        ]
        for draft in (False, True)
    )
    return StageTime(
        figure=figure,
        cases=len(before),
        recorded=round(median(before), 2) if before else None,
        draft_cases=len(after),
        draft=round(median(after), 2) if after else None,
    )
