"""The table of words judged beside those of real platforms is that of the texts."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from application.texts import texts
from interface.pages.page_texts import page_texts

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/wording.md").read_text("utf-8")
ROW = re.compile(
    r"^\| `([^`]+)` \| (.+?) \| (.+?) \(([A-Z0-9, ]+)\) \| (.+?) \|$", re.MULTILINE
)
SOURCE = re.compile(r"^- ([A-Z]\d): \[", re.MULTILINE)


def test_forty_texts_are_judged_and_stand_as_judged() -> None:
    rows = ROW.findall(PAGE)
    assert len({key for key, *_ in rows}) >= 40
    known = [texts(), page_texts()]
    for key, ours, _, _, verdict in rows:
        table, _, code = key.partition(".")
        (found,) = [
            one[table][code]["zh"] for one in known if code in one.get(table, {})
        ]
        assert found == ours, key
        assert verdict == "kept" or verdict.removeprefix("was ") != ours, key


def test_each_source_is_listed_and_used() -> None:
    named = {one for row in ROW.findall(PAGE) for one in row[3].split(", ")}
    assert named == set(SOURCE.findall(PAGE))


def test_the_words_that_were_worse_are_gone() -> None:
    said = [
        text["zh"]
        for file in (ROOT / "interface/pages/texts").iterdir()
        for table in tomllib.loads(file.read_text("utf-8")).values()
        for text in table.values()
    ]
    gone = [row[4].removeprefix("was ") for row in ROW.findall(PAGE)]
    worse = [one for one in gone if one != "kept"]
    assert len(worse) > 15
    assert [one for one in worse if one in said] == []
