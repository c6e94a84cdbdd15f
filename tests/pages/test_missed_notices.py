"""A notice of a limit that has passed says which one it was, and of which case."""

from __future__ import annotations

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.pages.conftest import Browse, background, browse, http, people, system

__all__ = ["background", "browse", "http", "people", "system"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "卖家逾期未答复"), ("en", "The seller did not answer in time")],
)
def test_a_notice_names_the_limit_and_the_case(
    browse: Browse,
    people: People,
    background: Worker,
    clock: Clock,
    lang: str,
    said: str,
) -> None:
    story = CaseStory(people, background, clock).admitted()
    story.passes(5)
    background.catch_up()
    number = people.buyer.get(f"/v1/disputes/{story.id}").json()["case_number"]
    page = browse("buyer", lang=lang).page("/cases/notices")
    told = page.partition("<main")[2]
    assert said in told
    assert number in told.partition(said)[0]
