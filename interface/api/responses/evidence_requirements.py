"""What evidence a side is asked for, and which items a caller may see."""

from __future__ import annotations

from collections.abc import Iterable

from domain.case.context import Context
from domain.case.dispute import Dispute, Exhibit
from domain.evidence.decide import evidence
from domain.roles import READERS, Actor, Party, Role
from interface.api.responses.case_course import RequirementShown
from interface.api.responses.case_parts import EvidenceShown

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


def visible(items: Iterable[EvidenceShown], actor: Actor) -> tuple[EvidenceShown, ...]:
    """Leave out the drafts of others; who only reads the record sees them all."""
    return tuple(one for one in items if sees(actor, one))


def sees(actor: Actor, item: EvidenceShown | Exhibit) -> bool:
    """Tell whether an item is anybody's, one's own draft, or the whole record's."""
    return not item.draft or item.by == actor.party or actor.role in SEES_DRAFTS
