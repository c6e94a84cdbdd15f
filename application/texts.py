"""What users see, in the language they ask for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = {"zh": "zh-CN", "en": "en"}
DEFAULT = "en"


class Blank(dict[str, str]):
    """Fills a text's places; what is not given stays empty."""

    def __missing__(self, _: str) -> str:
        """Return the filling of a place that nothing was given for."""
        return ""


@cache
def texts() -> Mapping[str, Any]:
    """Return all texts: table -> code -> {zh, en}."""
    text = files("application").joinpath("texts.toml").read_text("utf-8")
    return tomllib.loads(text)


def say(table: str, code: str, language: str, **filling: str) -> str:
    """Return the text for a code, filled in; the code itself if there is none."""
    found = texts()[table].get(code)
    if found is None:
        return code
    return str(found[language].format_map(Blank(filling)))


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
        return 0.0
