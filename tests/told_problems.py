"""Holds every problem that a test provokes over HTTP to the language it is told in."""

from __future__ import annotations

import re
from typing import Any

import httpx

from application.texts import texts

HAN = re.compile("[\u3400-\u9fff]")
ENGLISH = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,0-9]+){2}\b[a-z]{2,}\b")
"""Three words in a row: names, codes and ids stand alone, or in a list."""

LISTED = re.compile(r"[a-z0-9-]+(?:, [a-z0-9-]+)+")
"""Codes that a client may choose from."""


def check(response: httpx.Response) -> None:
    """Raise AssertionError for a problem with words of another language."""
    if "problem+json" not in response.headers.get("content-type", ""):
        return
    response.read()
    if not response.content:
        # The answer to a HEAD.
        return
    problem = response.json()
    language = response.headers["content-language"]
    told = [problem["title"], problem.get("detail", "")]
    faults = [one for one in problem.get("errors", ()) if not _echoes(one["code"])]
    told += [one["detail"] for one in faults]
    for one in filter(None, told):
        assert is_told_in(one, language), (language, problem["type"], one)


def is_told_in(text: str, language: str) -> bool:
    """Tell whether a text is of a language; codes and names may be of none."""
    if language.startswith("zh"):
        return bool(HAN.search(text)) and not ENGLISH.search(LISTED.sub("", text))
    return not HAN.search(text)


def _echoes(code: str) -> bool:
    """Tell whether a fault repeats what was sent, whatever language that is in."""
    words: dict[str, Any] = texts()["faults"][code]
    return "{value}" in words["zh"] or "{character}" in words["zh"]
