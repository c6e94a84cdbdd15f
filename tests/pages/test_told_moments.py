"""A limit at midnight ends a day on every page, and what happens then begins one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People
from tests.pages.conftest import Browse
from tests.pages.page_visits import reader_of
from tests.pages.public_reports import uncut
from tests.pages.stored_editions import store
from tests.pages.test_filing import ORDER, step
from tests.pages.visited_cases import visited_cases
from tests.pages.visited_pages import VISITED

ZONE = ZoneInfo("Asia/Shanghai")
TOLD = re.compile(r'<time datetime="([^"]+)" title="UTC ([^"]+)">([^<]+)</time>')
CLOCK = re.compile(r"\d\d:\d\d(?::\d\d)?$")
ROOMS = ("/desk/cases/", "/record/cases/", "/cases/")
"""Where limits are told: to staff, to auditors and to parties."""


def told_moments(text: str) -> Iterator[tuple[datetime, str]]:
    """Yield each time of a page with its words; its title says the same in UTC."""
    for moment, utc, words in TOLD.findall(text):
        assert moment == utc.replace(" ", "T") + "Z"
        yield datetime.fromisoformat(moment).astimezone(ZONE), words


def end_of(day: datetime, lang: str) -> str:
    """Return how the end of a day is told."""
    if lang == "zh":
        return f"{day.month} 月 {day.day} 日 24:00"
    return f"the end of {day.day} {day:%B}"


def begin_of(day: datetime, lang: str) -> str:
    """Return how something is told that happened in the first minute of a day."""
    if lang == "zh":
        return f"{day.month} 月 {day.day} 日 00:00"
    return f"{day.day} {day:%B}, 00:00"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_midnight_is_told_in_two_ways_on_every_page(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    system: System,
    lang: str,
) -> None:
    named = visited_cases(people, background, clock, system)
    there = clock.now.astimezone(ZONE) + timedelta(days=1)
    clock.now = there.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    at_midnight = f"/v1/disputes/{named['offered']}/messages"
    assert people.buyer.post(at_midnight, {"text": "And now?"}).status_code < 300
    background.catch_up()
    ends, begins = set(), set()
    for visited in VISITED:
        path = visited.path.format(**named)
        page = reader_of(browse, visited, path, lang).get(path).text
        for there, words in told_moments(page):
            clocks = CLOCK.findall(words)
            if f"{there:%H:%M:%S}" == "00:00:00":
                room = {one for one in ROOMS if path.startswith(one)}
                if words == end_of(there - timedelta(days=1), lang):
                    ends |= room
                else:
                    begin = begin_of(there, lang)
                    assert words.partition(" (")[0] in {begin, f"{begin}:00"}, path
                    begins |= room
            elif clocks:
                assert f"{there:%H:%M:%S}".startswith(clocks[0]), (path, words)
    assert ends == set(ROOMS)
    assert begins == set(ROOMS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filing_can_be_made_until_the_end_of_a_day(browse: Browse, lang: str) -> None:
    answer = step(browse("buyer", lang=lang), 1, **ORDER)
    ((until, words),) = told_moments(answer.text)
    assert f"{until:%H:%M:%S}" == "23:59:59"
    assert words == end_of(until, lang)


@pytest.mark.parametrize(("lang", "day"), [("zh", "10月13日"), ("en", "13 October")])
def test_an_edition_has_the_day_of_the_platform(
    browse: Browse, system: System, lang: str, day: str
) -> None:
    evening = datetime(2026, 10, 12, 20, tzinfo=UTC)
    name = store(system, uncut(), published_at=evening)
    for path in ("/figures", f"/figures/{name}"):
        page = browse(None, lang=lang).page(path)
        note = page.partition('class="note note--accent"')[2].partition("</div>")[0]
        (told,) = told_moments(note)
        assert told[0] == evening
        assert day in told[1]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "10 月 13 日 00:00"), ("en", "13 October, 00:00")]
)
def test_what_was_published_at_midnight_is_of_the_day_that_begins(
    browse: Browse, system: System, lang: str, said: str
) -> None:
    midnight = datetime(2026, 10, 12, 16, tzinfo=UTC)
    name = store(system, uncut(), published_at=midnight)
    for path in ("/figures", f"/figures/{name}"):
        main = browse(None, lang=lang).page(path).partition("<main")[2]
        words = [one[1] for one in told_moments(main) if one[0] == midnight]
        assert any(one.startswith(said) for one in words), words
        assert not any("24:00" in one or "the end of" in one for one in words)
