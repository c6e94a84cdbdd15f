"""What somebody is to a case, beyond the role: this may forbid to act in it."""

from __future__ import annotations

from enum import StrEnum

from domain.case.dispute import Dispute
from domain.roles import STAFF, Actor, Role


class Relation(StrEnum):
    """A part in a case that may bar a person of the platform from a command."""

    PARTY = "party"
    RECUSED = "recused"
    DECIDER = "decider"
    DRAFTER = "drafter"


def relations(actor: Actor, dispute: Dispute) -> frozenset[Relation]:
    """Return what a person of the platform is to a case; parties have their own rows.

    Nobody decides a case in which they are a party; who decided first does not decide
    the appeal; who drafted a ruling is not its second person.
    """
    if actor.role not in STAFF or actor.id is None:
        return frozenset()
    held = {
        Relation.PARTY: actor.id in {dispute.buyer, dispute.seller},
        Relation.RECUSED: actor.id in dispute.recused,
        Relation.DECIDER: actor.id in dispute.decided_by,
        Relation.DRAFTER: dispute.draft is not None and actor.id == dispute.draft.by,
    }
    return frozenset(relation for relation, holds in held.items() if holds)


def is_concerned(actor: Actor, dispute: Dispute) -> bool:
    """Tell whether a buyer or seller is one of this case (others always are)."""
    if not dispute.platform or actor.on_behalf_of is not None:
        return True
    match actor.role:
        case Role.BUYER:
            return actor.id is not None and actor.id == dispute.buyer
        case Role.SELLER:
            return actor.id is not None and actor.id == dispute.seller
        case _:
            return True
