"""The relations of a person to a case, which may forbid them to act in it (2)."""

from __future__ import annotations

from enum import StrEnum

from domain.case.dispute import Dispute
from domain.names import same
from domain.roles import STAFF, Actor, Role


class Relation(StrEnum):
    """A part in a case that may bar a person of the platform from a command."""

    PARTY = "party"
    RECUSED = "recused"
    DECIDER = "decider"
    DRAFTER = "drafter"


def relations(actor: Actor, dispute: Dispute) -> frozenset[Relation]:
    """Return the relations of a mediator or supervisor to a case.

    Parties have none: the lifecycle's rows say what they may do.
    """
    if actor.role not in STAFF or actor.id is None:
        return frozenset()
    held = {
        # 2: nobody decides a case in which they are a party. Staff buy and sell too.
        Relation.PARTY: same(actor.id, dispute.buyer) or same(actor.id, dispute.seller),
        # Recusal is for good: a conflict of interest does not end with the phase.
        Relation.RECUSED: any(same(actor.id, one) for one in dispute.recused),
        # `decided_by` holds both persons of a ruling that took two.
        Relation.DECIDER: actor.id in dispute.decided_by,
        Relation.DRAFTER: dispute.draft is not None and actor.id == dispute.draft.by,
    }
    return frozenset(relation for relation, holds in held.items() if holds)


NOT_READING = (Relation.PARTY, Relation.RECUSED)
"""Who has an interest of their own in a case: they do not even read it."""


def bar_to_reading(actor: Actor, dispute: Dispute) -> Relation | None:
    """Return the relation for which a person of the platform may not read a case."""
    held = relations(actor, dispute)
    return next((one for one in NOT_READING if one in held), None)


def is_concerned(actor: Actor, dispute: Dispute) -> bool:
    """Tell whether a buyer or seller is one of this case; other roles always pass.

    A seller is one from the admission on.
    """
    # Before filing there are no parties yet. A service client that acts for a party
    # carries an id of its own, which is neither the buyer's nor the seller's: who is
    # meant is the person that it names, if it names one.
    who = actor.id if actor.on_behalf_of is None else actor.for_id
    if not dispute.platform or (who is None and actor.on_behalf_of is not None):
        return True
    match actor.acts_as:
        case Role.BUYER:
            return same(who, dispute.buyer)
        case Role.SELLER:
            return same(who, dispute.seller) and not dispute.seller_unaware
        case _:
            return True
