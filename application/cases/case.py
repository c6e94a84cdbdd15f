"""A request to a case, and the case as it is read for answering it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from application.record.envelope import Recorded, decode, is_about_a_case, leaf
from application.record.record import Record
from domain.case.dispute import Dispute
from domain.case.evolve import fold
from domain.roles import Actor, Party


class CommandRequest(Struct, frozen=True, kw_only=True):
    """What comes with a command: on which case, by whom, under which key.

    `platform` limits what may be found (None: any platform's cases). `digest` is a
    keyed hash of what was asked (None: asked by the program itself); `expected` is the
    version that the caller has read (None: any).
    """

    case: UUID
    actor: Actor
    command_id: UUID
    platform: str | None = None
    digest: bytes | None = None
    expected: int | None = None


class Case(Struct, frozen=True):
    """A case: its events, with personal texts sealed, and the state they lead to.

    `states` are the events' stored bytes, which are what the log proves. A case that
    does not lie in this record has none.
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
        """Return whose data is only kept now, also where this is an earlier state."""
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
    """Return the case after more events, whose state is known already."""
    events = (*before.events, *map(decode, states))
    return Case(before.case, events, dispute, (*before.states, *states))


def read_case(record: Record, case: UUID) -> Case:
    """Load a case from the record; one that does not exist has version 0."""
    stored = record.read(case)
    states = tuple(one.state for one in stored if is_about_a_case(one.topic))
    events = tuple(map(decode, states))
    return Case(case, events, fold(recorded.event for recorded in events), states)
