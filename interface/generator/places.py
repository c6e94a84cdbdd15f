"""Finds in a history what varies from case to case, and puts places there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from operator import itemgetter
from typing import Any

import msgspec
from msgspec.structs import replace

from application.record.envelope import Recorded, encode, topic
from domain.case.context import Rulebook
from domain.deadlines.time_limits import LimitUnit
from domain.evidence.events import EvidenceSubmitted
from domain.personal import map_personal
from domain.privacy.data_subjects import data_subject
from domain.roles import STAFF, Party
from interface.generator.history import History
from interface.generator.hour import moves, moving_room
from interface.generator.pattern import (
    BUYER,
    BUYER_KEY,
    CASE,
    FIRST,
    ORDER,
    PREV,
    SELLER,
    SELLER_KEY,
    ClockIdPlace,
    EventPattern,
    FilePlaces,
    MomentPlace,
    Pattern,
    TextPlace,
)

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)
# Marks that no text has: of a number with its quotes, of a text between them.
_MARK = re.compile(rb'"\\u0003(\d+)\\u0004"|\\u0001(\d+)\\u0002')

MOST_MULTIPLES = 6
"""No case is about more than so many times what its sample costs."""


def pattern_of(history: History, rules: Rulebook, until: datetime) -> Pattern:
    """Return the pattern of a history; none of its events may be recorded later."""
    return _PatternMaker(history).made(rules, until)


class _PatternMaker:
    """Gives out the places of one history."""

    def __init__(self, history: History) -> None:
        self._history = history
        command, sample = history.sample.command, history.sample
        self._fixed = {
            str(history.case): CASE,
            command.buyer: BUYER,
            command.seller: SELLER,
            command.order.id: ORDER,
        }
        self._moments: dict[str, MomentPlace] = {}
        self._commands: dict[str, int] = {}
        self._clock_ids: list[ClockIdPlace] = []
        self._people: dict[str, int] = {}
        self._amounts: list[tuple[int, int]] = []
        self._files: list[FilePlaces] = []
        self._next = FIRST
        acting = {one.actor.id for one in history.events if one.actor.role in STAFF}
        self._staff = {*acting, sample.mediator.id}

    def made(self, rules: Rulebook, until: datetime) -> Pattern:
        events = tuple(map(self._event, self._history.events))
        earliest, latest = moving_room(
            [one.at for one in self._moments.values()],
            rules.calendar,
            _edges(rules),
            until - self._history.events[-1].recorded_at,
        )
        return Pattern(
            history=self._history,
            places=self._next,
            events=events,
            moments=tuple(self._moments.values()),
            clock_ids=tuple(self._clock_ids),
            command_ids=tuple(self._commands.values()),
            people=tuple((place, name) for name, place in self._people.items()),
            amounts=tuple(self._amounts),
            files=tuple(self._files),
            earliest=earliest,
            latest=latest,
            multiples=_multiples([one for _, one in self._amounts], rules),
        )

    def _event(self, recorded: Recorded) -> EventPattern:
        texts: list[TextPlace] = []

        def mark(path: str, text: str) -> str:
            texts.append(TextPlace(self._place(), path, text))
            return _text(texts[-1].place)

        event = map_personal(recorded.event, mark)
        party = data_subject(recorded.event) if texts else None
        # What is set here is replaced below; it only makes the field be there.
        prev = bytes(32) if recorded.version > 1 else None
        key = recorded.case if texts else None
        known = replace(recorded, event=event, prev=prev, key=key)
        tree = msgspec.json.decode(encode(known))
        if prev:
            tree["prev"] = _text(PREV)
        if party is not None:
            tree["key"] = _text(SELLER_KEY if party is Party.SELLER else BUYER_KEY)
        tree["command_id"] = _text(self._command(recorded))
        self._file(recorded, tree["event"])
        form, places = _form(msgspec.json.encode(self._marked(tree)))
        name = topic(recorded.event).encode()
        size = len(name).to_bytes(4, "big")
        return EventPattern(
            version=recorded.version,
            form=form,
            values=itemgetter(*places),
            moment=list(self._moments).index(tree["recorded_at"]),
            party=party,
            texts=tuple(texts),
            head=b"\0\0\0\x08" + recorded.version.to_bytes(8, "big") + size + name,
        )

    def _marked(self, value: Any) -> Any:
        """Return a value with marks where a case has values of its own."""
        match value:
            case {"amount": int(amount), "currency": str(currency), **more} if not more:
                place = self._place()
                self._amounts.append((place, amount))
                return {"amount": _number(place), "currency": currency}
            case dict():
                return {name: self._marked(one) for name, one in value.items()}
            case list():
                return [self._marked(one) for one in value]
            case str():
                return self._marked_text(value)
            case _:
                return value

    def _marked_text(self, value: str) -> str:
        if (place := self._fixed.get(value)) is not None:
            return _text(place)
        if value in self._staff:
            return _text(self._named(self._people, value))
        if _TIME.fullmatch(value):
            return _text(self._moment(value).place)
        return value

    def _moment(self, value: str) -> MomentPlace:
        if value not in self._moments:
            at = datetime.fromisoformat(value).astimezone(UTC)
            self._moments[value] = MomentPlace(self._place(), at, moves(at))
        return self._moments[value]

    def _command(self, recorded: Recorded) -> int:
        name = self._history.names.get(recorded.command_id)
        if name is None:
            return self._named(self._commands, str(recorded.command_id))
        moment = self._moment(_written(name.moment))
        index = list(self._moments.values()).index(moment)
        place = self._place()
        self._clock_ids.append(ClockIdPlace(place, name, index))
        return place

    def _file(self, recorded: Recorded, tree: dict[str, Any]) -> None:
        if not isinstance(recorded.event, EvidenceSubmitted):
            return
        by = recorded.event.by
        places = FilePlaces(by, self._place(), self._place(), self._place())
        self._files.append(places)
        tree["sha256"], tree["sealed"] = _text(places.sha256), _text(places.sealed)
        tree["size"] = _number(places.size)

    def _named(self, names: dict[str, int], name: str) -> int:
        if name not in names:
            names[name] = self._place()
        return names[name]

    def _place(self) -> int:
        self._next += 1
        return self._next - 1


def _edges(rules: Rulebook) -> tuple[time, ...]:
    """Return the ends of the business hours, where a limit counts by them."""
    policy, every = rules.policy, [rules.policy.limits]
    every += [*policy.by_category.values(), *policy.by_reason.values()]
    by_hours = any(
        limit.unit is LimitUnit.WINDOW_HOUR
        for limits in every
        for limit in limits.values()
    )
    return (rules.calendar.opens, rules.calendar.closes) if by_hours else ()


def _multiples(amounts: Sequence[int], rules: Rulebook) -> int:
    """Return by how much all amounts of a case may be multiplied at most.

    Above the amount that needs a second person the case would go another way.
    """
    most = max(amounts, default=0)
    limit = min(rules.policy.four_eyes.values(), default=most)
    return max(1, min(limit // most, MOST_MULTIPLES)) if most else 1


def _written(moment: datetime) -> str:
    """Return a time as the encoder writes it."""
    return str(msgspec.json.decode(msgspec.json.encode(moment)))


def _text(place: int) -> str:
    return f"\x01{place}\x02"


def _number(place: int) -> str:
    return f"\x03{place}\x04"


def _form(marked: bytes) -> tuple[bytes, list[int]]:
    """Turn marked bytes into a form for `%`, and the places of its `%b` in order."""
    places = [int(one[1] or one[2]) for one in _MARK.finditer(marked)]
    literals = _literals(marked)
    return b"%b".join(one.replace(b"%", b"%%") for one in literals), places


def _literals(marked: bytes) -> Iterator[bytes]:
    end = 0
    for one in _MARK.finditer(marked):
        yield marked[end : one.start()]
        end = one.end()
    yield marked[end:]
