"""The head of a case's page tells what has happened, and nothing that has not."""

from __future__ import annotations

import re

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse

STEP = re.compile(r"<li(?: ([^>]*))?><span class=\"dot\">.*?<b>([^<]*)</b>(.*?)</li>")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "选交，不作要求"), ("en", "optional, nothing is required")],
)
def test_evidence_that_nobody_has_to_hand_in_is_not_told_as_handed_in(
    browse: Browse, people: People, background: Worker, lang: str, words: str
) -> None:
    case = file_for(people, category="delivery", reason="late-dispatch")
    background.catch_up()
    page = browse("mediator", lang=lang).page(f"/desk/cases/{case}")
    proof = page.partition('class="meta proof"')[2].partition("</dl>")[0]
    assert words in proof
    assert "u-done" not in proof
