"""Legal holds, restricted processing, and erasure after the time of retention."""

from __future__ import annotations

from datetime import MAXYEAR, datetime, timedelta

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.policy.profile import Policy
from domain.privacy.commands import (
    EraseSubject,
    LiftHold,
    LiftRestriction,
    PlaceHold,
    Restrict,
)
from domain.privacy.events import (
    LegalHoldLifted,
    LegalHoldPlaced,
    Restricted,
    RestrictionLifted,
    SubjectErased,
)
from domain.refusals import Held, NotOpen, Retained, SamePerson
from domain.roles import Party, Role


def place_hold(
    command: PlaceHold, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Forbid erasure; one hold for each authority and basis."""
    by = context.actor.acts_as
    if any((one.by, one.basis) == (by, command.basis) for one in dispute.holds):
        return ()
    # Of all that were placed: the number of a lifted hold is not given again.
    number = dispute.holds_placed + 1
    return (LegalHoldPlaced(number=number, by=by, basis=command.basis),)


def lift_hold(
    command: LiftHold, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """End a hold that the actor may lift."""
    may = liftable(dispute, context)
    if command.number not in may:
        raise NotOpen(number=str(command.number), open=", ".join(map(str, may)))
    by = context.actor.acts_as
    return (LegalHoldLifted(number=command.number, by=by, basis=command.basis),)


def liftable(dispute: Dispute, context: Context) -> tuple[int, ...]:
    """Return the numbers of the holds that the actor may lift."""
    role = context.actor.acts_as
    return tuple(
        # Regulators lift any; a supervisor must not lift what a regulator ordered.
        one.number
        for one in dispute.holds
        if role in {Role.REGULATOR, one.by}
    )


def restrict(
    command: Restrict, dispute: Dispute, _: Context
) -> tuple[DisputeEvent, ...]:
    """Only keep a party's data."""
    if command.party in {*dispute.restricted, *dispute.erased}:
        return ()
    return (Restricted(party=command.party, basis=command.basis),)


def lift_restriction(
    command: LiftRestriction, dispute: Dispute, _: Context
) -> tuple[DisputeEvent, ...]:
    """Let a party's data be worked with again."""
    if command.party not in dispute.restricted:
        return ()
    return (RestrictionLifted(party=command.party, basis=command.basis),)


def is_restricted(dispute: Dispute, _: Context) -> bool:
    """Tell whether there is a restriction to lift."""
    return bool(dispute.restricted)


def never(_: Dispute, __: Context) -> bool:
    """Return False: an erasure concerns all cases of a person, so no case offers it."""
    return False


def erase(
    command: EraseSubject, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Record that a party's data is gone, unless law or an authority wants it kept."""
    # An erasure that was killed on its way goes through all cases again.
    if command.party in dispute.erased:
        return ()
    # Destroying a key cannot be undone, so it takes a second person.
    if command.approver == context.actor.id:
        raise SamePerson
    if dispute.holds:
        raise Held(holds=", ".join(one.basis for one in dispute.holds))
    until = retained_until(command.closed_at, context.rules.policy)
    if context.now < until:
        raise Retained(until=until.isoformat())
    buyer = command.party is Party.BUYER
    return (
        SubjectErased(
            erasure=command.erasure,
            party=command.party,
            subject=dispute.buyer if buyer else dispute.seller,
            basis=command.basis,
            approver=command.approver,
            number=command.number,
            cases=command.cases,
        ),
    )


def retained_until(closed_at: datetime, policy: Policy) -> datetime:
    """Return until when a case has to be kept; 29 February becomes 1 March."""
    # min: a datetime holds no later year.
    try:
        return closed_at.replace(year=min(closed_at.year + policy.retention, MAXYEAR))
    except ValueError:
        # That year has no 29 February. Kept a day longer rather than a day too short.
        after = closed_at + timedelta(days=1)
        return after.replace(year=min(after.year + policy.retention, MAXYEAR))
