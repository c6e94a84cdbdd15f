"""The groups of the queue agree with its counts, also about what stands still."""

from __future__ import annotations

import re

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, background, browse, http, people, system

__all__ = ["background", "browse", "http", "people", "system"]

GROUP = re.compile(r'<tr class="grp".*?<span class="u u-([a-z]+)".*?(\d+)[^\d]*</th>')
TAB = re.compile(r'<a href="/desk\?overdue=true".*?<b>(\d+)</b>', re.DOTALL)
SUSPENDED = {"cause": "court", "note": "Filed at the court."}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_suspended_case_that_is_overdue_is_among_the_overdue(
    browse: Browse, people: People, background: Worker, clock: Clock, lang: str
) -> None:
    story = CaseStory(people, background, clock, file_for(people, "o-1")).escalated()
    story.act("seller", "suspension", SUSPENDED)
    reader = browse("supervisor", lang=lang)
    assert dict(GROUP.findall(reader.page("/desk"))) == {"paused": "1"}
    file_for(people, "o-2")
    background.catch_up()
    # Nobody has noted yet that the time for the proof is over.
    clock.forward(days=34)
    page = reader.page("/desk")
    groups, tab = dict(GROUP.findall(page)), TAB.search(page)
    assert tab
    assert (groups, tab[1]) == ({"late": "2"}, "2")
    # Beside a filter, the heading says of which cases it speaks.
    filtered = reader.page("/desk", phase="suspended")
    assert dict(GROUP.findall(filtered)) == {"late": "1"}
    assert {"zh": "全部未结案共 2 件", "en": "2 open cases in all"}[lang] in filtered
