"""From what was decided to facts in their envelopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from msgspec.structs import replace

from application.cases.case import Request
from application.privacy.data_keys import KeyStore
from application.record.envelope import Recorded
from domain.admission.events import Refused
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Key
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.timeouts import Passed
from domain.evidence.events import BurdenAssigned
from domain.personal import has_personal
from domain.privacy.data_subjects import data_subject
from domain.roles import CLOCK, RULES, Actor, Party


def enveloped(
    request: Request,
    passed: Iterable[Passed],
    decided: Iterable[DisputeEvent],
    context: Context,
    first: int,
) -> Iterator[Recorded]:
    """Wrap facts once: first the clock's, then the caller's, versions from `first`."""
    case = request.case
    drafts = [
        (event, CLOCK, passing(case, one.deadline.key, one.deadline.due))
        for one in passed
        for event in one.facts
    ]
    drafts += [
        (event, _stated_by(event, request.actor), request.command_id)
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
            event=event,
        )


def _stated_by(event: DisputeEvent, actor: Actor) -> Actor:
    """Return who states a fact: the rules, where they leave nothing to decide."""
    match event:
        case Refused(rule=str()) | BurdenAssigned(why=None):
            return RULES
        case _:
            return actor


def passing(case: UUID, key: Key, due: datetime) -> UUID:
    """Return the command id under which the passing of a deadline is recorded."""
    awaited, party, item = key
    stamp = int(due.timestamp() * 1_000_000)
    return uuid5(case, f"{awaited}/{party}/{item or 0}/{stamp}")


def _happened(event: DisputeEvent, context: Context) -> datetime:
    """Return when it happened: a deadline was missed at its end, whenever noted."""
    if isinstance(event, DeadlineMissed) and event.due is not None:
        return event.due
    return context.now


def with_keys(
    facts: Sequence[Recorded], dispute: Dispute, keys: KeyStore
) -> tuple[Recorded, ...]:
    """Name in each fact with personal texts the data key that will seal them.

    `dispute` is the case after these facts: it knows the parties.
    """
    concerned = subjects(facts, dispute)
    if not concerned:
        return tuple(facts)
    ids = keys.current(concerned.values())
    return tuple(
        replace(fact, key=ids.get(concerned.get(fact.version, ""))) for fact in facts
    )


def subjects(facts: Sequence[Recorded], dispute: Dispute) -> dict[int, str]:
    """Return, by version, the data subject of each fact that holds personal texts."""
    return {
        fact.version: subject_of(fact.case, data_subject(fact.event), dispute)
        for fact in facts
        if has_personal(fact.event)
    }


def subject_of(case: UUID, party: Party, dispute: Dispute) -> str:
    """Name the data subject that a party of a case is, unique over platforms.

    A party that an imported source does not name is a subject of that case only.
    """
    person = dispute.buyer if party is Party.BUYER else dispute.seller
    if person is None:
        return f"case:{case}:{party}"
    return f"{dispute.platform}:{party}:{person}"
