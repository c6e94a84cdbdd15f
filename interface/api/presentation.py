"""Puts a case into the representation that a caller may see."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from application.cases.case import Stream
from application.privacy.redaction import opened_for
from application.texts import say
from domain.case.context import Context
from domain.case.dispute import Dispute, Duty
from domain.case.evolve import fold
from domain.deadlines.effects import PERFORMING
from domain.deadlines.timeouts import facts_of, overdue
from domain.deadlines.waiting_on import silence_leads_to, waiting_on
from domain.roles import Actor, Role
from interface.api.actions.action_list import offered
from interface.api.responses.case import BuyerCase, SellerCase, StaffCase
from interface.api.responses.case_parts import (
    DeadlineShown,
    ObligationShown,
    WaitingShown,
    shown_money,
)
from interface.api.responses.case_words import money_told, worded
from interface.api.responses.evidence_requirements import requirements, visible
from interface.api.responses.telling import told
from interface.bootstrap import System


class Viewer(Struct, frozen=True):
    """Who looks at a case, and in which language."""

    actor: Actor
    language: str


SHOWN: dict[Role, type[SellerCase]] = {Role.BUYER: BuyerCase, Role.SELLER: SellerCase}


def shown(system: System, case: Stream, viewer: Viewer) -> SellerCase:
    """Return a case as the viewer may see it, with what the viewer can do now."""
    kind = SHOWN.get(viewer.actor.role, StaffCase)
    opened = opened_for(
        viewer.actor, system.disputes.mapper, case.facts, case.restricted
    )
    context = system.disputes.context(case, viewer.actor)
    dispute, language = case.dispute, viewer.language
    fields = told(opened)
    fields |= {
        "id": case.case,
        "version": case.version,
        "phase": dispute.phase,
        "words": _words(dispute, fields, context, language),
        "assignee": dispute.assignee,
        "obligations": tuple(_obligation(duty, dispute) for duty in dispute.duties),
        "deadlines": _deadlines(dispute),
        "waiting_on": _waiting(dispute, context, language),
        "actions": offered(case.case, now(case, context), context),
        "requirements": requirements(dispute, context),
        "money": money_told(dispute),
        "restricted": dispute.restricted,
        "erased": dispute.erased,
        "legal_holds": dispute.holds,
        "evidence": visible(fields.get("evidence", ()), viewer.actor),
    }
    fields |= worded(fields, opened, context)
    if "refusal" in fields:
        fields["refusal"] = _refused(fields["refusal"], context, language)
    known = kind.__struct_fields__
    return kind(**{name: value for name, value in fields.items() if name in known})


def now(case: Stream, context: Context) -> Dispute:
    """Return the state as it is once passed deadlines have had their effect."""
    return fold(facts_of(overdue(case.dispute, context)), case.dispute)


def _words(
    dispute: Dispute, fields: dict[str, Any], context: Context, language: str
) -> dict[str, str]:
    """Put the codes of a case into words."""
    codes = context.codes
    words = {"phase": say("phases", dispute.phase, language)}
    category = codes.categories.get(dispute.category)
    if category is not None:
        words["category"] = getattr(category, language)
        reason = category.reasons.get(dispute.reason)
        if reason is not None:
            words["reason"] = getattr(reason, language)
    if dispute.claim and dispute.claim.kind in codes.remedies:
        words["claim"] = getattr(codes.remedies[dispute.claim.kind], language)
    if fields.get("outcome"):
        words["outcome"] = say("outcomes", fields["outcome"], language)
    return words


def _refused(
    refusal: dict[str, Any], context: Context, language: str
) -> dict[str, Any]:
    """Say the ground in words, and of a rule's refusal its reason too."""
    label = context.codes.grounds.get(refusal["ground"])
    words = getattr(label, language) if label else refusal["ground"]
    said = refusal["explanation"] or say("refused", refusal["ground"], language)
    return refusal | {"words": words, "explanation": said}


def _waiting(dispute: Dispute, context: Context, language: str) -> WaitingShown | None:
    waiting = waiting_on(dispute)
    if waiting is None:
        return None
    silence = silence_leads_to(waiting.awaited, context.rules.policy)
    awaited = say("awaited", waiting.awaited, language)
    party = say("parties", waiting.party, language)
    follows = say("silence", silence, language)
    words = f"{party}: {awaited}; {follows}"
    return WaitingShown(waiting.party, waiting.awaited, waiting.due, silence, words)


STATES = ("confirmed", "enforced", "failed", "reported", "defaulted")


def _obligation(duty: Duty, dispute: Dispute) -> ObligationShown:
    owed = duty.owed
    state = next((name for name in STATES if getattr(duty, name)), "owed")
    due = (
        deadline.due
        for deadline in (*dispute.deadlines, *dispute.missed)
        if deadline.item == owed.number and deadline.awaited in PERFORMING
    )
    return ObligationShown(
        number=owed.number,
        debtor=owed.debtor,
        duty=owed.duty,
        state=state,
        amount=shown_money(owed.amount),
        after=owed.after,
        due=next(due, None),
    )


def _deadlines(dispute: Dispute) -> tuple[DeadlineShown, ...]:
    running = [(deadline, False) for deadline in dispute.deadlines]
    missed = [(deadline, True) for deadline in dispute.missed]
    both = sorted(missed + running, key=lambda one: one[0].due)
    return tuple(
        DeadlineShown(
            awaited=deadline.awaited,
            party=deadline.party,
            start=deadline.start,
            due=deadline.due,
            rule=f"{dispute.policy}#{deadline.limit}",
            length=deadline.length,
            missed=late,
            item=deadline.item,
        )
        for deadline, late in both
    )
