"""Keeps each seller's standing in a history of its own, following the ledger."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid5

import msgspec
import psycopg
from eventsourcing.persistence import PersistenceError

from application.cases.case import UnreadableCase, read_case
from application.jobs.leader import LeaderJob
from application.jobs.locks import STANDINGS
from application.jobs.view_skips import is_held
from application.operator_error import OperatorError
from application.record.envelope import Envelope, Recorded, decode, leaf
from application.record.event_place import event_place, fault
from application.record.movable_clock import held
from application.record.record import Record
from application.record.recorder import VersionTaken
from application.record.row_scope import Beyond, beyond
from application.rules.rulebook import Rulebooks
from domain.identity import standing_key
from domain.roles import RULES
from domain.standing import Standing, StandingEvent, fold, react

NAME = "standing"
BATCH = 1_000
CAUSES = frozenset(
    {
        "ruled",
        "review-requested",
        "appeal-decided",
        "sanction-imposed",
        "sanction-lifted",
    }
)
"""The topics of events that can change a standing; others are not even decoded."""


class StandingRecorded(Envelope, frozen=True, kw_only=True, omit_defaults=True):
    """An event of a standing in its envelope; `case` is the id of that history."""

    event: StandingEvent


_log = logging.getLogger(__name__)
_decode = msgspec.json.Decoder(StandingRecorded).decode


def history(record: Record, platform: str, seller: str) -> tuple[StandingRecorded, ...]:
    """Return every event of a seller's standing, in order."""
    with beyond(Beyond.STANDING):
        stored = record.read(standing_key(platform, seller))
    return tuple(_decode(one.state) for one in stored)


def standing_of(events: Sequence[StandingRecorded]) -> Standing:
    """Return what counts against the seller now."""
    return fold(recorded.event for recorded in events)


class StandingJob(LeaderJob):
    """Follows the ledger, and records the effects of cases on sellers' standings.

    The command id of an effect is made from the event that caused it, so that nothing
    counts twice if the job is killed after recording it and before storing its
    position.
    """

    name = NAME
    lock = STANDINGS
    reports_failures = True

    def __init__(
        self,
        url: str,
        record: Record,
        rulebooks: Rulebooks,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(url)
        self._record = record
        self._rulebooks = rulebooks
        self._clock = clock
        self._position, self._halted = 0, False

    def take_up(self) -> None:
        """Continue after the last position that was followed."""
        self.connection.execute(
            "INSERT INTO followers (name, revision, position) VALUES (%s, '1', 0)"
            " ON CONFLICT DO NOTHING",
            (NAME,),
        )
        query = "SELECT position FROM followers WHERE name = %s"
        row = self.connection.execute(query, (NAME,)).fetchone()
        # A new leader may be a new version of the program, which can take the event
        # that halted the last one.
        self._move(row[0] if row else 0)

    def work(self) -> int:
        """Follow one batch of the ledger; return how many events were passed.

        Stops at an event that it cannot take, as a halting view does.
        """
        before = self._position
        if self._halted and is_held(self.connection, NAME, before + 1):
            return 0
        rows = self.connection.execute(
            "SELECT l.position, l.originator_id, l.originator_version, e.topic,"
            " e.state, s.approved_by IS NOT NULL"
            " FROM ledger l JOIN events e USING (notification_id)"
            " LEFT JOIN view_skips s ON s.follower = %s AND s.position = l.position"
            " WHERE l.position > %s ORDER BY l.position LIMIT %s",
            (NAME, before, BATCH),
            prepare=True,
        ).fetchall()
        for position, case, version, topic, state, skipped in rows:
            if topic in CAUSES and not skipped:
                try:
                    self._follow(decode(state))
                except Exception as error:
                    if _is_no_events_fault(error):
                        raise
                    place = event_place(position, case, version)
                    self._move(position - 1, halted=f"{place}: {fault(error)}")
                    return self._position - before
        if rows:
            # Last: after a kill the batch is read again, and its effects are found.
            self._move(rows[-1][0])
        return len(rows)

    def _move(self, position: int, *, halted: str | None = None) -> None:
        """Store how far the job has come, and at what it stands."""
        if halted is not None:
            _log.error("%s cannot take %s", NAME, halted)
        self.connection.execute(
            "UPDATE followers SET position = %s, halted = %s WHERE name = %s",
            (position, halted, NAME),
        )
        self._position, self._halted = position, halted is not None

    def _follow(self, recorded: Recorded) -> None:
        case = read_case(self._record, recorded.case).dispute
        if case.seller is None or case.policy is None or recorded.imported is not None:
            return
        where = case.platform, case.seller, case.policy
        is_done = False
        while not is_done:
            with held(self._clock):
                is_done = self._try_append(recorded, *where)

    def _try_append(
        self, recorded: Recorded, platform: str, seller: str, policy: str
    ) -> bool:
        """Append an event's effects; return False if somebody else appended first."""
        standing = standing_key(platform, seller)
        command_id = uuid5(recorded.case, f"standing/{recorded.version}")
        stored = self._record.read(standing)
        known = [_decode(event.state) for event in stored]
        if any(effect.command_id == command_id for effect in known):
            return True
        points = self._rulebooks[policy].policy.standing_points
        events = react(recorded.event, recorded.case, standing_of(known), points)
        new = [
            StandingRecorded(
                case=standing,
                version=len(known) + number,
                at=recorded.at,
                recorded_at=self._clock(),
                actor=RULES,
                command_id=command_id,
                policy=policy,
                event=event,
            )
            for number, event in enumerate(events, 1)
        ]
        head = leaf(stored[-1].state) if stored else None
        try:
            self._record.append(new, head)
        except VersionTaken:
            return False
        return True


def _is_no_events_fault(error: Exception) -> bool:
    """Tell whether an error would have met any event: the same one passes later on."""
    if isinstance(error, UnreadableCase):
        return False
    surroundings = (psycopg.Error, PersistenceError, OperatorError, OSError)
    return isinstance(error, surroundings)
