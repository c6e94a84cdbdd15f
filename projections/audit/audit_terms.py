"""What an event is found by, as numbers that one index holds.

A term is "seller:s-1" or "type:ruled". Its number begins with the chunk of the ledger
that the event stands in: so the terms of a chunk lie side by side in the index, what is
new is always written at its end, and a search reads chunk by chunk, in the order of the
ledger, however many events a term has in all (decision 76).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

from application.record.envelope import Recorded, topic
from domain.case.events import DisputeEvent
from domain.deadlines.events import DeadlineMissed
from domain.performance.events import Closed
from projections.audit.case_facts import adds_facts, deciders
from projections.audit.search_words import words_of
from projections.following.evolved_case import EvolvedCase

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
    position: int, recorded: Recorded, case: EvolvedCase, rules: tuple[str, ...]
) -> tuple[int, ...]:
    """Return the numbers of all terms of an event, sorted. `case`: after the event."""
    chunk = position >> CHUNK_BITS << HASH_BITS
    return tuple(sorted({chunk | term(*one) for one in _terms(recorded, case, rules)}))


def _terms(
    recorded: Recorded, evolved: EvolvedCase, rules: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    event: DisputeEvent = recorded.event
    case = evolved.dispute
    yield "platform", case.platform
    yield "category", case.category
    yield "category", f"{case.category}/{case.reason}"
    if case.seller:
        yield "seller", case.seller
    yield "type", topic(event)
    if recorded.actor.id:
        yield "actor", recorded.actor.id
    if recorded.request:
        yield "request", recorded.request
    if recorded.imported:
        yield "imported_from", recorded.imported.system
    for rule in rules:
        yield "rule", rule
    for decider in deciders(recorded):
        yield "decider", decider
    if isinstance(event, DeadlineMissed):
        yield "late", event.party
    if isinstance(event, Closed):
        yield "outcome", event.outcome
    if adds_facts(event):
        yield from ((f"case-{name}", value) for name, value in evolved.facts)
    for word in words_of(event):
        yield "word", word
