"""Which actions do what a case waits for."""

from __future__ import annotations

from domain.actions import AWAITED_BY, Action
from domain.commands.clocks import Resume, ServeNotice
from domain.commands.command import Command
from domain.commands.filing import ReferOut
from domain.commands.investigation import AnswerInquiry, AssessEvidence, Escalate
from domain.commands.negotiation import AcceptOffer
from domain.commands.performance import ExecuteEnforcement, FailEnforcement, Fulfil
from domain.commands.ruling import RefuseAppeal
from domain.context import Context
from domain.deadlines import Awaited
from domain.decide.ruling import unweighed
from domain.dispute import Dispute
from domain.roles import Party
from domain.waiting import waiting_on

_ALSO: frozenset[tuple[type[Command], str]] = frozenset(
    {
        (Escalate, Awaited.RESPONSE),
        (Escalate, Awaited.NEGOTIATION),
        (AcceptOffer, Awaited.NEGOTIATION),
        (AssessEvidence, Awaited.RULING),
        (AnswerInquiry, Awaited.INSPECTION),
        (Fulfil, Awaited.VOLUNTARY),
        (ExecuteEnforcement, Awaited.ENFORCEMENT),
        (FailEnforcement, Awaited.ENFORCEMENT),
        (RefuseAppeal, Awaited.APPEAL_DECISION),
        (Resume, Awaited.SUSPENSION),
        (Resume, Awaited.SUSPENSION_PROOF),
        (ReferOut, Awaited.SUSPENSION_REVIEW),
        (ServeNotice, "service"),
    }
)


def is_expected(action: Action, dispute: Dispute, context: Context) -> bool:
    """Tell whether the case waits for the caller's side to do this."""
    waiting = waiting_on(dispute)
    if waiting is None or waiting.party not in {context.actor.party, Party.BOTH}:
        return False
    kind, awaited = action.command, waiting.awaited
    if kind is AssessEvidence and action.item not in unweighed(dispute):
        return False
    return AWAITED_BY.get(kind) == awaited or (kind, awaited) in _ALSO
