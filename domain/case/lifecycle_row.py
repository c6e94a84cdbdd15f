"""What a row of the lifecycle table says of a command."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

from msgspec import Struct

from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.conflicts_of_interest import Relation
from domain.deadlines.deadline import Awaited
from domain.names import same
from domain.roles import Actor, Role

Decide: TypeAlias = Callable[[Any, Dispute, Context], tuple[DisputeEvent, ...]]
Items: TypeAlias = Callable[[Dispute, Context], tuple[int | None, ...]]


class Row(Struct, frozen=True, kw_only=True):
    """When a command is possible, for whom, what decides it, and what it does.

    `items` lists what it can be done to now: (None,) where it is about the case itself.
    `awaited` is what it does, and the deadline of that is the command's own. `also`
    names more awaited things that it does, whose deadlines do not limit the command.
    `shared`: any mediator may do it, also in a case that a colleague has.
    """

    phases: frozenset[Phase]
    roles: frozenset[Role]
    barred: frozenset[Relation]
    decide: Decide
    items: Items
    awaited: Awaited | None
    also: frozenset[str]
    shared: bool

    def does(self, awaited: str) -> bool:
        """Tell whether the command does what is awaited."""
        return awaited == self.awaited or awaited in self.also


def colleague(row: Row, actor: Actor, dispute: Dispute) -> str | None:
    """Return the mediator who has the case, and is asked before the actor does this.

    None: nobody has it, the actor does, or the command is anybody's.
    """
    if row.shared or actor.acts_as is not Role.MEDIATOR:
        return None
    return None if same(actor.id, dispute.assignee) else dispute.assignee


IN_CONFLICT = frozenset({Relation.PARTY, Relation.RECUSED})


def row(
    decide: Decide,
    *phases: Phase,
    by: AbstractSet[Role],
    barred: frozenset[Relation] = IN_CONFLICT,
    when: Callable[[Dispute, Context], object] | None = None,
    items: Items | None = None,
    awaited: Awaited | None = None,
    also: AbstractSet[str] = frozenset(),
    shared: bool = False,
) -> Row:
    """Return a row of the table; parties and recused persons are barred from most.

    A command is about the case itself, and possible `when` a condition holds, or about
    one of its `items`.
    """
    return Row(
        phases=frozenset(phases),
        roles=frozenset(by),
        barred=barred,
        decide=decide,
        items=items or _once_if(when),
        awaited=awaited,
        also=frozenset(also),
        shared=shared,
    )


def _once_if(condition: Callable[[Dispute, Context], object] | None) -> Items:
    if condition is None:
        return lambda _dispute, _context: (None,)
    return lambda dispute, context: (None,) if condition(dispute, context) else ()
