"""What an actor can do with a case now, and what of it the case waits for."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.lifecycle import LIFECYCLE
from domain.case.lifecycle_row import Row, colleague
from domain.conflicts_of_interest import is_concerned, relations
from domain.deadlines.waiting_on import waiting_on
from domain.evidence.commands import AssessEvidence
from domain.roles import Party
from domain.ruling.ruling_rules import unweighed


class Action(Struct, frozen=True):
    """A command that neither its time, its author nor the state of the case forbids.

    `item` numbers the offer, obligation … it is about; `due` is when the time for it
    ends (UTC), where it has an end.
    """

    command: type[Command]
    item: int | None = None
    due: datetime | None = None


def possible(dispute: Dispute, context: Context) -> tuple[Action, ...]:
    """List what the actor may do now, once for each item it can be done to."""
    actor = context.actor
    # The same tests as in `guard`: what is offered is accepted, a stranger sees none.
    if not is_concerned(actor, dispute):
        return ()
    held = relations(actor, dispute)
    return tuple(
        Action(kind, item, _due(row, item, dispute, context))
        for kind, row in LIFECYCLE.items()
        if actor.acts_as in row.roles
        and dispute.phase in row.phases
        and not held & row.barred
        and colleague(row, actor, dispute) is None
        for item in row.items(dispute, context)
    )


def is_expected(action: Action, dispute: Dispute, context: Context) -> bool:
    """Tell whether the case waits for the actor's side to do this."""
    waiting = waiting_on(dispute)
    if waiting is None or waiting.party not in {context.actor.party, Party.BOTH}:
        return False
    # A weighed item may be weighed again, but only an unweighed one blocks the ruling.
    if action.command is AssessEvidence and action.item not in unweighed(dispute):
        return False
    return LIFECYCLE[action.command].does(waiting.awaited)


def _due(
    row: Row, item: int | None, dispute: Dispute, context: Context
) -> datetime | None:
    ends = (
        deadline.due
        for deadline in dispute.deadlines
        if deadline.awaited is row.awaited
        and deadline.party in {context.actor.party, Party.BOTH}
        and (item is None or deadline.item in {None, item})
    )
    return min(ends, default=None)
