"""A seller's standing: faults that rulings found, and sanctions, each reversible.

It is a small history of its own, next to the cases that it follows from.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct

from domain.appeal.events import AppealDecided, AppealResult
from domain.case.events import DisputeEvent
from domain.ruling.events import HumanReviewRequested, Ruled
from domain.sanctions.events import SanctionImposed, SanctionLifted

BLAMED = frozenset({"seller", "both"})
"""The findings of liability that lower a standing, and on which a sanction can rest."""


class StandingChange(
    Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True
):
    """Something that happened to a seller's standing, because of a case."""

    dispute: UUID
    because: str


class FaultRecorded(StandingChange, frozen=True, kw_only=True, tag="standing-fault"):
    """A decision found the seller liable; so many points are lost."""

    points: int


class FaultReversed(StandingChange, frozen=True, kw_only=True, tag="standing-restored"):
    """The decision was changed: the points are given back."""

    points: int


class SanctionNoted(StandingChange, frozen=True, kw_only=True, tag="standing-sanction"):
    """A sanction is in force."""

    number: int
    kind: str


class SanctionEnded(StandingChange, frozen=True, kw_only=True, tag="standing-relieved"):
    """A sanction is over."""

    number: int


StandingEvent: TypeAlias = FaultRecorded | FaultReversed | SanctionNoted | SanctionEnded


class Standing(Struct, frozen=True, kw_only=True):
    """What counts against a seller now: points by case, and sanctions."""

    faults: dict[UUID, int] = {}
    sanctions: dict[tuple[UUID, int], str] = {}

    @property
    def points(self) -> int:
        """Return all points lost."""
        return sum(self.faults.values())


def evolve(standing: Standing, event: StandingEvent) -> Standing:
    """Apply one event."""
    faults, sanctions = dict(standing.faults), dict(standing.sanctions)
    match event:
        case FaultRecorded():
            faults[event.dispute] = event.points
        case FaultReversed():
            faults.pop(event.dispute, None)
        case SanctionNoted():
            sanctions[event.dispute, event.number] = event.kind
        case SanctionEnded():
            sanctions.pop((event.dispute, event.number), None)
        case _:
            assert_never(event)
    return Standing(faults=faults, sanctions=sanctions)


def fold(events: Iterable[StandingEvent]) -> Standing:
    """Apply events in order."""
    return reduce(evolve, events, Standing())


def react(
    event: DisputeEvent, dispute: UUID, standing: Standing, points: int
) -> tuple[StandingEvent, ...]:
    """Return what an event of a case does to the seller's standing; mostly nothing.

    `points` is what a fault costs by the policy of the case.
    """
    lost = standing.faults.get(dispute)
    match event:
        case Ruled(liability=liability):
            return _blamed(liability in BLAMED, dispute, lost, points, "ruled")
        case HumanReviewRequested():
            # Only a machine has decided: nothing counts until a human has.
            return _blamed(False, dispute, lost, points, "review-requested")
        case AppealDecided(result=result) if result is not AppealResult.UPHELD:
            # Set aside names no liability, so it gives the points back.
            to_blame = event.liability in BLAMED
            return _blamed(to_blame, dispute, lost, points, f"appeal-{result}")
        case SanctionImposed(number=number, kind=kind):
            return (
                SanctionNoted(
                    dispute=dispute, because="sanction", number=number, kind=kind
                ),
            )
        case SanctionLifted(number=number) if (dispute, number) in standing.sanctions:
            return (SanctionEnded(dispute=dispute, because="lifted", number=number),)
        case _:
            return ()


def _blamed(
    to_blame: bool,  # noqa: FBT001 - is the seller to blame
    dispute: UUID,
    lost: int | None,
    points: int,
    because: str,
) -> tuple[StandingEvent, ...]:
    # A case costs its points once, and exactly what it cost is given back, although
    # the policy may say another number by then.
    if to_blame and lost is None:
        return (FaultRecorded(dispute=dispute, because=because, points=points),)
    if not to_blame and lost is not None:
        return (FaultReversed(dispute=dispute, because=because, points=lost),)
    return ()
