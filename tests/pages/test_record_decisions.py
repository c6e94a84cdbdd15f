"""A decision in the record: its fact says why, and so do two moments of it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http import lasting
from tests.http.case_story import REASON, RULING, CaseStory
from tests.http.conftest import People, file_for
from tests.pages.record_reader import RecordReaders, readers

__all__ = ["readers"]

url = lasting.url
clock = lasting.clock
home = lasting.home
system = lasting.system
http = lasting.http
people = lasting.people
background = lasting.background

WHY = {
    "zh": (
        *("Was it defective?", "The photo shows the crack.", "采信证据", "第 1 号"),
        *("本项依据《", "举证责任由买家承担", "¥129.00", "1. 卖家"),
    ),
    "en": (
        *("Issue: Was it defective?", "Finding: The photo shows the crack."),
        *("Relied on: no. 1", "This rests on ", "The burden of proof was on the buyer"),
        *("¥129.00", "1. By the seller: "),
    ),
}


@pytest.fixture(scope="module")
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    """A case that is ruled on, appealed and decided again."""
    story = CaseStory(people, background, clock, file_for(people, "o-why")).ruled()
    story.act("seller", "appeal", {"ground": "error", "statement": "Another kettle."})
    decision = {
        "result": "varied",
        "liability": "both",
        "remedies": RULING["remedies"],
        "reasons": [REASON | {"set_aside": [1]}],
    }
    story.act("supervisor", "appeal/decision", decision, "v-2")
    return story


def fact_of(page: str, kind: str) -> str:
    for text in page.split('<li class="fact')[1:]:
        if f'title="{kind}"' in text:
            return unescape(text.partition('<p class="fact-meta">')[0])
    raise AssertionError(kind)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_decision_says_why_and_what_is_owed(
    readers: RecordReaders, story: CaseStory, lang: str
) -> None:
    path = f"/record/cases/{story.id}"
    page = readers.who_has_said(path, lang=lang).page(path)
    ruled, again = (fact_of(page, one) for one in ("ruled", "appeal-decided"))
    assert [one for one in WHY[lang] if one not in ruled] == []
    aside = {"zh": "未采信证据", "en": "Set aside"}[lang]
    assert (aside in ruled, aside in again) == (False, True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_moments_tell_the_reasons(
    readers: RecordReaders, story: CaseStory, lang: str
) -> None:
    path = f"/record/cases/{story.id}"
    last = story.seen()["version"]
    page = readers.who_has_said(path, lang=lang).page(path, **{"from": "1", "to": last})
    for label in {
        "zh": ("裁决理由", "申诉决定理由"),
        "en": ("Reasons", "Reasons on appeal"),
    }[lang]:
        row = re.search(
            rf'<th scope="row" role="rowheader">{label}</th>(.*?)</tr>', page, re.DOTALL
        )
        assert row
        before, after = row[1].split("</td>")[:2]
        assert "crack" not in before
        assert "The photo shows the crack." in after
