"""given(view, *events).then(*rows): a view's fold as the pure function that it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from application.record.envelope import Imported, Recorded
from domain.case.events import DisputeEvent
from domain.roles import Actor, Role
from projections.following.ledger_batch import in_turn
from projections.placed_events import Placed, by_case
from projections.read_model import CaseRow, View
from tests.sample_events import START

R = TypeVar("R", bound=CaseRow)

CASE = UUID(int=7)
MEDIATOR = Actor(role=Role.MEDIATOR, id="m-1")


def at(version: int) -> datetime:
    """Return when event n happened: n hours after the start."""
    return START + timedelta(hours=version)


def noted(version: int) -> datetime:
    """Return when event n was recorded: a minute later."""
    return at(version) + timedelta(minutes=1)


def recorded(version: int, event: DisputeEvent, **changes: Any) -> Placed:
    """Return event n of the case, at position 100 + n of the ledger."""
    envelope: dict[str, Any] = {
        "case": CASE,
        "version": version,
        "at": at(version),
        "recorded_at": noted(version),
        "actor": MEDIATOR,
        "command_id": UUID(int=100 + version),
        "policy": "cn-default/1",
        "event": event,
    }
    return Placed(100 + version, Recorded(**(envelope | changes)))


@dataclass(frozen=True)
class Given(Generic[R]):
    """A view, and what it is folded from."""

    view: View[R]
    events: tuple[Placed, ...]

    @property
    def rows(self) -> tuple[R, ...]:
        return self.view.folded({}, by_case(self.events)).get(CASE, ())

    def then(self, *expected: R) -> None:
        assert self.rows == expected


def given(
    view: View[R], *events: DisputeEvent, imported: Imported | None = None
) -> Given[R]:
    """Begin with the events of a case, which may all be taken from another system."""
    placed = (
        recorded(version, event, imported=imported)
        for version, event in enumerate(events, 1)
    )
    return Given(view, in_turn((one.position, one.recorded) for one in placed))
