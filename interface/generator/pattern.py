"""A history as a pattern: the bytes of its events, with places for what varies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from domain.case.dispute import Phase
from domain.roles import Party
from interface.generator.history import ClockName, History

CASE, PREV, BUYER, SELLER, ORDER, BUYER_KEY, SELLER_KEY = range(7)
"""The places that every pattern has; those of its own follow."""

FIRST = 7

Values = list[bytes]
"""What stands in the places of one case."""


class TextPlace(Struct, frozen=True):
    """A personal text: its place, its path in the event, and what the sample says."""

    place: int
    path: str
    text: str


class EventPattern(Struct, frozen=True, kw_only=True):
    """One event: its bytes with places, and the values that belong there, in order.

    `moment` is the index of the time when it is recorded, `party` whose key seals its
    texts. `head` is what a binary COPY has between the case's id and the bytes' length.
    """

    version: int
    form: bytes
    values: Callable[[Values], tuple[bytes, ...]]
    moment: int
    party: Party | None
    texts: tuple[TextPlace, ...]
    head: bytes


class MomentPlace(Struct, frozen=True):
    """A time: its place, and whether it moves with the hour of the people."""

    place: int
    at: datetime
    moves: bool


class ClockIdPlace(Struct, frozen=True):
    """A command id of the clock: its place, its name, the index of its time."""

    place: int
    name: ClockName
    moment: int


class FilePlaces(Struct, frozen=True):
    """The places of a file of evidence: its hash, its size, the hash as it is kept."""

    by: Party
    sha256: int
    size: int
    sealed: int


class Pattern(Struct, frozen=True, kw_only=True):
    """What cases are made from: all events of a history, and the places in them.

    `places`: how many there are. `command_ids`: the places of people's commands.
    `people`: place and name of those of the platform. `amounts`: place and minor units,
    which may be multiplied by up to `multiples`. `earliest` and `latest`: by how many
    seconds the people's hour may move.
    """

    history: History
    places: int
    events: tuple[EventPattern, ...]
    moments: tuple[MomentPlace, ...]
    clock_ids: tuple[ClockIdPlace, ...]
    command_ids: tuple[int, ...]
    people: tuple[tuple[int, str], ...]
    amounts: tuple[tuple[int, int], ...]
    files: tuple[FilePlaces, ...]
    earliest: int
    latest: int
    multiples: int

    @property
    def begins(self) -> datetime:
        """Return when the case is filed, before its hour is moved."""
        return self.history.events[0].recorded_at

    @property
    def is_live(self) -> bool:
        """Tell whether its cases are still open at the end."""
        return self.history.dispute.phase is not Phase.CLOSED

    @property
    def category(self) -> str:
        """Return what its cases are about."""
        return self.history.sample.command.category

    @property
    def case(self) -> UUID:
        """Return the id of the case that the history was told of."""
        return self.history.case
