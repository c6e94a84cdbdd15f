"""What an event is found by, as numbers that one index holds.

A term is "seller:s-1" or "type:ruled". Its number begins with the chunk of the ledger
that the event stands in: so the terms of a chunk lie side by side in the index, what is
new is always written at its end, and a search reads chunk by chunk, in the order of the
ledger, however many events a term has in all (decision 76).
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from application.record.envelope import Recorded, topic
from domain.admission.events import Refused
from domain.appeal.events import AppealDecided
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines.events import DeadlineMissed
from domain.performance.events import Closed
from domain.ruling.events import Ruled
from projections.audit.search_words import words_of

CHUNK_BITS = 12
"""4,096 events: few enough to look at all of them, many enough to pass over most."""

HASH_BITS = 43
"""Of a bigint, so that chunks are counted up to a million: four billion events."""


@lru_cache(maxsize=100_000)
def term(name: str, value: str) -> int:
    """Return the number of a term, without its chunk."""
    digest = blake2b(f"{name}:{value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - HASH_BITS)


def terms(
    position: int, recorded: Recorded, case: Dispute, rules: tuple[str, ...]
) -> tuple[int, ...]:
    """Return the numbers of all terms of an event, sorted. `case`: after the event."""
    chunk = position >> CHUNK_BITS << HASH_BITS
    return tuple(sorted({chunk | one for one in _terms(recorded, case, rules)}))


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


def _terms(recorded: Recorded, case: Dispute, rules: tuple[str, ...]) -> list[int]:
    event: DisputeEvent = recorded.event
    found = [
        term("platform", case.platform),
        term("category", case.category),
        term("category", f"{case.category}/{case.reason}"),
        term("type", topic(event)),
    ]
    for name, value in (
        ("seller", case.seller),
        ("actor", recorded.actor.id),
        ("request", recorded.request),
        ("imported_from", recorded.imported.system if recorded.imported else None),
        ("late", event.party if isinstance(event, DeadlineMissed) else None),
        ("outcome", event.outcome if isinstance(event, Closed) else None),
    ):
        if value:
            found.append(term(name, value))
    found += [term("rule", rule) for rule in rules]
    found += [term("decider", decider) for decider in deciders(recorded)]
    found += [term("word", word) for word in words_of(event)]
    return found
