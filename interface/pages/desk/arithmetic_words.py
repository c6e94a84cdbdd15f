"""How the end of a limit was counted, in words: hover and tables say the same."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from application.cases.readable_values import length_in_words
from application.texts import say
from domain.deadlines.ledger_entry import Entry
from domain.deadlines.limit_arithmetic import (
    DayRun,
    limit_parts,
    pauses_within,
    working_days,
)
from domain.deadlines.time_limits import Calendar, LimitUnit
from interface.pages.page_texts import BETWEEN, page_words
from interface.pages.page_times import PageTimes


def arithmetic_words(entry: Entry, calendar: Calendar, times: PageTimes) -> str:
    """Return the sentences that explain the end of a limit, up to `times.now`."""
    said = (
        *_by_length(entry, calendar, times),
        *_by_pauses(entry, times),
    )
    return BETWEEN[times.language].join(said)


def _by_length(entry: Entry, calendar: Calendar, times: PageTimes) -> Iterator[str]:
    language = times.language
    say_it = partial(page_words, language=language)
    length = length_in_words(entry.length, language)
    units = {one.unit for one in limit_parts(entry)}
    if LimitUnit.WORKING_DAY in units:
        yield _of_working_days(entry, calendar, times)
    elif LimitUnit.WINDOW_HOUR in units:
        window = {"opens": calendar.opens, "closes": calendar.closes}
        shown = {name: f"{at:%H:%M}" for name, at in window.items()}
        yield say_it("arithmetic.window", length=length, **shown)
    elif units == {LimitUnit.DAY}:
        hours = 24 * sum(one.amount for one in limit_parts(entry))
        yield say_it("arithmetic.days", length=length, hours=hours)
    else:
        yield say_it("arithmetic.clock", length=length)


def _of_working_days(entry: Entry, calendar: Calendar, times: PageTimes) -> str:
    language = times.language
    say_it = partial(page_words, language=language)
    length = length_in_words(entry.length, language)
    found = working_days(entry, calendar)
    if found is None:
        return say_it("arithmetic.working-days", length=length)
    counted = _run(DayRun(found.first, found.last), times)
    said = [say_it("arithmetic.counted", length=length, days=counted)]
    if found.skipped:
        said.append(say_it("arithmetic.skipped", days=_runs(found.skipped, times)))
    if found.made_up:
        said.append(say_it("arithmetic.made-up", days=_runs(found.made_up, times)))
    return BETWEEN[language].join(said)


def _by_pauses(entry: Entry, times: PageTimes) -> Iterator[str]:
    spans = pauses_within(entry)
    if not spans:
        return
    lengths = ((one.until or times.now) - one.since for one in spans)
    stood = times.length(max(sum(lengths, timedelta()), timedelta()))
    word = "held" if entry.state == "held" else "stood"
    yield page_words(f"arithmetic.{word}", times.language, length=stood)


def _runs(runs: tuple[DayRun, ...], times: PageTimes) -> str:
    between = say("lists", "between", times.language)
    return between.join(_run(one, times) for one in runs)


def _run(run: DayRun, times: PageTimes) -> str:
    """Say days that follow each other; what both ends share is said once."""
    if run.first == run.last:
        return _day(run.first, times)
    same = (run.first.year, run.first.month) == (run.last.year, run.last.month)
    return page_words(
        "arithmetic.run-of-month" if same else "arithmetic.run",
        times.language,
        first=_day(run.first, times),
        last=_day(run.last, times),
        first_day=run.first.day,
        last_day=run.last.day,
    )


def _day(day: date, times: PageTimes) -> str:
    return page_words(
        "arithmetic.day",
        times.language,
        year=times.year(day.year),
        month=day.month,
        name=month_name[day.month],
        day=day.day,
    )
