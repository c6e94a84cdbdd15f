"""The texts that users see, in the language they ask for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = {"zh": "zh-CN", "en": "en"}
DEFAULT = "en"


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
