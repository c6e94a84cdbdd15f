"""The texts that users see, in the language they ask for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = {"zh": "zh-CN", "en": "en"}
DEFAULT = "en"

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")


class Blank(dict[str, str]):
    """The values for a text's placeholders; a missing value is an empty text."""

    def __missing__(self, _: str) -> str:
        """Return the value of a placeholder that has none."""
        return ""


@cache
def texts() -> Mapping[str, Any]:
    """Return all texts: table -> code -> {zh, en}."""
    text = files("application").joinpath("texts.toml").read_text("utf-8")
    return tomllib.loads(text)


def say(table: str, code: str, language: str, **filling: str) -> str:
    """Return the text for a code with its placeholders filled in.

    Returns the code itself if the table has no text for it.
    """
    text = texts()[table].get(code)
    if text is None:
        return code
    return str(text[language].format_map(Blank(filling)))


def written_in(text: str) -> str | None:
    """Return the language that a text was written in, zh or en; None if it says none.

    Nobody states it, so the script has to tell. A Chinese text may name a product in
    Latin letters, and an English one a person in Chinese: what there is more of counts.
    """
    chinese, latin = len(_CHINESE.findall(text)), len(_LATIN.findall(text))
    if not chinese and not latin:
        return None
    return "zh" if chinese >= latin else "en"


def as_written(text: str, language: str) -> str:
    """Return the mark of a person's text in another language than the one around it."""
    written = written_in(text)
    return "" if written is None else say("reasons", f"written-in-{written}", language)


def chosen(header: str | None) -> str:
    """Return the language ("zh" or "en") that an Accept-Language header prefers."""
    wanted = []
    for part in (header or "").split(","):
        name, _, quality = part.strip().partition(";q=")
        language = name.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            wanted.append((_quality(quality), language))
    best = max(wanted, key=lambda one: one[0], default=(1.0, DEFAULT))
    return best[1] if best[0] > 0 else DEFAULT


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        # A malformed header fails no request: the language counts as not wanted.
        return 0.0
