"""Paper: who reads it knows of which page it is, of when, and what is what in grey."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations

import pytest

from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse
from tests.pages.page_words import check_language
from tests.pages.record_reader import RecordReaders, readers

__all__ = ["readers"]

LEAST = 1.5
"""By which two greys beside each other differ, as WCAG counts contrast."""

STATIC = files("interface.pages").joinpath("static")


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#\w+);", css))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) > 4 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
        for one in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def differs(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_series_and_limits_are_told_apart_without_colour() -> None:
    css = STATIC.joinpath("tokens.css").read_text("utf-8")
    screen, _, paper = css.partition("@media print")
    dark = tokens(screen.partition("@media (prefers-color-scheme: dark)")[2])
    printed = tokens(paper)
    # Whatever the dark screen has otherwise, paper has its own.
    assert set(dark) <= set(printed)
    # Those of one picture: the parts of bars, and the lines by month.
    for one, other in combinations(("c1", "c2", "c3", "c4", "c6"), 2):
        assert differs(printed[one], printed[other]) >= LEAST, (one, other)
    ledger = STATIC.joinpath("ledger.css").read_text("utf-8")
    rules = dict(
        re.findall(r"\.(l-\w+) { fill: (#\w+);", ledger.partition("@media print")[2])
    )
    bars = [rules[one] for one in ("l-met", "l-run", "l-miss", "l-over")]
    for one, other in combinations(bars, 2):
        assert differs(one, other) >= 1.4, (one, other)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_printed_page_says_of_which_address_and_of_when_it_is(
    browse: Browse,
    readers: RecordReaders,
    people: People,
    background: Worker,
    lang: str,
) -> None:
    case = file_for(people)
    background.catch_up()
    number = people.supervisor.get(f"/v1/disputes/{case}").json()["case_number"]
    path = f"/record/cases/{case}"
    page = readers.who_has_said(path, lang=lang).page(path, at="1")
    line = page.partition('<p class="printed">')[2].partition("</p>")[0]
    check_language(re.sub(r"<code>.*?</code>", "", line), lang)
    assert number in line
    assert f"<code>{path}?at=1</code>" in line
    day = {"zh": "2026年3月2日", "en": "2 March 2026"}[lang]
    assert f"{day} 10:00 (UTC+0800)" in line
    # What everyone is shown may be kept for a while: it says the day alone.
    public = browse(None, lang=lang).page("/rules", policy="jd-like/1")
    line = public.partition('<p class="printed">')[2].partition("</p>")[0]
    assert "<code>/rules?policy=jd-like%2F1</code>" in line
    assert day in line
    assert "10:00" not in line
