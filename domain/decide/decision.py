"""decide: from a request to facts, or to a refusal."""

from __future__ import annotations

from typing import assert_never

from domain.commands import (
    AcceptOffer,
    Admit,
    Assign,
    ConfirmFulfilment,
    DeclineOffer,
    DisputeCommand,
    Escalate,
    FileDispute,
    Fulfil,
    MakeOffer,
    PassDeadline,
    Refuse,
    RespondToClaim,
    Rule,
    ServeNotice,
    SubmitEvidence,
    Withdraw,
)
from domain.context import Context
from domain.decide.admission import admit, assign, refuse, withdraw
from domain.decide.escalation import escalate, submit_evidence
from domain.decide.filing import file
from domain.decide.negotiation import (
    accept_offer,
    decline_offer,
    make_offer,
    respond,
)
from domain.decide.notices import serve
from domain.decide.performance import confirm, fulfil
from domain.decide.ruling import rule
from domain.decide.silence import facts_of, overdue
from domain.dispute import Dispute
from domain.events import DisputeEvent
from domain.lifecycle import guard


def decide(
    command: DisputeCommand, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Return the facts that follow from a request; none if it is already so.

    Raises a Refusal that says what is wrong and records nothing.
    """
    guard(type(command), dispute, context)
    match command:
        case FileDispute():
            return file(command, dispute, context)
        case Admit():
            return admit(command, dispute, context)
        case Refuse():
            return refuse(command, dispute, context)
        case Withdraw():
            return withdraw(command, dispute, context)
        case RespondToClaim():
            return respond(command, dispute, context)
        case MakeOffer():
            return make_offer(command, dispute, context)
        case AcceptOffer():
            return accept_offer(command, dispute, context)
        case DeclineOffer():
            return decline_offer(command, dispute, context)
        case Escalate():
            return escalate(command, dispute, context)
        case SubmitEvidence():
            return submit_evidence(command, dispute, context)
        case Assign():
            return assign(command, dispute, context)
        case Rule():
            return rule(command, dispute, context)
        case Fulfil():
            return fulfil(command, dispute, context)
        case ConfirmFulfilment():
            return confirm(command, dispute, context)
        case ServeNotice():
            return serve(command, dispute, context)
        case PassDeadline():
            return facts_of(overdue(dispute, context))
        case _:
            assert_never(command)
