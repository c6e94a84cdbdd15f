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
from domain.deadlines.events import DeadlineMissed
from domain.imports.correctable import EXTRA
from domain.imports.events import Corrected
from domain.performance.events import Closed
from projections.audit.case_facts import adds_facts, deciders, rules
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


def terms(position: int, recorded: Recorded, after: EvolvedCase) -> tuple[int, ...]:
    """Return the numbers of all terms of an event, sorted. `after`: its case then."""
    chunk = position >> CHUNK_BITS << HASH_BITS
    return tuple(sorted({chunk | one for one in _terms(recorded, after)}))


def _terms(recorded: Recorded, after: EvolvedCase) -> list[int]:
    event, case = recorded.event, after.dispute
    found = [*_of_case(case.platform, case.category, case.reason, case.seller)]
    found.append(term("type", topic(event)))
    if recorded.actor.id:
        found.append(term("actor", recorded.actor.id))
    if recorded.request:
        found.append(term("request", recorded.request))
    if recorded.imported:
        found.append(term("imported_from", recorded.imported.system))
        free = recorded.imported.extra or {}
        found += [term("extra", f"{name}={value}") for name, value in free.items()]
    if isinstance(event, Corrected):
        found += [
            term("extra", f"{one.field.removeprefix(EXTRA)}={one.stated}")
            for one in event.corrections
            if one.field.startswith(EXTRA) and one.stated is not None
        ]
    found += [term("rule", rule) for rule in rules(event, recorded.policy)]
    if adds_facts(event):
        found += [term("decider", decider) for decider in deciders(recorded)]
        if isinstance(event, DeadlineMissed):
            found.append(term("late", event.party))
        if isinstance(event, Closed):
            found.append(term("outcome", event.outcome))
        found += [term(f"case-{name}", value) for name, value in after.facts]
    found += [term("word", word) for word in words_of(event)]
    return found


@lru_cache(maxsize=20_000)
def _of_case(
    platform: str, category: str, reason: str, seller: str | None
) -> tuple[int, ...]:
    """Return the terms that every event of a case has."""
    named = (
        ("platform", platform),
        ("category", category),
        ("category", f"{category}/{reason}"),
        ("seller", seller),
    )
    return tuple(term(name, value) for name, value in named if value)
