"""Whatever is refused is said in the caller's language, fillings and all.

Every test over HTTP holds the problems that it provokes to this (`tests/http_app.py`).
"""

from __future__ import annotations

import re

import httpx
import pytest

from application.texts import texts
from tests.told_problems import check, is_told_in

MEASURES = (
    "bytes byte size number limit days seconds last first most characters letters"
    " version open left granted grant holds until ends cases dispute"
    " position"
)
"""Numbers, amounts, times and ids."""

WORDED = (
    "role roles phase awaited relation reason trigger possible expected_type got_type"
    " view"
)
"""Codes that are put into words of the language."""

NAMES = (
    "allowed field kind type operation path claim rule cited evidence asked with for"
    " platform mediator zone expected period"
)
"""Codes and names that a client has to send, or may choose from."""

ECHOES = "value character"
"""What was sent, said back."""

SAFE = {*MEASURES.split(), *WORDED.split(), *NAMES.split(), *ECHOES.split()}
BLANK = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("table", ["faults", "tokens"])
def test_no_sentence_is_filled_into_a_chinese_text(table: str) -> None:
    for code, words in texts()[table].items():
        assert set(BLANK.findall(words["zh"])) <= SAFE, code


def test_no_sentence_is_filled_into_what_a_problem_says_in_chinese() -> None:
    for code, entry in texts()["problems"].items():
        blanks = set(BLANK.findall(entry.get("detail", {}).get("zh", "")))
        # The reason why a token is refused has a text of its own, in the table above.
        allowed = SAFE | ({"said"} if code == "unauthenticated" else set())
        assert blanks <= allowed, code


@pytest.mark.parametrize(
    ("text", "language", "fine"),
    [
        ("没有这个案件。", "zh-CN", True),
        ("未知参数 after, limit, cursor", "zh-CN", True),
        ("应为 RFC 3339 格式 2026-11-26T09:00:00+08:00", "zh-CN", True),
        ("无法读取: position 7 is broken", "zh-CN", False),
        ("There is no such case.", "zh-CN", False),
        ("There is no such case.", "en", True),
        ("没有这个案件。", "en", False),
    ],
)
def test_another_language_is_noticed(text: str, language: str, *, fine: bool) -> None:
    assert is_told_in(text, language) is fine


def test_a_problem_in_another_language_fails_the_test_that_provokes_it() -> None:
    answer = httpx.Response(
        404,
        headers={"Content-Type": "application/problem+json", "Content-Language": "zh"},
        json={"type": "urn:x", "title": "没有", "detail": "There is no such case."},
    )
    with pytest.raises(AssertionError, match="no such case"):
        check(answer)
