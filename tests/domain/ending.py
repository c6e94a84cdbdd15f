"""Following only what a case offers: who is waited for acts, or time passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from domain.actions import Action
from domain.commands.clocks import ProveSuspension, Resume, ServeNotice
from domain.commands.command import Command
from domain.commands.filing import Admit, ReferOut, Refuse
from domain.commands.investigation import (
    AnswerInquiry,
    AssessEvidence,
    Escalate,
    SubmitEvidence,
)
from domain.commands.negotiation import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    RespondToClaim,
)
from domain.commands.performance import (
    ConfirmFulfilment,
    ContestFulfilment,
    ExecuteEnforcement,
    FailEnforcement,
    Fulfil,
    OrderEnforcement,
    PublishSanction,
)
from domain.commands.ruling import (
    ApproveRuling,
    DecideAppeal,
    DraftRuling,
    RefuseAppeal,
    Rule,
)
from domain.deadlines import Awaited
from domain.roles import Actor, Party
from domain.waiting import Waiting, waiting_on
from tests.domain.walking import CAST, RESERVE, Case

Kinds = frozenset[type[Command]]

ENFORCING: Kinds = frozenset({OrderEnforcement, ExecuteEnforcement, FailEnforcement})
PROVING: Kinds = frozenset((ProveSuspension, Resume))
MEETS: Mapping[str, Kinds] = {
    Awaited.ADMISSION: frozenset({Admit, Refuse}),
    Awaited.RESPONSE: frozenset({RespondToClaim, Escalate}),
    Awaited.NEGOTIATION: frozenset({MakeOffer, AcceptOffer, Escalate}),
    Awaited.ESCALATION: frozenset({Escalate}),
    Awaited.OFFER_ANSWER: frozenset({AcceptOffer, DeclineOffer}),
    Awaited.EVIDENCE: frozenset({SubmitEvidence}),
    Awaited.RULING: frozenset({AssessEvidence, Rule, DraftRuling, ApproveRuling}),
    Awaited.PERFORMANCE: frozenset({Fulfil}),
    Awaited.VOLUNTARY: frozenset({Fulfil}),
    Awaited.CONFIRMATION: frozenset({ConfirmFulfilment, ContestFulfilment}),
    Awaited.INQUIRY: frozenset({AnswerInquiry}),
    Awaited.INSPECTION: frozenset({AnswerInquiry}),
    Awaited.ENFORCEMENT: ENFORCING,
    Awaited.APPEAL_DECISION: frozenset({DecideAppeal, RefuseAppeal}),
    Awaited.SUSPENSION: frozenset({Resume}),
    Awaited.SUSPENSION_PROOF: PROVING,
    Awaited.SUSPENSION_REVIEW: frozenset({Resume, ReferOut}),
    Awaited.PUBLICATION: frozenset({PublishSanction}),
    "service": frozenset({ServeNotice}),
}
MOST_STEPS = 150


def step(case: Case, rng: Random) -> None:
    """Let who is waited for do what is awaited, or else wait until it is due.

    Fails if there is neither: the case is stuck.
    """
    waiting = waiting_on(case.dispute)
    if waiting is None:
        return
    moves = [*_moves(waiting, case)]
    runs = waiting.due is not None and waiting.due > case.now
    if runs and (not moves or rng.random() < 0.4):
        assert waiting.due is not None
        case.wait(waiting.due - case.now)
        return
    assert moves, f"{case.dispute.phase} is stuck, waiting for {waiting}"
    for actor, action in rng.sample(moves, len(moves)):
        command = case.fitting(action, actor, rng)
        if command is not None:
            case.send(actor, command)
            return
    raise AssertionError(f"nothing fits while waiting for {waiting}: {moves}")


def lead_to_the_end(case: Case, rng: Random) -> int:
    """Follow the case until it is closed; return in how many steps."""
    for number in range(MOST_STEPS):
        if waiting_on(case.dispute) is None:
            return number
        step(case, rng)
    raise AssertionError(f"still {case.dispute.phase} after {MOST_STEPS} steps")


def _moves(waiting: Waiting, case: Case) -> Iterator[tuple[Actor, Action]]:
    for actor in (*CAST, *RESERVE):
        if waiting.party not in {actor.party, Party.BOTH}:
            continue
        for action in case.offered(actor):
            if action.command in MEETS[waiting.awaited]:
                yield actor, action
