"""The patterns that cases are made from: of every phase and outcome, over a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from application.cases.disputes import Disputes
from application.operator_error import OperatorError
from domain.case.context import Rulebook
from domain.case.dispute import Phase
from domain.case.outcome import Outcome
from interface.demo.cast import SampleCase, cast
from interface.generator.history import History, HistoryWalk
from interface.generator.pattern import Pattern
from interface.generator.pattern_weeks import Span
from interface.generator.places import pattern_of

LIVE = 0.3
"""The share of cases that are still live."""

PLATFORMS = ("shop", "shop", "shop", "market", "travel")
"""The platforms of samples; the first one has most of the cases."""

LONGEST = timedelta(days=2 * 365)
SHORTEST = timedelta(days=60)
LATELY = timedelta(days=45)
"""Within this time before the end the live cases were filed."""

LEAST, MOST, SHARE = 300, 3_000, 12
"""How many patterns there are at least and at most; between, one for so many cases."""

ROOM = timedelta(minutes=10)
"""By how much the hour of a pattern moves at least, so that its cases differ."""

ATTEMPTS = 4_000
"""How many samples are told at most until one ends as it is wanted."""

LIVE_PHASES = tuple(one for one in Phase if one not in {Phase.NONE, Phase.CLOSED})
OUTCOMES = tuple(
    # These two are only imported.
    one
    for one in Outcome
    if one not in {Outcome.DECIDED_ELSEWHERE, Outcome.ANSWERED}
)


class NoTime(OperatorError):
    """The rules have not been in force long enough for cases to run under them."""


class Wanted(Struct, frozen=True):
    """How a history is to end: closed or live, and on what ground or in which phase."""

    is_live: bool
    phase: Phase | None = None
    outcome: Outcome | None = None

    def fits(self, history: History) -> bool:
        """Tell whether a history ends so."""
        ended = history.dispute
        return (
            (ended.phase is not Phase.CLOSED) is self.is_live
            and self.phase in {None, ended.phase}
            and self.outcome in {None, ended.outcome}
        )


KINDS = (
    *(Wanted(is_live=True, phase=one) for one in LIVE_PHASES),
    *(Wanted(is_live=False, outcome=one) for one in OUTCOMES),
)
"""One of each phase and outcome, which even few cases have."""


def span(rules: Rulebook, until: datetime, since: datetime | None = None) -> Span:
    """Return the time up to a moment under these rules. Raises NoTime.

    Without `since` it begins two years before, or when the rules came into force.
    """
    in_force = rules.calendar.instant(rules.policy.in_force_from)
    rule = f"{rules.policy.id} is in force since {in_force:%Y-%m-%d}"
    if since is not None and since < in_force:
        raise NoTime(f"--since: {rule}, and no case can be decided by it before")
    begins = max(in_force, until - LONGEST) if since is None else since
    if until - begins < SHORTEST:
        option = "--until" if since is None else "--since"
        raise NoTime(f"{option}: {rule}, and cases need {SHORTEST.days} days under it")
    return Span(begins, until)


def patterns(
    disputes: Disputes, cases: int, seed: int, times: Span
) -> Iterator[Pattern]:
    """Yield the patterns for so many cases; `LIVE` says how many are of live ones.

    The same arguments give the same patterns.
    """
    rules = disputes.books.for_new(disputes.policy, times.until)
    count = min(MOST, cases, max(LEAST, cases // SHARE))
    for number in range(count):
        yield _pattern(disputes, rules, times, (seed, number), _wanted(number, count))


def _wanted(number: int, count: int) -> Wanted:
    if number < len(KINDS):
        return KINDS[number]
    more = max(0, round(count * LIVE) - len(LIVE_PHASES))
    return Wanted(is_live=number < len(KINDS) + more)


def _pattern(
    disputes: Disputes,
    rules: Rulebook,
    times: Span,
    place: tuple[int, int],
    wanted: Wanted,
) -> Pattern:
    """Tell samples until one ends as it is wanted, and its hour can be moved.

    `place`: the seed, and which of its patterns it is. Raises NoTime if none does.
    """
    seed, number = place
    for attempt in range(ATTEMPTS):
        # Its own generator for each: how many there are changes none of them.
        chance = Random(f"{seed}/{number}/{attempt}")  # noqa: S311 - not a secret
        sample = _sample(disputes, seed, number * ATTEMPTS + attempt, chance)
        start = _start(wanted, times, chance)
        stop = times.until - timedelta(hours=3) * chance.random()
        walk = HistoryWalk(disputes, sample, rules.policy.zone)
        told = walk.tell(start, stop)
        if wanted.fits(told):
            # Filed at the very end, or with people at work at all hours, it has none.
            found = pattern_of(told, rules, times.until)
            if timedelta(seconds=found.latest - found.earliest) >= ROOM:
                return found
    raise NoTime(f"of {ATTEMPTS} samples none came to {wanted}")


def _sample(disputes: Disputes, seed: int, number: int, chance: Random) -> SampleCase:
    sample = cast(number, seed, disputes.books.codes)
    command = replace(sample.command, platform=chance.choice(PLATFORMS))
    return replace(sample, command=command)


def _start(wanted: Wanted, times: Span, chance: Random) -> datetime:
    if wanted.is_live:
        # More of them lately: many have not gone far.
        return times.until - LATELY * chance.random() ** 2
    # An exponent below 1: the platform grows.
    length = times.until - times.since - SHORTEST / 3
    return times.since + length * float(chance.random() ** 0.8)
