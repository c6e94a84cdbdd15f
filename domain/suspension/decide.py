"""Suspension and resumption (4.4, +): what follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.pauses import resumed
from domain.deadlines.time_limits import LimitName
from domain.refusals import NoGround, Problem, refuse_if
from domain.roles import STAFF, Party
from domain.suspension.commands import ProveSuspension, Resume, Suspend
from domain.suspension.events import (
    Resumed,
    Suspended,
    SuspensionCause,
    SuspensionProved,
    SuspensionRequested,
)
from domain.suspension.evolve import SUSPENSION

ELSEWHERE = frozenset({SuspensionCause.COURT, SuspensionCause.POLICE})


def suspend(
    command: Suspend, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Suspend the case: both ask, one is at court, or the platform says so."""
    refuse_if(_problems(command, context))
    # Service starts time limits, and none may start while the case stands still.
    if dispute.notices:
        raise NoGround(reason="unserved")
    by, days = context.actor.party, command.days or 0
    # Otherwise a party could stop the case every seven days by saying so.
    if command.cause in ELSEWHERE and by in dispute.unproved:
        raise NoGround(reason="not-proved-before")
    if command.cause is SuspensionCause.AGREEMENT:
        asked = dict(dispute.pause_asked)
        if asked.get(by) == days:
            return ()
        if not asked.keys() - {by}:
            return (SuspensionRequested(by=by, days=days),)
        # Both have agreed to the shorter time; neither has to a longer one.
        days = min(days, *asked.values())
    return (
        Suspended(
            cause=command.cause,
            by=by,
            note=command.note,
            since=context.now,
            deadlines=(_end(command, by, days, context),),
        ),
    )


def _end(command: Suspend, by: Party, days: int, context: Context) -> Deadline:
    # 4.4: proof within seven working days, or else the case goes on.
    if command.cause in ELSEWHERE:
        return context.until(Awaited.SUSPENSION_PROOF, by)
    longest = context.until(Awaited.SUSPENSION, Party.PLATFORM)
    until = context.now + timedelta(days=days)
    return replace(longest, due=until, length=f"{days} days")


def _problems(command: Suspend, context: Context) -> Iterator[Problem]:
    ours = context.actor.acts_as in STAFF
    if ours is not (command.cause is SuspensionCause.PLATFORM):
        allowed = "platform" if ours else "agreement, court, police"
        yield Problem("/cause", "unknown-code", {"allowed": allowed})
    if command.cause in ELSEWHERE:
        if not command.note:
            yield Problem("/note", "required", {"for": command.cause})
        return
    longest = context.limit(LimitName.SUSPENSION).amount
    if command.days is None:
        yield Problem("/days", "required", {"for": command.cause})
    elif not 1 <= command.days <= longest:
        yield Problem("/days", "out-of-range", {"limit": f"1-{longest}"})


def prove(
    command: ProveSuspension, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Show that a court or the police have the matter: the case waits for them."""
    if not provable(dispute, context):
        raise NoGround(reason="nothing-to-prove")
    # Nobody says when a court decides. Without a date to look at the case again, it
    # could stay suspended for ever.
    review = context.until(Awaited.SUSPENSION_REVIEW, Party.PLATFORM)
    return (
        SuspensionProved(
            by=context.actor.party, proof=command.proof, deadlines=(review,)
        ),
    )


def provable(dispute: Dispute, context: Context) -> bool:
    """Tell whether the actor's side has to prove why the case is suspended."""
    return any(
        one.awaited is Awaited.SUSPENSION_PROOF and one.party is context.actor.party
        for one in dispute.deadlines
    )


def resume(_: Resume, dispute: Dispute, context: Context) -> tuple[DisputeEvent, ...]:
    """Resume a suspended case."""
    if not may_resume(dispute, context):
        raise NoGround(reason=dispute.suspended or "")
    return (resumption("asked", dispute, context),)


def may_resume(dispute: Dispute, context: Context) -> bool:
    """Tell whether the actor may end the suspension."""
    # Parties may end what they agreed on; what a court has, only the platform resumes.
    by_agreement = dispute.suspended is SuspensionCause.AGREEMENT
    return by_agreement or context.actor.acts_as in STAFF


def resumption(cause: str, dispute: Dispute, context: Context) -> Resumed:
    """State the resumption, with the new ends of what stood still."""
    held = (pause for pause in dispute.pauses if pause.cause == SUSPENSION)
    ends = tuple(one for pause in held for one in resumed(pause, context))
    return Resumed(cause=cause, deadlines=ends)
