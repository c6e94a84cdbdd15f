"""Times and amounts as people read them, in zh and en."""

from __future__ import annotations

from calendar import month_name
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from application.texts import say, texts
from domain.deadlines.time_limits import parse_limit
from domain.money import Money

_DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59)


def amount_in_words(amount: Money) -> str:
    """Return an amount such as "¥1,280.00" or "EUR 5.10".

    The yen has the sign of the yuan too, so all other currencies have their code.
    """
    whole, _, fraction = str(amount).partition(".")
    number = f"{int(whole):,}" + (f".{fraction}" if fraction else "")
    return f"¥{number}" if amount.currency == "CNY" else f"{amount.currency} {number}"


def moment_in_words(
    moment: datetime, zone: str, now: datetime, language: str, *, named: bool = True
) -> str:
    """Return a time (UTC) as it is said in a zone, with the year if it is another one.

    "11 月 28 日 23:39" or "28 November, 23:39 (Beijing time)": whole minutes, the last
    one that has begun, so that nobody is told a later end than there is. The midnight
    that ends a day belongs to that day, as deadlines are announced: "11 月 28 日 24:00"
    or "the end of 28 November"; so does its last second, which stands for a day that
    was named without an hour. `named`: says which zone it is, where one might think of
    another.
    """
    there = moment.astimezone(ZoneInfo(zone))
    is_end = there.time() == _LAST_SECOND
    day = there.replace(hour=0, minute=0, second=0) + _DAY if is_end else there
    mark = _zone(zone, language) if named else ""
    return _told(day, now, language, f"{there:%H:%M}", mark)


def happened_in_words(
    moment: datetime, zone: str, now: datetime, language: str, *, named: bool = False
) -> str:
    """Return a time (UTC) at which something happened, which is no limit.

    Midnight is the first minute of its own day: "00:00", and no end of the day before.
    """
    there = moment.astimezone(ZoneInfo(zone))
    mark = _zone(zone, language) if named else ""
    return _told(there, now, language, f"{there:%H:%M}", mark, is_limit=False)


def second_in_words(
    moment: datetime, zone: str, now: datetime, language: str, *, is_limit: bool = False
) -> str:
    """Return a time (UTC) in a zone to the second, as what is recorded is told.

    Midnight is told as by `happened_in_words`; of a limit, as by `moment_in_words`.
    """
    there = moment.astimezone(ZoneInfo(zone))
    return _told(there, now, language, f"{there:%H:%M:%S}", "", is_limit=is_limit)


def _told(
    there: datetime,
    now: datetime,
    language: str,
    clock: str,
    zone: str,
    *,
    is_limit: bool = True,
) -> str:
    """Put a local time into words; a limit at midnight ends the day before."""
    is_end = is_limit and there.time() == time()
    day = there - _DAY if is_end else there
    this_year = day.year == now.astimezone(there.tzinfo).year
    return say(
        "times",
        "day-end" if is_end else "moment",
        language,
        year="" if this_year else say("times", "year", language, year=str(day.year)),
        month=str(day.month),
        name=month_name[day.month],
        day=str(day.day),
        clock=clock,
        zone=zone,
    )


def _zone(zone: str, language: str) -> str:
    """Return the mark of a zone; empty where nobody would think of another one."""
    known = texts()["zones"].get(zone)
    name = zone if known is None else known[language]
    return say("times", "zone", language, zone=name) if name else ""


def length_in_words(length: str, language: str) -> str:
    """Return how long a limit is, such as "3 个工作日" for "3 working days".

    A limit that was extended has two parts, such as "3 days + 2 days".
    """
    said = []
    for part in length.split(" + "):
        limit = parse_limit(part)
        said.append(
            say("units", limit.unit, language, n=str(limit.amount), length=part)
        )
    return " + ".join(said)
