"""A command's request, and the case that it is decided on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent
from msgspec import Struct

from application.operator_error import OperatorError
from application.record.envelope import (
    Recorded,
    decode,
    is_about_a_case,
    leaf,
    topic,
)
from application.record.record import Record
from domain.case.dispute import Dispute
from domain.case.evolve import fold
from domain.conflicts_of_interest import is_concerned
from domain.refusals import NotFound
from domain.roles import Actor, Party

Readiness = Callable[[], AbstractContextManager[None]]
"""Puts in place what events refer to, around the moment in which they are appended."""


class UnreadableCase(OperatorError):
    """A case has an event that cannot be read; the message says which one, and why.

    This program reads back whatever it appends: somebody else has put it in.
    """


class CommandRequest(Struct, frozen=True, kw_only=True):
    """What a command comes with: its case, its actor, and the id of the command.

    `platform` limits which cases are found (None: those of any platform). `digest` is a
    keyed hash of the client's request (None: the program itself sends the command).
    `expected` is the version of the case that the caller has read (None: any).
    `request_id` and `trace` (W3C `traceparent`) are kept with the events.
    """

    case: UUID
    actor: Actor
    command_id: UUID
    platform: str | None = None
    digest: bytes | None = None
    expected: int | None = None
    request_id: str | None = None
    trace: str | None = None


class Case(Struct, frozen=True):
    """A case: its recorded events (personal texts sealed) and the dispute they lead to.

    `states` are the events' stored bytes, which are what the log proves; a case that
    does not lie in this record has none. `kept` is set in an earlier state of a case:
    the parties whose data is restricted now.
    """

    case: UUID
    events: tuple[Recorded, ...] = ()
    dispute: Dispute = Dispute()
    states: tuple[bytes, ...] = ()
    kept: tuple[Party, ...] | None = None

    @property
    def head(self) -> bytes | None:
        """Return the leaf hash of the last event, to which the next one is chained."""
        return leaf(self.states[-1]) if self.states else None

    @property
    def restricted(self) -> tuple[Party, ...]:
        """Return the parties whose data is restricted now, even in an earlier state."""
        # Else a look at a time before the restriction would show the texts again.
        return self.dispute.restricted if self.kept is None else self.kept

    @property
    def version(self) -> int:
        """Return the number of the last event, 0 if there is none."""
        return self.events[-1].version if self.events else 0

    def until(self, version: int) -> Case:
        """Return the case as it was after its first `version` events."""
        if version >= self.version:
            return self
        events = self.events[:version]
        dispute = fold(recorded.event for recorded in events)
        return Case(
            self.case, events, dispute, self.states[:version], kept=self.restricted
        )


def extended(before: Case, states: Sequence[bytes], dispute: Dispute) -> Case:
    """Return the case after more stored events, with the dispute they have led to."""
    events = (*before.events, *map(decode, states))
    return Case(before.case, events, dispute, (*before.states, *states))


def read_case(record: Record, case: UUID) -> Case:
    """Load a case from the record; one that does not exist has version 0.

    Raises UnreadableCase.
    """
    return case_of(case, record.read(case))


def case_of(case: UUID, stored: Sequence[StoredEvent]) -> Case:
    """Return a case by all of its stored events, in order. Raises UnreadableCase."""
    # The id may be that of a seller's standing or of the seals: those are no cases.
    if not any(is_about_a_case(one.topic) for one in stored):
        return Case(case)
    events = tuple(map(_read_event, stored))
    states = tuple(one.state for one in stored)
    return Case(case, events, fold(recorded.event for recorded in events), states)


def _read_event(row: StoredEvent) -> Recorded:
    """Decode an event of a case. Raises UnreadableCase."""
    place = f"case {row.originator_id}, version {row.originator_version}"
    try:
        recorded = decode(row.state)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableCase(f"{place}: the bytes are no event: {error}") from None
    # Whoever can write rows could else show one person's event in another's case.
    said = recorded.case, recorded.version, topic(recorded.event)
    if said != (row.originator_id, row.originator_version, row.topic):
        raise UnreadableCase(
            f"{place}: the bytes say another case, version or kind than their row"
        )
    return recorded


def refuse_stranger(case: Case, request: CommandRequest) -> None:
    """Raise NotFound for a caller who may not see the case."""
    # Before any other refusal, which would tell the caller that there is a case.
    here = request.platform in {None, case.dispute.platform}
    if not case.events or not here or not is_concerned(request.actor, case.dispute):
        raise NotFound
