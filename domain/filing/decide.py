"""Filing (4.1): what is taken in, and what the rules refuse at once (3.2)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from domain.admission.events import Admitted, Refused
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.outcome import ClaimResult, Outcome
from domain.conflicts_of_interest import Relation
from domain.deadlines.deadline import Awaited
from domain.deadlines.time_limits import LimitName, due
from domain.escalation.decide import handed_over
from domain.escalation.events import Trigger
from domain.filing.commands import FileDispute
from domain.filing.events import Filed
from domain.filing.filing_rules import problems
from domain.performance.events import Closed
from domain.refusals import Conflicted, Problem, refuse_if
from domain.roles import STAFF, Party

ROUTES = ("consumer-association", "market-regulator", "court")
"""Where the buyer may still turn when a rule refuses the case."""


class Eligibility(Struct, frozen=True, kw_only=True):
    """What a filing would lead to. `until`: the last moment to file (UTC), if known.

    `ground` is why the rules would refuse it at once; None: a mediator will look at it.
    """

    ground: str | None
    until: datetime | None
    problems: tuple[Problem, ...]


def file(
    command: FileDispute, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Take the complaint in; decide at once what rules alone can decide."""
    # `guard` cannot see this relation: the parties are in the command, not in the case.
    if context.actor.id in {command.buyer, command.seller} and _is_staff(context):
        raise Conflicted(relation=Relation.PARTY)
    refuse_if(problems(command, context))
    context = context.about(command.category, command.reason)
    filed = _filed(command, context)
    # 4.3.1: the platform steps in on its own. Nobody has to admit what it files itself.
    if _is_staff(context):
        admitted = Admitted(note=command.evidence_note)
        return filed, admitted, *handed_over(Trigger.PLATFORM, dispute, context)
    ground = refused_at_once(command, context)
    if ground is None:
        return (filed,)
    rule = f"{context.rules.policy.id}#{ground}"
    refused = Refused(ground=ground, routes=ROUTES, rule=rule)
    return filed, refused, Closed(outcome=Outcome.REFUSED, claim=ClaimResult.NONE)


def eligibility(command: FileDispute, context: Context) -> Eligibility:
    """Return what a filing would lead to; nothing is recorded."""
    found = tuple(problems(command, context))
    context = context.about(command.category, command.reason)
    return Eligibility(
        ground=refused_at_once(command, context),
        until=last_moment(command, context),
        problems=found,
    )


def refused_at_once(command: FileDispute, context: Context) -> str | None:
    """Return the ground on which a rule alone refuses the filing, if one does."""
    until = last_moment(command, context)
    if until is not None and context.now > until:
        return "late"
    return None


def last_moment(command: FileDispute, context: Context) -> datetime | None:
    """Return the end of the filing window, if there is one.

    It runs from receipt or, where nothing was received, from the promised delivery.
    """
    start = command.order.received_at or command.order.promised_at
    # 3.2: an ended case may be re-opened later: new facts keep no window.
    if start is None or command.reopens is not None:
        return None
    limit = context.limit(LimitName.FILING)
    return due(start, limit, context.rules.calendar)


def _is_staff(context: Context) -> bool:
    return context.actor.acts_as in STAFF


def _filed(command: FileDispute, context: Context) -> Filed:
    return Filed(
        platform=command.platform,
        channel=command.channel,
        category=command.category,
        reason=command.reason,
        policy=context.rules.policy.id,
        number=command.number,
        buyer=command.buyer,
        seller=command.seller,
        order=command.order.id,
        line=command.order.line,
        paid=command.order.paid,
        received_at=command.order.received_at,
        promised_at=command.order.promised_at,
        claim=command.claim,
        facts=command.facts,
        contact=command.contact,
        evidence_note=command.evidence_note,
        reopens=command.reopens,
        new_facts=command.new_facts,
        deadlines=(context.until(Awaited.ADMISSION, Party.PLATFORM),),
        snapshot=command.order.snapshot,
    )
