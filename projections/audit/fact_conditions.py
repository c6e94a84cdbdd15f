"""How the facts of a case choose its events: which conditions and terms they mean.

A filter says something of the event that is found (its type, actor, texts, time), or of
its case (how it closed, who decided, who was late, what a decision cites). With filters
of the first kind, their events are found in the cases that have the facts. With facts
alone, the events are those that the facts name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from projections.audit.audit_terms import CHUNK_BITS, HASH_BITS, term
from projections.audit.case_facts import is_of_case

FACTS = ("outcome", "decider", "late", "rule")
"""The filters that are facts of a case; the event that adds one has it as a term."""

OF_EVENTS = frozenset({"type", "actor", "text", "request", "imported_from"} | {"extra"})
"""The filters that say which events are found, whatever their case is like."""

_ADDED_BY = {
    "outcome": {"closed"},
    "decider": {"ruled", "refused", "appeal-decided"},
    "late": {"deadline-missed"},
    "rule": {"ruled", "refused", "appeal-decided", "burden-assigned"},
}
"""The types of events that add a fact: of those, each is asked for its own."""

_OF_CASE = (
    "EXISTS (SELECT 1 FROM audit_trail e WHERE e.case_id = audit_trail.case_id{until}"
    " AND {fact})"
)

Term = int | tuple[int, ...]
"""A term that is looked up, or several of which one is enough."""


def has_term(name: str, row: str = "audit_trail") -> str:
    """Return the condition that a row has the term of a filter, `%(term_of_NAME)s`."""
    number = f"{row}.position >> {CHUNK_BITS} << {HASH_BITS}"
    return f"{row}.terms @> ARRAY[{number} | %(term_of_{name})s::bigint]"


def own(given: Mapping[str, Any]) -> frozenset[str]:
    """Return the filters of facts that the event which is found has to have itself."""
    facts = given.keys() & set(FACTS)
    names = {one for one in facts if given.get("type") in _ADDED_BY.get(one, ())}
    if "rule" in facts and not is_of_case(given["rule"]):
        names.add("rule")
    return frozenset(facts if len(facts) == 1 and not of_events(given) else names)


def of_events(given: Mapping[str, Any]) -> bool:
    """Tell whether a filter says which events are found."""
    limit = "rule" in given and not is_of_case(given["rule"])
    return limit or bool(given.keys() & OF_EVENTS)


def conditions(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the conditions on a row of the trail that need no look at its case.

    But where facts alone are asked for: then few rows are left to look at.
    """
    facts = sorted(given.keys() & set(FACTS))
    itself = {one: has_term(one) for one in facts}
    yield from (itself[one] for one in facts if one in own(given))
    of_case = [one for one in facts if one not in own(given)]
    if of_case and not of_events(given):
        # What names the event, with which or after which all of them hold.
        yield f"({' OR '.join(f'({itself[one]})' for one in of_case)})"
        until = " AND e.version <= audit_trail.version"
        for one in of_case:
            yield _OF_CASE.format(until=until, fact=has_term(one, "e"))


def case_conditions(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the conditions on the case of a row, where others say which events."""
    if of_events(given):
        for one in sorted((given.keys() & set(FACTS)) - own(given)):
            yield _OF_CASE.format(until="", fact=has_term(one, "e"))


def terms(given: Mapping[str, Any]) -> list[Term]:
    """Return the terms of the facts by which events are found."""
    facts = sorted(given.keys() & set(FACTS))
    found: list[Term] = [term(one, given[one]) for one in facts if one in own(given)]
    of_case = [one for one in facts if one not in own(given)]
    if of_case and not of_events(given):
        found += _all_of(given, of_case)
    return found


def case_terms(given: Mapping[str, Any]) -> list[Term]:
    """Return the terms by which the cases are found where others say which events."""
    of_case = sorted((given.keys() & set(FACTS)) - own(given))
    return _all_of(given, of_case) if of_case and of_events(given) else []


def _all_of(given: Mapping[str, Any], facts: list[str]) -> list[Term]:
    names = tuple(term(one, given[one]) for one in facts)
    return [names, *(term(f"case-{one}", given[one]) for one in facts)]
