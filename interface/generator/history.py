"""The history of one sample case: its story, decided by the domain, kept in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from msgspec import Struct

from application.cases.case import Case, CommandRequest
from application.cases.disputes import Disputes
from application.cases.wrap import enveloped, passing
from application.record.envelope import Recorded
from domain.case.command import Command
from domain.case.decide import decide
from domain.case.dispute import Dispute
from domain.case.evolve import fold
from domain.deadlines.commands import PassDeadline
from domain.deadlines.timeouts import events_of, overdue
from domain.evidence.commands import SubmitEvidence
from domain.notices.channel import Channel
from domain.notices.commands import ServeNotice
from domain.notices.notice import Notice, called_for
from domain.refusals import Refusal
from domain.roles import CLOCK, Actor
from interface.demo.cast import SampleCase
from interface.demo.player import case_id
from interface.demo.repertoire import story_of
from interface.demo.stories import Picture

MICROSECONDS = 1_000_000
EARLIEST_HOUR = 7
"""Before this hour people sleep; what they would do then they do later."""


class ClockName(Struct, frozen=True):
    """What a command id of the clock is made of: a name, and the time behind it."""

    name: str
    moment: datetime


class HistoryStep(Struct, frozen=True):
    """A command of a history, by whom and when."""

    at: datetime
    actor: Actor
    command: Command


class History(Struct, frozen=True, kw_only=True):
    """What happened in a sample case up to a moment.

    `events` have their personal texts in clear. `names` has the command ids that the
    clock makes from a deadline or a notice; `next_due` is when it would act
    next.
    """

    sample: SampleCase
    case: UUID
    events: tuple[Recorded, ...]
    dispute: Dispute
    names: dict[UUID, ClockName]
    steps: tuple[HistoryStep, ...]
    next_due: datetime | None


class HistoryWalk:
    """Tells one sample case, with the clock and the notices in between.

    The times at which people act have microseconds, and those that a calendar makes
    have none: a midnight stays where it is when a history is told for another hour.
    """

    def __init__(self, disputes: Disputes, sample: SampleCase, zone: str) -> None:
        self._disputes, self._sample = disputes, sample
        self._zone = ZoneInfo(zone)
        self._now = datetime.min.replace(tzinfo=UTC)
        self._case = Case(case_id(sample))
        self._names: dict[UUID, ClockName] = {}
        self._notices: list[tuple[Notice, datetime]] = []
        self._steps: list[HistoryStep] = []

    def tell(self, start: datetime, stop: datetime) -> History:
        """Tell the story from its filing on, and what the clock does until `stop`."""
        story, begun = story_of(self._sample), False
        self._now = self._human(start)
        try:
            while True:
                state = self._case.dispute
                step = story.send(state) if begun else next(story)
                begun = True
                if isinstance(step, Picture):
                    self._do(step.by, self._picture(step))
                elif isinstance(step, tuple):
                    self._do(*step)
                else:
                    moment = self._human(self._now + timedelta(hours=float(step)))
                    if moment > stop:
                        break
                    self._let_pass(moment)
        except (StopIteration, Refusal):
            # A case that took another turn than its story ends where it stands.
            pass
        self._let_pass(stop)
        return History(
            sample=self._sample,
            case=self._case.case,
            events=self._case.events,
            dispute=self._case.dispute,
            names=self._names,
            steps=tuple(self._steps),
            next_due=self._next_due(),
        )

    def _human(self, moment: datetime) -> datetime:
        if moment.astimezone(self._zone).hour < EARLIEST_HOUR:
            moment += timedelta(hours=EARLIEST_HOUR)
        part = self._sample.chance.randrange(1, MICROSECONDS)
        return moment.replace(microsecond=part)

    def _let_pass(self, moment: datetime) -> None:
        """Let the clock do what falls due, each at its time."""
        while (due := self._next_due()) is not None and due <= moment:
            self._now = max(self._now, due)
            self._send_due()
        self._now = max(self._now, moment)

    def _next_due(self) -> datetime | None:
        notices = (since for _, since in self._notices)
        limits = (one.due for one in self._case.dispute.deadlines)
        return min((*notices, *limits), default=None)

    def _send_due(self) -> None:
        for notice, since in self._notices:
            if since <= self._now:
                self._notices.remove((notice, since))
                self._serve(notice, since)
                return
        limit = min(self._case.dispute.deadlines, key=lambda one: one.due)
        named = passing(self._case.case, limit.key, limit.due)
        self._do(
            CLOCK,
            PassDeadline(
                awaited=limit.awaited,
                party=limit.party,
                item=limit.item,
                due=limit.due,
            ),
            named,
        )

    def _serve(self, notice: Notice, since: datetime) -> None:
        served = ServeNotice(
            notice=notice.kind, party=notice.party, channel=Channel.IN_SITE
        )
        # As the agenda names it: see `called_for` of the worker.
        name = ClockName(f"notice/{notice.kind}/{notice.party}/", since)
        command_id = clock_id(self._case.case, name, since)
        self._names[command_id] = name
        self._do(CLOCK, served, command_id)

    def _do(
        self, actor: Actor, command: Command, command_id: UUID | None = None
    ) -> None:
        """Decide a command as it is decided anywhere, and keep its events."""
        case, before = self._case, self._case.dispute
        self._disputes.clock = lambda: self._now
        context = self._disputes.context(case, actor)
        passed = overdue(before, context)
        decided = decide(command, fold(events_of(passed), before), context)
        for one in passed:
            awaited, party, item = one.deadline.key
            name = ClockName(f"{awaited}/{party}/{item or 0}/", one.deadline.due)
            self._names[clock_id(case.case, name, name.moment)] = name
        request = CommandRequest(
            case=case.case,
            actor=actor,
            command_id=command_id or uuid5(case.case, f"step/{len(self._steps)}"),
        )
        new = tuple(enveloped(request, passed, decided, context, case.version + 1))
        self._steps.append(HistoryStep(self._now, actor, command))
        self._notices += [
            (notice, one.recorded_at) for one in new for notice in called_for(one.event)
        ]
        dispute = fold((one.event for one in new), before)
        self._case = Case(case.case, (*case.events, *new), dispute)

    def _picture(self, step: Picture) -> SubmitEvidence:
        # Stands for a file until the case is written: no two of a case are the same.
        place = f"{self._case.case}/{len(self._steps)}".encode()
        return SubmitEvidence(
            kind=step.kind,
            sha256=sha256(place).hexdigest(),
            size=1,
            media_type="image/png",
            name=f"{step.kind}.png",
            note=step.note,
            sealed=sha256(b"sealed" + place).hexdigest(),
        )


def clock_id(case: UUID, name: ClockName, moment: datetime) -> UUID:
    """Return the command id that the clock gives what it does about a moment."""
    return uuid5(case, f"{name.name}{int(moment.timestamp() * MICROSECONDS)}")
