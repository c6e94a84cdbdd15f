"""The evidence that the rules of proof ask of each side, and whether it is there."""

from __future__ import annotations

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.evidence.decide import evidence
from domain.roles import Party
from interface.api.responses.case_parts import RequirementShown


def requirements(dispute: Dispute, context: Context) -> tuple[RequirementShown, ...]:
    """Return the evidence that each side is asked for, and whether it is there."""
    proof = context.rules.proof
    # Imported cases may have a reason of their source.
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
