"""Plays the stories in the order of their times, with the clock between the steps."""

from __future__ import annotations

import heapq
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from application.cases.case import CommandRequest
from application.log.build.integrate import LogBuilder
from application.log.sign.signer import Signer
from application.privacy.sealing_keys import subject_of
from domain.case.command import Command
from domain.case.dispute import Dispute
from domain.evidence.commands import SubmitEvidence
from domain.identity import NAMESPACE, natural_key
from domain.refusals import Refusal
from domain.roles import Actor
from interface.bootstrap import System
from interface.demo.cast import SampleCase, cast
from interface.demo.filing_times import FilingTimes
from interface.demo.repertoire import story_of
from interface.demo.stories import Picture, Story
from interface.run.worker import Worker
from projections.agenda import next_due

SEED = 7


class Clock:
    """The time in the story."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the story's time."""
        return self.now


class Turn(Struct, order=True):
    """When a case goes on; `order` decides between equal times."""

    at: datetime
    order: int
    case: SampleCase
    story: Story
    begun: bool = False


class Between(Struct, frozen=True):
    """What is done at a moment between the steps of cases."""

    at: datetime
    done: Callable[[], None]


class Player:
    """Plays many cases at the same time, as they would have happened.

    `refused`: the steps that a case did not admit, and why.
    """

    def __init__(self, system: System, clock: Clock) -> None:
        self._system = system
        self._clock = clock
        self._worker = Worker(system)
        self._turns: list[Turn] = []
        self._order = count()
        self._steps = count()
        self.refused: list[tuple[SampleCase, Refusal]] = []

    def play(
        self,
        cases: int,
        until: datetime,
        progress: Callable[[int], None],
        between: Between | None = None,
    ) -> None:
        """Play all cases up to a moment; `progress` gets the number of ended ones.

        `between` is done at its moment, once the views have followed.
        """
        self._begin(cases, until)
        ended = 0
        while self._turns and self._turns[0].at <= until:
            if between is not None and between.at <= self._turns[0].at:
                self._let_pass(between.at)
                self._worker.catch_up("sequencer", "views")
                between.done()
                between = None
            turn = heapq.heappop(self._turns)
            self._let_pass(turn.at)
            if not self._go_on(turn):
                ended += 1
                progress(ended)
        self._let_pass(until)
        self._worker.catch_up()
        self._worker.close()

    def _begin(self, cases: int, until: datetime) -> None:
        times = FilingTimes(until, self._system.zone)
        for number in range(cases):
            case = cast(number, SEED, self._system.rulebooks.codes)
            turn = Turn(times.of(case), next(self._order), case, story_of(case))
            heapq.heappush(self._turns, turn)

    def _let_pass(self, moment: datetime) -> None:
        """Move the clock on, stopping where a deadline falls due.

        Otherwise every silence would be recorded at the time of the next step.
        """
        while True:
            self._worker.catch_up("sequencer", "views")
            with self._system.database.get_connection() as connection:
                due = next_due(connection, self._clock.now)
            if due is None or due > moment:
                break
            self._clock.now = max(self._clock.now, due)
        if self._clock.now.date() < moment.date():
            # Once a day, so that the log has a history of its own as well.
            self._worker.catch_up(LogBuilder.name, Signer.name)
        self._clock.now = max(self._clock.now, moment)

    def _go_on(self, turn: Turn) -> bool:
        """Do what a case does now, up to its next wait; return False at its end."""
        case = turn.case
        dispute_id = case_id(case)
        state = self._system.disputes.find(dispute_id).dispute
        try:
            step = turn.story.send(state) if turn.begun else next(turn.story)
            while not isinstance(step, float | int):
                state = self._do(dispute_id, step)
                step = turn.story.send(state)
        except StopIteration:
            return False
        except Refusal as refusal:
            # A case that took another turn than its story ends where it stands.
            self.refused.append((case, refusal))
            return False
        at = self._clock.now + timedelta(hours=float(step))
        later = Turn(at, next(self._order), case, turn.story, begun=True)
        heapq.heappush(self._turns, later)
        return True

    def _do(self, case: UUID, step: tuple[Actor, Command] | Picture) -> Dispute:
        actor, command = (
            self._picture(case, step) if isinstance(step, Picture) else step
        )
        name = f"demo/{SEED}/{case}/{next(self._steps)}"
        request = CommandRequest(
            case=case, actor=actor, command_id=uuid5(NAMESPACE, name), digest=None
        )
        return self._system.disputes.handle(request, command).dispute

    def _picture(self, case: UUID, step: Picture) -> tuple[Actor, Command]:
        """Keep a picture as the real upload does, and hand it in."""
        dispute = self._system.disputes.find(case).dispute
        subject = subject_of(case, step.by.party, dispute)
        key = self._system.keys.current([subject])[subject]
        cipher = self._system.keys.cipher(key)
        if cipher is None:
            raise LookupError(f"the key of {subject} was destroyed")
        limit = self._system.settings.upload_limit
        with self._system.evidence.receiving(key, cipher, limit) as received:
            received.incoming.write(picture(case.bytes + step.by.party.encode()))
            kept = received.keep()
        return step.by, SubmitEvidence(
            kind=step.kind,
            sha256=kept.sha256,
            size=kept.size,
            media_type="image/png",
            name=f"{step.kind}.png",
            note=step.note,
            sealed=kept.sealed,
        )


def case_id(case: SampleCase) -> UUID:
    """Return the id that a case gets when it is filed."""
    command = case.command
    order = command.order
    about = order.id, order.line, command.reason
    return natural_key(command.platform, command.buyer, *about, 1)


def picture(seed: bytes) -> bytes:
    """Return a small PNG: four coloured fields, different for every seed."""
    colours = [zlib.crc32(seed + bytes([n])).to_bytes(4, "big")[:3] for n in range(4)]
    row = [b"\x00" + left * 16 + right * 16 for left, right in _pairs(colours)]
    pixels = b"".join(line * 16 for line in row)
    header = struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _pairs(colours: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    yield colours[0], colours[1]
    yield colours[2], colours[3]


def _chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def with_clock(system: System, clock: Clock) -> System:
    """Return a system that uses the story's time."""
    system.disputes.clock = clock
    return replace(system, clock=clock)
