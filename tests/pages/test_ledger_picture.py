"""The picture of the deadline ledger: where bars lie, and that it says the table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from application.texts import say
from domain.deadlines.deadline import Awaited
from domain.deadlines.ledger_entry import Entry, Extension, Span
from domain.deadlines.time_limits import LimitName
from domain.roles import Party
from interface.pages.charts.svg_marks import width_of
from interface.pages.desk.arithmetic_words import arithmetic_words
from interface.pages.desk.ledger_picture import LEFT, ROW, ledger_picture
from interface.pages.page_times import PageTimes
from tests.samples import BOOKS, NOW

ZONE = "Asia/Shanghai"
HOUR = timedelta(hours=1)


def entry(start: datetime, due: datetime, **more: Any) -> Entry:
    return Entry(
        awaited=Awaited.EVIDENCE,
        party=Party.BUYER,
        item=None,
        started_by=1,
        start=start,
        limit=LimitName.EVIDENCE,
        length="3 days",
        calendar="x",
        due=due,
        **more,
    )


def drawn(
    *entries: Entry, now: datetime = NOW, off: frozenset[date] = frozenset()
) -> Any:
    return ledger_picture(entries, PageTimes(ZONE, now, "zh"), off)


def test_half_of_the_time_is_half_of_the_bar() -> None:
    (bar,) = drawn(entry(NOW - 24 * HOUR, NOW + 24 * HOUR)).bars
    left, used = bar.pieces
    assert (left.kind, used.kind) == ("left", "used")
    assert abs(used.width * 2 - left.width) < 0.3
    assert used.x == left.x
    assert abs(bar.due - left.x - left.width) < 0.3


def test_what_was_met_early_leaves_the_rest_open() -> None:
    done = NOW - 36 * HOUR
    met = entry(NOW - 48 * HOUR, NOW, state="met", ended_at=done, done_at=done)
    (bar,) = drawn(met).bars
    left, used = bar.pieces
    assert abs(used.width * 4 - left.width) < 0.5
    assert bar.done is not None
    assert abs(bar.done - used.x - used.width) < 0.2


def test_pauses_and_extensions_lie_where_they_were() -> None:
    pause = Span(since=NOW - 40 * HOUR, version=2, until=NOW - 30 * HOUR)
    more = Extension(version=3, due_before=NOW + 10 * HOUR)
    held = entry(NOW - 48 * HOUR, NOW + 20 * HOUR, pauses=(pause,), extensions=(more,))
    (bar,) = drawn(held).bars
    kinds = {one.kind: one for one in bar.pieces}
    assert kinds.keys() == {"left", "used", "paused", "extended"}
    assert abs(kinds["paused"].width - kinds["extended"].width) < 0.2
    assert kinds["extended"].x + kinds["extended"].width - bar.due < 0.2


def test_what_stands_still_after_a_limit_is_over_has_no_bar() -> None:
    pause = Span(since=NOW - 10 * HOUR, version=3, until=NOW - 5 * HOUR)
    over = entry(NOW - 48 * HOUR, NOW - 24 * HOUR, state="missed", pauses=(pause,))
    (bar,) = drawn(over).bars
    assert [one.kind for one in bar.pieces] == ["left", "used"]
    assert bar.label < bar.due + 20


def test_days_off_are_those_of_the_calendar_in_the_zone() -> None:
    off = frozenset({date(2026, 3, 2)})
    start = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    picture = drawn(entry(start, start + 72 * HOUR), now=start, off=off)
    # 16:30 UTC is the next day there.
    assert [one.off for one in picture.days] == [True, False, False, False]
    assert picture.days[0].x == LEFT


TIMES = st.integers(-2_000, 2_000).map(lambda hours: NOW + hours * HOUR)


@given(st.lists(st.tuples(TIMES, st.integers(1, 3_000)), min_size=1, max_size=8), TIMES)
def test_everything_lies_within_the_drawing(
    limits: list[tuple[datetime, int]], now: datetime
) -> None:
    picture = drawn(
        *(entry(start, start + hours * HOUR) for start, hours in limits), now=now
    )
    assert len(picture.bars) == len(limits)
    for bar in picture.bars:
        assert LEFT <= bar.due <= picture.width
        assert bar.y < picture.height
        for piece in bar.pieces:
            assert piece.width > 0
            assert piece.x >= LEFT - 0.2
            assert piece.x + piece.width <= picture.width
    rows = [bar.y for bar in picture.bars]
    assert len(set(rows)) == len(rows)
    named = [one.x for one in picture.days if one.named]
    # No name of a day lies on the next one.
    assert all(b - a >= 20 for a, b in pairwise(named))


def test_what_is_late_goes_on_until_it_is_done_or_until_now() -> None:
    late = entry(NOW - 48 * HOUR, NOW - 24 * HOUR, state="missed", ended_at=NOW)
    (bar,) = drawn(late).bars
    assert "over" not in {one.kind for one in bar.pieces}
    picture = ledger_picture([late], PageTimes(ZONE, NOW, "zh"), frozenset(), late)
    over = picture.bars[0].pieces[-1]
    assert (over.kind, over.x) == ("over", picture.bars[0].due)
    assert picture.now is not None
    assert abs(over.x + over.width - picture.now) < 0.2
    done = replace(late, done_at=NOW - 12 * HOUR)
    (bar,) = drawn(done).bars
    assert bar.pieces[-1].kind == "over"
    assert bar.done is not None
    assert abs(bar.pieces[-1].x + bar.pieces[-1].width - bar.done) < 0.2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_words_are_cut_and_none_lie_on_a_bar(lang: str) -> None:
    due = NOW + timedelta(days=28, hours=23)
    limits = [replace(entry(NOW, due), awaited=one) for one in Awaited]
    picture = ledger_picture(limits, PageTimes(ZONE, NOW, lang), frozenset())
    for one, above in zip(picture.bars[1:], picture.bars, strict=False):
        assert one.y - above.y - ROW == 13 * (len(above.name) - 1)
    for bar in picture.bars:
        assert " ".join(bar.name) == say("awaited", bar.entry.awaited, lang)
        assert max(width_of(line, "t-b") for line in bar.name) < LEFT
        assert ("28 天 23 小时" if lang == "zh" else "28 days 23 hours") in bar.result
        assert bar.label + width_of(bar.result) <= picture.width
    # Without such words the picture has no empty room for them.
    (met,) = drawn(entry(NOW, due, state="met", ended_at=NOW, done_at=NOW)).bars
    assert met.result == "按期完成"
    assert max(len(bar.name) for bar in picture.bars) == (1 if lang == "zh" else 2)


@pytest.mark.parametrize(
    ("lang", "told"), [("zh", "2026 年 3 月 3 日"), ("en", "3 March 2026")]
)
def test_days_of_another_year_are_told_with_it(lang: str, told: str) -> None:
    start = datetime(2026, 3, 2, 2, tzinfo=UTC)
    calendar = BOOKS["cn-default/1"].calendar
    end = datetime(2026, 3, 3, 16, tzinfo=UTC)
    limit = replace(entry(start, end), length="1 working day", calendar=calendar.name)
    then = PageTimes(ZONE, start, lang)
    year = told.replace("3 月 3 日", "").replace("3 March", "")
    assert year.strip() not in arithmetic_words(limit, calendar, then)
    later = PageTimes(ZONE, start, lang, start + timedelta(days=330))
    assert told in arithmetic_words(limit, calendar, later)
    assert later.year(2026) == year


def test_the_name_of_a_month_has_room() -> None:
    start = datetime(2025, 12, 29, 2, tzinfo=UTC)
    days = drawn(entry(start, start + 200 * HOUR), now=start).days
    assert [one.month for one in days if one.month] == ["end", "start"]
    days = drawn(entry(start - 200 * HOUR, start), now=start).days
    assert [one.month for one in days if one.month] == ["start"]
