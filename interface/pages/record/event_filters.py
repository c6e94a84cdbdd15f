"""The filters of the search as its address has them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from domain.case.outcome import Outcome
from domain.refusals import Problem
from domain.roles import Party
from interface.api.event_query import NAMES as NAMES_OF_PEOPLE
from interface.api.event_query import EventQuery
from interface.api.problems import Failure
from interface.api.request_context import RequestContext
from interface.pages.record.case_names import case_named
from interface.pages.record.known_platforms import known_platforms
from interface.pages.record.typed_times import typed_time
from interface.pages.sealed_terms import Sealer, Terms
from projections.audit.audit_search import Search

FIRST = ("type", "platform", "seller", "buyer", "since", "until")
"""The filters that are always in sight."""

MORE = (
    *("dispute", "order", "actor", "decider", "category", "outcome", "late", "rule"),
    *("text", "imported_from", "extra", "request_id"),
)
NAMES = (*FIRST, *MORE)

TERMS = Terms(
    "record", frozenset({"seller", "buyer", "order", "actor", "decider", "text"})
)
"""The filters that name people, or may."""

LEAST, MOST = 2, 200
"""Characters of a searched text."""


class BadFilters(Exception):
    """Filters that say nothing: by their names, and as the API would say it."""

    def __init__(self) -> None:
        super().__init__("bad filters")
        self.names: set[str] = set()
        self.problems: list[Problem] = []


class EventFilters(Struct, frozen=True):
    """What is asked for, as texts by the names of the API's parameters."""

    given: dict[str, str]

    def get(self, name: str) -> str:
        """Return what a filter says; "" for any."""
        return self.given.get(name, "")

    @property
    def uses_more(self) -> bool:
        """Tell whether a filter is used that is not always in sight."""
        return any(name in self.given for name in MORE)

    def without(self, names: Container[str]) -> EventFilters:
        """Return the other filters."""
        kept = {one: text for one, text in self.given.items() if one not in names}
        return EventFilters(kept)

    def query(self) -> str:
        """Return what is asked for in one text; it is no address."""
        return urlencode(self.given)

    def address(self, sealer: Sealer, path: str, **more: str) -> str:
        """Return the address of the search, in which nobody is named."""
        query = sealer.sealed(TERMS, (self.given | more).items())
        return f"{path}?{query}" if query else path

    def search(self, context: RequestContext) -> Search:
        """Return the search. Raises BadFilters with all that is wrong."""
        values, bad = dict[str, Any](self.given), BadFilters()
        known = known_platforms(context)
        if known and values.get("platform", known[0]) not in known:
            # Nobody is told that a platform has no such fact where there is none.
            del values["platform"]
            bad.names.add("platform")
        for name, read in _readers(context).items():
            if name in values:
                try:
                    values[name] = read(values[name])
                except ValueError:
                    del values[name]
                    bad.names.add(name)
        return _whole(values, bad, context)


def _readers(context: RequestContext) -> Mapping[str, Callable[[str], Any]]:
    zone = context.system.zone
    return {
        "dispute": lambda value: case_named(context, value),
        "late": Party,
        "outcome": Outcome,
        "text": _words,
        "since": lambda value: typed_time(value, zone),
        "until": lambda value: typed_time(value, zone, ends=True),
    }


def filters_of(asked: Mapping[str, str]) -> EventFilters:
    """Return the filters of an address; what is empty is left out."""
    texts = {name: asked.get(name, "").strip() for name in NAMES}
    return EventFilters({name: text for name, text in texts.items() if text})


def _whole(values: dict[str, Any], bad: BadFilters, context: RequestContext) -> Search:
    """Return the search by all values, or raise what is wrong with each of them."""
    for name in tuple(values):
        # With its platform, without which a name alone says nothing.
        pair = {name: values[name]}
        if name in NAMES_OF_PEOPLE and "platform" in values:
            pair["platform"] = values["platform"]
        try:
            EventQuery(**pair).search(context)
        except Failure as failure:
            bad.problems += [one for one in failure.faults if one not in bad.problems]
    if bad.names or bad.problems:
        raise bad
    return EventQuery(**values).search(context)


def _words(value: str) -> str:
    if not LEAST <= len(value) <= MOST:
        raise ValueError(value)
    return value
