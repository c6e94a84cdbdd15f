"""Arguments that fit: from an action that a case offers to a command to send."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from msgspec.structs import replace

from domain.admission.commands import Refuse
from domain.appeal.commands import DecideAppeal
from domain.appeal.events import AppealResult
from domain.case.actions import Action
from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.deadlines.commands import ExtendDeadline
from domain.deadlines.decide import extendable_deadlines
from domain.enforcement.commands import (
    FailEnforcement,
    OrderEnforcement,
    RecoverAdvance,
)
from domain.enforcement.decide import methods_for, payable, unrecovered
from domain.enforcement.money_movements import PAYS_FROM
from domain.escalation.commands import Escalate
from domain.escalation.decide import triggers
from domain.evidence.commands import AssessEvidence, RequestEvidence, SubmitEvidence
from domain.evidence.decide import kinds_asked
from domain.filing.commands import FileDispute
from domain.inquiries.commands import SendInquiry
from domain.mediators.commands import Assign
from domain.money import Money
from domain.negotiation.commands import MakeOffer, RespondToClaim
from domain.notices.commands import ServeNotice
from domain.performance.decide import duty
from domain.roles import STAFF, Party, Role
from domain.ruling.commands import DraftRuling, Rule
from domain.ruling.decide import over_four_eyes
from domain.ruling.reasons import Automation
from domain.ruling.ruling_rules import remedy_problems
from domain.suspension.commands import Suspend
from domain.suspension.events import SuspensionCause
from domain.terms import Terms
from tests.sample_commands import COMMANDS
from tests.samples import HALF, REASON, REFUND, RULE

RETURN = Terms(kind="return-and-refund", amount=REFUND.amount, freight=Party.SELLER)
REPAIR = Terms(kind="repair")
RESHIP = Terms(kind="reship")
COMPENSATION = Terms(kind="compensation", amount=Money(3_000, "CNY"))
DISMISSAL = Terms(kind="dismissal")

OFFERS = (REFUND, HALF, REPAIR, RETURN, COMPENSATION)
REMEDIES = (
    (REFUND,),
    (HALF,),
    (HALF, COMPENSATION),
    (RETURN,),
    (RESHIP,),
    (REPAIR, COMPENSATION),
    (DISMISSAL,),
)
MEDIATORS = ("m-1", "m-2", "m-9")


def fitting(
    action: Action, dispute: Dispute, ctx: Context, rng: Random
) -> Command | None:
    """Return a command that should be accepted; None where none can be made yet."""
    command = COMMANDS[action.command]
    if action.item is not None:
        field = "number" if hasattr(command, "number") else "obligation"
        command = replace(command, **{field: action.item})
    match command:
        case OrderEnforcement(obligation=number):
            return _order(command, number, dispute, rng)
        case RecoverAdvance():
            most = unrecovered(dispute)
            return replace(command, amount=Money(rng.choice((most, 1)), "CNY"))
        case FailEnforcement():
            final = rng.random() < 0.5
            return replace(command, final=final, routes=("court",) if final else ())
        case Rule() | DraftRuling():
            return _ruling(command, dispute, ctx, rng)
        case DecideAppeal():
            return _on_appeal(dispute, ctx, rng)
        case _:
            return _in_dispute(command, dispute, ctx, rng)


def _in_dispute(
    command: Command, dispute: Dispute, ctx: Context, rng: Random
) -> Command:
    ours = ctx.actor.acts_as in STAFF
    match command:
        case FileDispute():
            return replace(command, channel="platform-initiated") if ours else command
        case Refuse():
            return replace(command, ground=rng.choice([*ctx.codes.grounds]))
        case Assign():
            free = [one for one in MEDIATORS if one not in dispute.recused]
            gives = ctx.actor.role is Role.SUPERVISOR and free
            who = rng.choice(free) if gives else ctx.actor.id or ""
            return replace(command, mediator=who, take_over=True)
        case ServeNotice() if dispute.notices:
            notice = rng.choice(dispute.notices)
            return replace(command, notice=notice.kind, party=notice.party)
        case ServeNotice() if dispute.served:
            notice, _ = rng.choice(dispute.served)
            by_sms = rng.choice(("in-site", "sms"))
            return replace(
                command, notice=notice.kind, party=notice.party, channel=by_sms
            )
        case RespondToClaim():
            return _answer(command, rng)
        case MakeOffer():
            return replace(command, terms=rng.choice(OFFERS))
        case Escalate():
            return replace(command, trigger=rng.choice(triggers(dispute, ctx)))
        case _:
            return _in_evidence(command, dispute, ctx, rng)


def _in_evidence(
    command: Command, dispute: Dispute, ctx: Context, rng: Random
) -> Command:
    match command:
        case RequestEvidence():
            return replace(command, party=rng.choice((Party.BUYER, Party.BOTH)))
        case SubmitEvidence():
            kind = rng.choice(sorted(kinds_asked(dispute, ctx)))
            sha256 = rng.choice("abcdef") * 64
            draft = rng.choice((True, False))
            return replace(command, kind=kind, sha256=sha256, draft=draft)
        case AssessEvidence():
            return replace(command, legal=rng.choice((True, False)), ground="Why.")
        case SendInquiry():
            kinds = ("carrier",) if dispute.pauses else ("carrier", "inspection")
            return replace(command, kind=rng.choice(kinds))
        case ExtendDeadline():
            limit = rng.choice([*extendable_deadlines(dispute, ctx)])
            return replace(command, awaited=limit.awaited, party=limit.party)
        case Suspend() if ctx.actor.acts_as in STAFF:
            return Suspend(cause=SuspensionCause.PLATFORM, days=3)
        case Suspend():
            court = ctx.actor.party not in dispute.unproved and rng.random() < 0.5
            agreed = Suspend(cause=SuspensionCause.AGREEMENT, days=10)
            return command if court else agreed
        case _:
            return command


def _answer(command: RespondToClaim, rng: Random) -> RespondToClaim:
    position = rng.choice(("contest", "offer", "accept", "contest"))
    offer = rng.choice(OFFERS) if position == "offer" else None
    return replace(command, position=position, offer=offer)


def _order(
    command: OrderEnforcement, number: int, dispute: Dispute, rng: Random
) -> OrderEnforcement:
    most = payable(duty(dispute, number), dispute)
    methods = methods_for(duty(dispute, number))
    method = rng.choice([one for one in methods if most or one not in PAYS_FROM])
    pays = method in PAYS_FROM
    amount = Money(rng.choice((most, most, max(1, most // 2))), "CNY")
    return replace(command, method=method, amount=amount if pays else None)


def _remedies(
    dispute: Dispute, ctx: Context, rng: Random, *, alone: bool
) -> tuple[Terms, ...]:
    fit = [
        each
        for each in REMEDIES
        if not [*remedy_problems(each, dispute, ctx)]
        and not (alone and over_four_eyes(each, ctx))
    ]
    return rng.choice(fit)


def _ruling(command: Rule, dispute: Dispute, ctx: Context, rng: Random) -> Rule:
    alone = not isinstance(command, DraftRuling)
    remedies = _remedies(dispute, ctx, rng, alone=alone)
    performs = any(one.kind != "dismissal" for one in remedies)
    liability = rng.choice(("seller", "both") if performs else ("buyer", "none"))
    machine = dispute.automation is not Automation.AUTOMATED and rng.random() < 0.3
    return replace(
        command,
        liability=liability,
        remedies=remedies,
        automation=Automation.AUTOMATED if machine else Automation.NONE,
        model="model-1" if machine else None,
    )


def _on_appeal(dispute: Dispute, ctx: Context, rng: Random) -> DecideAppeal:
    results: Sequence[AppealResult] = (AppealResult.UPHELD, AppealResult.SET_ASIDE)
    if not dispute.refused:
        results = (*results, AppealResult.VARIED, AppealResult.VARIED)
    decision = DecideAppeal(result=rng.choice(results), reasons=(REASON,))
    if decision.result is not AppealResult.VARIED:
        return decision
    remedies = _remedies(dispute, ctx, rng, alone=False)
    return replace(decision, liability=RULE.liability, remedies=remedies)
