"""Performance, enforcement, sanctions and standstill, in the view of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, assert_never

from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import (
    ClocksPaused,
    ClocksResumed,
    DeadlineEvent,
    DeadlineExtended,
    DeadlineMissed,
)
from domain.enforcement.events import (
    AdvanceRecovered,
    EnforcementEvent,
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.performance.events import (
    Closed,
    Defaulted,
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
    PerformanceEvent,
)
from domain.roles import Party
from domain.sanctions.events import (
    SanctionEvent,
    SanctionImposed,
    SanctionLifted,
    SanctionPublished,
)
from domain.suspension.events import (
    Resumed,
    Suspended,
    SuspensionCause,
    SuspensionEvent,
    SuspensionProved,
    SuspensionRequested,
)
from projections.case_view.decisions import DecisionView
from projections.case_view.negotiation import in_state
from projections.case_view.shown_values import (
    MoneyShown,
    Shown,
    precision,
    shown_money,
)

EnforcementState = Literal["ordered", "executed", "failed"]
SanctionState = Literal["imposed", "published", "lifted", "end-published"]


class EnforcementShown(Shown, frozen=True, kw_only=True):
    """An order to execute, and what came of it."""

    number: int
    obligation: int
    method: str
    at: datetime
    state: EnforcementState = "ordered"
    amount: MoneyShown | None = None
    cause: str | None = None
    final: bool = False
    routes: tuple[str, ...] = ()


class SanctionShown(Shown, frozen=True, kw_only=True):
    """A sanction; it is published when it takes effect, and when it ends."""

    number: int
    kind: str
    breach: str
    measure: str
    at: datetime
    state: SanctionState = "imposed"


class SuspensionShown(Shown, frozen=True, kw_only=True):
    """Why the case stands still, since when, and whether it was proved."""

    cause: SuspensionCause
    by: Party
    since: datetime
    proved: bool = False
    over_at: datetime | None = None
    note: str | None = None


class PerformanceView(DecisionView, frozen=True, kw_only=True):
    """A case with its performance, sanctions and suspension added."""

    suspension: SuspensionShown | None = None
    enforcement: tuple[EnforcementShown, ...] = ()
    sanctions: tuple[SanctionShown, ...] = ()
    closed_at: datetime | None = None
    closed_precision: str | None = None
    outcome: str | None = None
    claim_result: str | None = None


def changes(
    view: PerformanceView,
    event: PerformanceEvent | EnforcementEvent | SanctionEvent,
    recorded: Recorded,
) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case Closed():
            return _closed(view, event, recorded)
        case EnforcementOrdered():
            return {"enforcement": (*view.enforcement, _order(event, recorded))}
        case EnforcementExecuted(number=number):
            return {"enforcement": _enforced(view, number, state="executed")}
        case EnforcementFailed(number=number, cause=cause, final=final, routes=routes):
            how = {"cause": cause, "final": final, "routes": routes}
            return {"enforcement": _enforced(view, number, state="failed", **how)}
        case SanctionImposed():
            return {"sanctions": (*view.sanctions, _sanction(event, recorded))}
        case SanctionPublished(number=number, lifted=lifted):
            state: SanctionState = "end-published" if lifted else "published"
            return {"sanctions": _sanctioned(view, number, state)}
        case SanctionLifted(number=number):
            return {"sanctions": _sanctioned(view, number, "lifted")}
        case (
            Fulfilled()
            | FulfilmentContested()
            | ObligationConfirmed()
            | Defaulted()
            | AdvanceRecovered()
        ):
            # Obligations and money are shown from the state of the dispute.
            return {}
        case _:
            assert_never(event)


def _closed(view: PerformanceView, event: Closed, recorded: Recorded) -> dict[str, Any]:
    """Close the case; offers that were still open have lapsed with it."""
    offers = (
        replace(one, state="lapsed") if one.state == "open" else one
        for one in view.offers
    )
    return {
        "closed_at": recorded.at,
        "closed_precision": precision(recorded),
        "outcome": event.outcome,
        "claim_result": event.claim,
        "offers": tuple(offers),
    }


def _order(event: EnforcementOrdered, recorded: Recorded) -> EnforcementShown:
    return EnforcementShown(
        number=event.number,
        obligation=event.obligation,
        method=event.method,
        at=recorded.at,
        amount=shown_money(event.amount),
    )


def _enforced(
    view: PerformanceView, number: int, **change: Any
) -> tuple[EnforcementShown, ...]:
    return tuple(
        replace(one, **change) if one.number == number else one
        for one in view.enforcement
    )


def _sanction(event: SanctionImposed, recorded: Recorded) -> SanctionShown:
    return SanctionShown(
        number=event.number,
        kind=event.kind,
        breach=event.breach,
        measure=event.measure,
        at=recorded.at,
    )


def _sanctioned(
    view: PerformanceView, number: int, state: SanctionState
) -> tuple[SanctionShown, ...]:
    return tuple(
        replace(one, state=state) if one.number == number else one
        for one in view.sanctions
    )


def standstill_changes(
    view: PerformanceView, event: DeadlineEvent | SuspensionEvent, recorded: Recorded
) -> dict[str, Any]:
    """Return the fields that a missed deadline or a standstill changes."""
    match event:
        case DeadlineMissed(awaited=Awaited.OFFER_ANSWER, item=int(number)):
            return {"offers": in_state(view.offers, number, "lapsed")}
        case Suspended(cause=cause, by=by, since=since, note=note):
            return {
                "suspension": SuspensionShown(
                    cause=cause, by=by, since=since, note=note
                )
            }
        case SuspensionProved() if view.suspension is not None:
            return {"suspension": replace(view.suspension, proved=True)}
        case Resumed() if view.suspension is not None:
            return {"suspension": replace(view.suspension, over_at=recorded.at)}
        case (
            DeadlineMissed()
            | DeadlineExtended()
            | ClocksPaused()
            | ClocksResumed()
            | SuspensionRequested()
            | SuspensionProved()
            | Resumed()
        ):
            # Deadlines and pauses are shown from the state of the dispute.
            return {}
        case _:
            assert_never(event)
