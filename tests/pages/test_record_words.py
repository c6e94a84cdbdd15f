"""What the record shows has words first; the code stands beside them."""

from __future__ import annotations

import re

import pytest

from domain.case.dispute import Dispute
from interface.pages.page_texts import page_texts
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.pages.record_reader import RecordReaders, readers

__all__ = ["readers"]

RULE = re.compile(r'<span class="rule">(.*?)<code class="small muted">(.*?)</code>')
FIELD = re.compile(
    r'<th scope="row"[^>]*>([^<]*)<code class="small muted">(\w+)</code>'
)
FACT = re.compile(r'<span class="what" title="([a-z-]+)">([^<]+)</span>')
CHINESE = re.compile("[\u3400-\u9fff]")


@pytest.fixture
def case(people: People, background: Worker, clock: Clock) -> str:
    """A case that is ruled on, whose seller was late with evidence."""
    case = CaseStory(people, background, clock).ruled().id
    background.catch_up()
    return case


def test_rules_and_limits_have_words(readers: RecordReaders, case: str) -> None:
    assert case
    found = RULE.findall(readers.who_has_said(lang="zh").page("/record"))
    codes = {code.partition(":")[0] for _, code in found}
    assert {"missed", "position", "proof/1", "cn-default/1#evidence"} <= codes
    assert [code for words, code in found if not CHINESE.search(words)] == []


def test_facts_fields_and_phases_have_words(readers: RecordReaders, case: str) -> None:
    path = f"/record/cases/{case}"
    page = readers.who_has_said(path, lang="zh").page(f"{path}?from=1&to=9")
    facts = [(words, code) for code, words in FACT.findall(page)]
    for found in (facts, FIELD.findall(page)):
        assert len(found) > 5
        assert [code for words, code in found if not CHINESE.search(words)] == []
    assert '待平台受理 <code class="small muted">"filed"</code>' in page
    # Whatever else of a case comes to differ.
    assert set(Dispute.__struct_fields__) == set(page_texts()["state-field"])
