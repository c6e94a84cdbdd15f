"""The objects of a case, and which of its events are about which of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from application.exports.impersonal_events import ImpersonalRecorded
from domain.roles import STAFF, Party
from projections.mining.attributes import (
    CASE,
    DECISION,
    DECISIONS,
    Kind,
    Value,
    decision_values,
    event_type,
    filing_values,
    plain,
)
from projections.mining.told_case import ToldCase

OBJECTS: Mapping[str, Mapping[str, Kind]] = {
    "case": CASE,
    "order": {},
    "buyer": {},
    "seller": {},
    "mediator": {},
    "evidence": {
        "by": Kind.STRING,
        "kind": Kind.STRING,
        "media_type": Kind.STRING,
        "size": Kind.INTEGER,
        "authentic": Kind.BOOLEAN,
        "relevant": Kind.BOOLEAN,
        "legal": Kind.BOOLEAN,
        "admitted": Kind.BOOLEAN,
    },
    "ruling": {
        "kind": Kind.STRING,
        "liability": Kind.STRING,
        "automation": Kind.STRING,
        "result": Kind.STRING,
        **DECISION,
    },
}
"""The types of objects, each with the attributes that it is told with."""

_EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "evidence-submitted": ("by", "kind", "media_type", "size"),
    "evidence-handed-in": (),
    "evidence-assessed": ("authentic", "relevant", "legal", "admitted"),
}
"""What events tell of a piece of evidence."""

_NAMED = frozenset({"order", "buyer", "seller"})
"""The fields of a filing that name an object."""


class Attribute(Struct, frozen=True):
    """A value that an object has from a time on; None: from the beginning."""

    name: str
    value: Value
    since: datetime | None = None


class LogObject(Struct, frozen=True):
    """An object that events are about; its id begins with its type."""

    type: str
    id: str
    attributes: tuple[Attribute, ...] = ()


class Relation(Struct, frozen=True):
    """What an event, or an object, has to do with an object, in a word or two."""

    to: str
    qualifier: str


class CaseObjects:
    """Takes the events of a case in turn, and says which objects they are about."""

    def __init__(self, told: ToldCase) -> None:
        self._case = str(told.case)
        self._filed = told.events[0].event
        self.id = f"case:{self._case}"
        first = tuple(Attribute(*one) for one in filing_values(told).items())
        self.found: list[LogObject] = [LogObject("case", self.id, first)]
        self.between: list[tuple[str, Relation]] = []
        self._rulings: list[str] = []
        self._owed_by: dict[int, str] = {}
        self._begin()

    def about(self, recorded: ImpersonalRecorded) -> list[Relation]:
        """Return what an event is about; note the objects that it brings."""
        event, tag = recorded.event, event_type(recorded)
        relations = [Relation(self.id, "of the case")]
        relations += self._people(recorded)
        if tag == "filed":
            relations += self._of_filing()
        # Since then only: a case has no outcome before it is closed.
        if tag == "closed":
            ends = [
                Attribute(one, plain(getattr(event, one)), recorded.at)
                for one in ("outcome", "claim")
            ]
            self.found.append(LogObject("case", self.id, tuple(ends)))
        if tag in _EVIDENCE:
            relations.append(self._evidence(recorded, tag))
        if tag in DECISIONS:
            relations += self._decided(recorded, tag)
        elif tag == "appeal-filed" and self._rulings:
            relations.append(Relation(self._rulings[-1], "against the ruling"))
        elif ruling := self._owed_by.get(getattr(event, "obligation", 0)):
            relations.append(Relation(ruling, "performs the ruling"))
        return list(dict.fromkeys(relations))

    def _begin(self) -> None:
        """Note whom and what the case was filed about."""
        for relation in self._of_filing():
            self.found.append(LogObject(relation.to.partition(":")[0], relation.to))
            self.between.append((self.id, relation))
        if order := self._named("order"):
            for side, qualifier in (("buyer", "bought by"), ("seller", "sold by")):
                if one := self._named(side):
                    self.between.append((order, Relation(one, qualifier)))
        if reopened := getattr(self._filed, "reopens", None):
            self.between.append((self.id, Relation(f"case:{reopened}", "reopens")))

    def _of_filing(self) -> list[Relation]:
        named = (
            ("order", "about the order"),
            ("buyer", "filed by"),
            ("seller", "filed against"),
        )
        return [
            Relation(one, qualifier)
            for field, qualifier in named
            if (one := self._named(field))
        ]

    def _named(self, field: str) -> str | None:
        """Return the id of the order or a party of the filing, if it names one."""
        name = getattr(self._filed, field, None) if field in _NAMED else None
        return None if name is None else f"{field}:{name}"

    def _people(self, recorded: ImpersonalRecorded) -> Iterator[Relation]:
        actor, event = recorded.actor, recorded.event
        if actor.role in STAFF and actor.id is not None:
            yield self._mediator(actor.id, "done by")
        if one := self._named(str(actor.on_behalf_of or actor.role)):
            yield Relation(one, "done by")
        party = getattr(event, "party", None)
        sides = ("buyer", "seller") if party is Party.BOTH else (str(party),)
        for side in sides:
            if one := self._named(side):
                yield Relation(one, "concerns")
        for field, qualifier in (
            ("mediator", "names"),
            ("taken_from", "taken from"),
            ("decided_by", "decided by"),
            ("approved_by", "approved by"),
        ):
            if (person := getattr(event, field, None)) is not None:
                yield self._mediator(person, qualifier)

    def _mediator(self, name: str, qualifier: str) -> Relation:
        one = LogObject("mediator", f"mediator:{name}")
        if one not in self.found:
            self.found.append(one)
        return Relation(one.id, qualifier)

    def _evidence(self, recorded: ImpersonalRecorded, tag: str) -> Relation:
        event = recorded.event
        one = f"evidence:{self._case}/{event.number}"
        # What it is holds from the beginning, how it was weighed only since then.
        since = recorded.at if tag == "evidence-assessed" else None
        self._note("evidence", one, event, _EVIDENCE[tag], since)
        self.between.append((one, Relation(self.id, "submitted in")))
        return Relation(one, "of the evidence")

    def _decided(self, recorded: ImpersonalRecorded, tag: str) -> Iterator[Relation]:
        event = recorded.event
        one = f"ruling:{self._case}/{len(self._rulings) + 1}"
        # An appeal puts its obligations in place of the first ruling's.
        self._rulings.append(one)
        self._owed_by |= {owed.number: one for owed in event.obligations}
        self._note("ruling", one, event, ("liability", "automation", "result"), None)
        ruled = (Attribute(*each) for each in decision_values(event).items())
        self.found.append(LogObject("ruling", one, (Attribute("kind", tag), *ruled)))
        self.between.append((one, Relation(self.id, "decides")))
        yield Relation(one, "makes")
        for reason in event.reasons:
            for cited, qualifier in (
                (reason.relied_on, "relies on"),
                (reason.set_aside, "sets aside"),
            ):
                for number in cited:
                    evidence = f"evidence:{self._case}/{number}"
                    # An imported history may cite what it has not told of.
                    self.found.append(LogObject("evidence", evidence))
                    yield Relation(evidence, qualifier)

    def _note(
        self,
        kind: str,
        name: str,
        event: Any,
        fields: tuple[str, ...],
        since: datetime | None,
    ) -> None:
        values = [(field, getattr(event, field, None)) for field in fields]
        self.found.append(
            LogObject(
                kind,
                name,
                tuple(
                    Attribute(field, plain(value), since)
                    for field, value in values
                    if value is not None
                ),
            )
        )
