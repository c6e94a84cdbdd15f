"""Extensions of limits, as far as the policy allows (4.4, +)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines.commands import ExtendDeadline
from domain.deadlines.deadline import Deadline
from domain.deadlines.events import DeadlineExtended
from domain.deadlines.time_limits import extended
from domain.refusals import NotOpen


def extend(
    command: ExtendDeadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Give a running limit the additional time that the policy allows, once."""
    extendable = tuple(extendable_deadlines(dispute, context))
    # Only evidence and rulings can be extended in the profiles that ship; these run
    # once for each party, so a command needs no item.
    key = (command.awaited, command.party)
    found = next((one for one in extendable if one.key[:2] == key), None)
    if found is None:
        names = (f"{one.awaited}/{one.party}" for one in extendable)
        raise NotOpen(number="/".join(key), open=", ".join(names))
    longer = context.rules.policy.extensions[found.limit]
    end = extended(found.due, longer, context.rules.calendar)
    return (
        DeadlineExtended(
            awaited=found.awaited,
            party=found.party,
            item=found.item,
            why=command.why,
            deadlines=(replace(found, due=end, length=f"{found.length} + {longer}"),),
        ),
    )


def extendable_deadlines(dispute: Dispute, context: Context) -> Iterator[Deadline]:
    """Yield the running limits that may be extended and have not been yet."""
    for one in dispute.deadlines:
        allowed = one.limit in context.rules.policy.extensions
        if allowed and one.key not in dispute.extended:
            yield one
