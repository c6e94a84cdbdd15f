"""What an event makes true of its case: how it closed, who decided, who was late, why.

Each is a fact of the case from then on. An event that adds one is also found by those
that the case had before: so several together find the event with which the last of them
came to hold (decision 82).
"""

from __future__ import annotations

from collections.abc import Iterator

from application.record.envelope import Recorded
from domain.admission.events import Refused
from domain.appeal.events import AppealDecided
from domain.case.events import DisputeEvent
from domain.deadlines.events import DeadlineMissed
from domain.evidence.events import BurdenAssigned
from domain.negotiation.events import SellerResponded
from domain.performance.events import Closed
from domain.ruling.events import Ruled

Fact = tuple[str, str]
"""A filter of the search and its value, such as ("late", "seller")."""

_ADDING = (Ruled, AppealDecided, Refused, Closed, DeadlineMissed, BurdenAssigned)


def adds_facts(event: DisputeEvent) -> bool:
    """Tell whether an event is one of those that add facts to their case."""
    return isinstance(event, _ADDING)


def facts_after(before: tuple[Fact, ...], recorded: Recorded) -> tuple[Fact, ...]:
    """Return the facts of a case after an event, each once, in their order."""
    if not isinstance(recorded.event, _ADDING):
        return before
    return tuple(dict.fromkeys((*before, *_facts(recorded))))


def _facts(recorded: Recorded) -> Iterator[Fact]:
    event = recorded.event
    for decider in deciders(recorded):
        yield "decider", decider
    if isinstance(event, DeadlineMissed):
        yield "late", event.party
    if isinstance(event, Closed):
        yield "outcome", event.outcome
    for rule in rules(event, recorded.policy):
        if is_of_case(rule):
            yield "rule", rule


def is_of_case(rule: str) -> bool:
    """Tell whether a rule is one that a decision cites, and no limit that began."""
    return "#" not in rule and not rule.startswith("position:")


def deciders(recorded: Recorded) -> tuple[str, ...]:
    """Return who decided, if an event is a decision: also who approved it."""
    event = recorded.event
    match event:
        case Ruled(decided_by=decider, approved_by=approver):
            named = (decider or recorded.actor.id, approver)
        case AppealDecided(decided_by=decider) | Refused(decided_by=decider):
            named = (decider or recorded.actor.id, None)
        case _:
            named = (None, None)
    return tuple(dict.fromkeys(one for one in named if one))


def rules(event: DisputeEvent, policy: str | None) -> Iterator[str]:
    """Yield the limits that begin with an event, and the rules that it cites."""
    for deadline in getattr(event, "deadlines", ()):
        yield f"{policy}#{deadline.limit}"
    match event:
        case Ruled(reasons=reasons):
            for reason in reasons:
                yield f"{reason.rule.id}/{reason.rule.version}"
        case AppealDecided(reasons=reasons, result=result):
            yield f"appeal:{result}"
            for reason in reasons:
                yield f"{reason.rule.id}/{reason.rule.version}"
        case BurdenAssigned(rule=rule):
            yield f"{rule.id}/{rule.version}"
        case Refused(ground=ground, rule=rule_applied):
            yield f"ground:{ground}"
            if rule_applied:
                yield rule_applied
        case DeadlineMissed(awaited=awaited):
            yield f"missed:{awaited}"
        case SellerResponded(position=position):
            yield f"position:{position}"
