"""The ledger's picture and tables say how each end was counted, and say the same."""

from __future__ import annotations

import re
from html import unescape

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.pages.conftest import Browse
from tests.pages.page_words import check_language
from tests.pages.record_reader import RecordReaders

HOVER = re.compile(r"<g>\s*<title>([^<]+)</title>")
CELL = re.compile(r'<span class="how">([^<]+)</span>')


@pytest.mark.parametrize(
    ("lang", "working", "by_the_clock"),
    [
        (
            "zh",
            "1 个工作日，自次日起算：3 月 3 日",  # noqa: RUF001
            "3 天，即 72 小时，连续计算，休息日照计",  # noqa: RUF001
        ),
        (
            "en",
            "1 working day from the next day: 3 March",
            "3 days, which are 72 hours in a row, days off included",
        ),
    ],
)
def test_hover_and_table_tell_the_arithmetic(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    working: str,
    by_the_clock: str,
) -> None:
    story = CaseStory(people, background, clock).to_rule()
    page = browse("mediator", lang=lang).page(f"/desk/cases/{story.id}")
    hovers, cells = HOVER.findall(page), CELL.findall(page)
    assert len(hovers) == len(cells) >= 4
    for hover, cell in zip(hovers, cells, strict=True):
        told = hover.rpartition(f" · {cell}")
        assert told[1]
        assert not told[2] or told[2].partition("CN@holidays-")[1]
    assert working in cells
    assert by_the_clock in cells
    for cell in cells:
        check_language(f"<p>{cell}</p>", lang)
    readers = RecordReaders(browse.http, browse.system)
    path = f"/record/cases/{story.id}"
    record = unescape(readers.who_has_said(path, lang=lang).get(path).text)
    assert HOVER.findall(record) == hovers
    late = record.partition('id="late"')[2]
    assert all(cell in late for cell in cells)


def test_a_missed_limit_has_no_pause_after_its_end(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).escalated()
    story.passes(3)
    story.passes(9)
    asked = {"kind": "inspection", "addressee": "SGS", "question": "Is it cracked?"}
    story.act("mediator", "inquiries", asked)
    story.passes(1)
    path = f"/v1/disputes/{story.id}/deadlines"
    entries = people.supervisor.get(path).json()["deadlines"]
    missed = [one for one in entries if one["state"] == "missed"]
    assert any(one["pauses"] for one in missed)
    page = browse("mediator").page(f"/desk/cases/{story.id}")
    table = page.partition('class="ltab"')[2].partition("</table>")[0]
    rows = [row for row in table.split("<tr>") if "已逾期" in row]
    assert len(rows) == len(missed)
    assert not any("暂停计时" in row for row in rows)
