"""Wraps decided events into recorded events, each in its envelope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID, uuid5

from application.cases.case import CommandRequest
from application.record.envelope import Recorded
from domain.admission.events import Refused
from domain.case.context import Context
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Key
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.timeouts import Passed
from domain.evidence.events import BurdenAssigned, EvidenceClosed
from domain.roles import CLOCK, RULES, Actor


def enveloped(
    request: CommandRequest,
    passed: Iterable[Passed],
    decided: Iterable[DisputeEvent],
    context: Context,
    first: int,
) -> Iterator[Recorded]:
    """Yield the recorded events: first those of passed deadlines, then the caller's.

    Their versions begin with `first`.
    """
    case = request.case
    drafts = [
        (event, CLOCK, passing(case, one.deadline.key, one.deadline.due))
        for one in passed
        for event in one.events
    ]
    drafts += [
        (event, stated_by(event, request.actor), request.command_id)
        for event in decided
    ]
    for version, (event, actor, command_id) in enumerate(drafts, first):
        yield Recorded(
            case=case,
            version=version,
            at=_happened(event, context),
            recorded_at=context.now,
            actor=actor,
            command_id=command_id,
            policy=context.rules.policy.id,
            rules=context.rules.digest,
            request=request.request_id,
            trace=request.trace,
            event=event,
        )


def stated_by(event: DisputeEvent, actor: Actor) -> Actor:
    """Return the actor of an event: the rules, where they leave nothing to decide."""
    match event:
        case Refused(rule=str()) | BurdenAssigned(why=None):
            return RULES
        case _:
            return actor


def passing(case: UUID, key: Key, due: datetime) -> UUID:
    """Return the command id under which the passing of a deadline is recorded."""
    # Made from the deadline alone: the same id, whether the worker or a party acts
    # first. Members of enumerations and numbers hold no slash: no two names look alike.
    awaited, party, item = key
    stamp = int(due.timestamp() * 1_000_000)
    return uuid5(case, f"{awaited}/{party}/{item or 0}/{stamp}")


def _happened(event: DisputeEvent, context: Context) -> datetime:
    """Return when an event happened: a time was over when it was due."""
    if isinstance(event, DeadlineMissed | EvidenceClosed) and event.due is not None:
        return event.due
    return context.now
