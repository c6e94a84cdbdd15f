"""Appeals: each side once, in time, decided by another person (4.4, +)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.admission.events import Admitted
from domain.appeal.commands import Appeal, DecideAppeal, RefuseAppeal
from domain.appeal.events import AppealDecided, AppealFiled, AppealRefused, AppealResult
from domain.appeal.evolve import APPEAL
from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve, fold
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.pauses import resumed
from domain.performance.decide import closing, performance_starts
from domain.performance.events import Closed
from domain.performance.reversal import deemed_paid, netted
from domain.refusals import NoGround, Problem, refuse_if
from domain.roles import Party
from domain.ruling.ruling_rules import (
    blame_problems,
    liability_problems,
    reason_problems,
    remedy_problems,
)
from domain.sanctions.decide import lifted
from domain.standing import BLAMED


def appeal(
    command: Appeal, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Appeal; from now on everything else stands still."""
    if not may_appeal(dispute, context):
        again = context.actor.party in dispute.appealed
        raise NoGround(reason="second-appeal" if again else "appeal-window")
    decision = context.until(Awaited.APPEAL_DECISION, Party.PLATFORM)
    # A second appeal is decided together with the first, within the time of the first.
    first = dispute.phase is not Phase.APPEAL
    return (
        AppealFiled(
            by=context.actor.party,
            ground=command.ground,
            statement=command.statement,
            since=context.now,
            deadlines=(decision,) if first else (),
        ),
    )


def may_appeal(dispute: Dispute, context: Context) -> bool:
    """Tell whether the actor's side may appeal now: once, within its time (4.4)."""
    party = context.actor.party
    return (
        party not in dispute.appealed
        and not dispute.appeal_over
        and any(
            one.awaited is Awaited.APPEAL and one.party is party
            for one in dispute.deadlines
        )
    )


def refuse_appeal(
    command: RefuseAppeal, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Do not take the appeal; the case goes on where it was."""
    # Both sides' appeals, if both appealed. The case leaves the phase with the last
    # one, so only that event starts the deadlines again.
    *others, last = dispute.appealing
    refused = (
        *(AppealRefused(by=one, explanation=command.explanation) for one in others),
        AppealRefused(
            by=last,
            explanation=command.explanation,
            deadlines=_deadlines_after(dispute, context),
        ),
    )
    return *refused, *_closed_again(fold(refused, dispute))


def decide_appeal(
    command: DecideAppeal, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Decide again; money, duties and standing follow what is now decided."""
    refuse_if(_problems(command, dispute, context))
    if dispute.refused:
        return _on_refusal(command, context)
    if command.result is AppealResult.UPHELD:
        upheld = _decided(
            command, context, deadlines=_deadlines_after(dispute, context)
        )
        return upheld, *_closed_again(evolve(dispute, upheld))
    # Payments that were only reported first, so that what is owed is counted with them.
    settled = deemed_paid(dispute)
    now = fold(settled, dispute)
    decided = _decided(
        command, context, obligations=netted(command.remedies, now, context.codes)
    )
    # 4.4: a sanction ends with the finding of liability that it rests on.
    blamed = command.liability in BLAMED
    ended = () if blamed else lifted(now, context, why="the ruling was changed")
    return *settled, decided, *ended


def _decided(
    command: DecideAppeal, context: Context, **outcome: tuple[object, ...]
) -> AppealDecided:
    return AppealDecided(
        result=command.result,
        reasons=command.reasons,
        liability=command.liability,
        remedies=command.remedies,
        decided_by=context.actor.id,
        **outcome,  # type: ignore[arg-type]
    )


def _on_refusal(command: DecideAppeal, context: Context) -> tuple[DisputeEvent, ...]:
    decided = _decided(command, context)
    if command.result is AppealResult.UPHELD:
        return (decided,)
    return decided, Admitted()


def _deadlines_after(dispute: Dispute, context: Context) -> tuple[Deadline, ...]:
    """Return the deadlines of a case that goes on after an appeal.

    What stood still gets what it had left, and what was never started starts now.
    """
    held = tuple(
        one
        for pause in dispute.pauses
        if pause.cause == APPEAL
        for one in resumed(pause, context)
    )
    # A closed case owes nothing more; its duties are done, or were given up.
    if dispute.before is Phase.CLOSED:
        return held
    started = {one.item for one in held}
    # 4.3.5: time to perform begins with service. The limits of a debtor who is not
    # served yet start then, as they would have done without the appeal.
    unserved = {notice.party for notice in dispute.notices}
    fresh = (
        duty.owed
        for duty in dispute.duties
        if duty.owed.number not in started
        and duty.owed.debtor not in unserved
        and not (duty.reported or duty.defaulted or duty.is_over)
    )
    return *held, *performance_starts(tuple(fresh), context)


def _closed_again(dispute: Dispute) -> tuple[Closed, ...]:
    """Close what has nothing left to perform and nothing left to be served."""
    if dispute.phase is Phase.CLOSED or dispute.notices:
        return ()
    return closing(dispute)


def _problems(
    command: DecideAppeal, dispute: Dispute, context: Context
) -> Iterator[Problem]:
    yield from reason_problems(command.reasons, dispute, context)
    if command.result is AppealResult.VARIED:
        # A refusal granted nothing that could be varied: the case is taken or not.
        if dispute.refused:
            allowed = {"allowed": "upheld, set-aside"}
            yield Problem("/result", "unknown-code", allowed)
        yield from liability_problems(command.liability or "", context)
        yield from remedy_problems(command.remedies, dispute, context)
        blamed = command.liability or ""
        yield from blame_problems(blamed, command.remedies, context)
        return
    for name, given in (
        ("liability", command.liability),
        ("remedies", command.remedies),
    ):
        if given:
            yield Problem(f"/{name}", "not-with-this", {"for": command.result})
