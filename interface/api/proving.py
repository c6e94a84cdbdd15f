"""What is shown beside the facts: reasons in words, money, what is still to prove."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from application.envelope import Recorded
from domain.accounts import advanced
from domain.context import Context
from domain.decide.evidence import evidence
from domain.dispute import Dispute, Exhibit
from domain.events.investigation import EvidenceSubmitted
from domain.events.ruling import Ruled
from domain.roles import READERS, Actor, Party, Role
from interface.api.course import MoneyTold, PostingShown, RequirementShown
from interface.api.representations import EvidenceShown, MoneyShown, RulingShown
from interface.reasoning import in_words

SEES_DRAFTS = READERS - {Role.MEDIATOR, Role.SUPERVISOR, Role.PLATFORM}


def requirements(dispute: Dispute, context: Context) -> tuple[RequirementShown, ...]:
    """Return what evidence each side is asked for, and whether it is there."""
    proof = context.rules.proof
    if dispute.reason not in proof.reasons:
        return ()
    return tuple(
        _requirement(party, dispute, context) for party in (Party.BUYER, Party.SELLER)
    )


def _requirement(party: Party, dispute: Dispute, context: Context) -> RequirementShown:
    asked = context.rules.proof.requirements(dispute.reason, party)
    there = [one.kind for one in evidence(dispute) if one.by is party]
    return RequirementShown(
        party=party,
        required=asked.required,
        one_of=asked.one_of,
        optional=asked.optional,
        satisfied=asked.satisfied_by(there),
    )


def money_told(dispute: Dispute) -> MoneyTold | None:
    """Return the case's ledger; None before any money moved."""
    if not dispute.postings or dispute.paid is None:
        return None
    currency = dispute.paid.currency
    return MoneyTold(
        postings=tuple(
            PostingShown(
                payer=one.payer,
                payee=one.payee,
                amount=MoneyShown.of(one.amount, currency),
            )
            for one in dispute.postings
        ),
        advanced=MoneyShown.of(advanced(dispute.postings), currency),
    )


def visible(items: Iterable[EvidenceShown], actor: Actor) -> tuple[EvidenceShown, ...]:
    """Leave out the drafts of others; who only reads the record sees them all."""
    return tuple(one for one in items if sees(actor, one))


def sees(actor: Actor, item: EvidenceShown | Exhibit) -> bool:
    """Tell whether an item is anybody's, one's own draft, or the whole record's."""
    return not item.draft or item.by == actor.party or actor.role in SEES_DRAFTS


def worded(
    ruling: RulingShown, facts: Iterable[Recorded], context: Context
) -> RulingShown:
    """Put the reasons of the ruling into words."""
    exhibits: dict[int, EvidenceSubmitted] = {}
    text: dict[str, str] = {}
    for fact in facts:
        event: Any = fact.event
        if isinstance(event, EvidenceSubmitted):
            exhibits[event.number] = event
        elif isinstance(event, Ruled):
            text = in_words(
                event.liability,
                event.remedies,
                event.reasons,
                (event.automation, event.model),
                exhibits,
                context.codes,
            )
    return replace(ruling, text=text)
