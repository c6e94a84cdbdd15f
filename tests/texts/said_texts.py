"""Every text that users see, with where it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from msgspec import Struct

from interface.verifier import redress_verify

ROOT = Path(__file__).parents[2]
CODES_FILES = ("codes.toml", "regulations/sample-platform-1.toml")
IN_FORCE = (
    "proof-1.toml",
    "regulations/proof-1.toml",
    "regulations/standard-1.toml",
)
"""Rules in force are not edited, and the standard's words are its own."""


class Said(Struct, frozen=True):
    """One text in both languages. `place` such as "notices.admission"."""

    place: str
    zh: str
    en: str


def pairs(value: Any, place: str = "") -> Iterator[Said]:
    """Yield every pair of zh and en in a table."""
    if isinstance(value, dict):
        if isinstance(value.get("zh"), str) and isinstance(value.get("en"), str):
            yield Said(place, value["zh"], value["en"])
        elif isinstance(value.get("zh"), dict):
            yield from beside(value["zh"], value["en"], place)
            return
        for name, inner in value.items():
            yield from pairs(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from pairs(inner, f"{place}.{number}")


def beside(zh: Any, en: Any, place: str) -> Iterator[Said]:
    """Yield the pairs of two tables, one in each language; lists are ways to say it."""
    match zh, en:
        case str(), str():
            yield Said(place, zh, en)
        case list(), list():
            for number, (one, other) in enumerate(zip(zh, en, strict=True)):
                yield from beside(one, other, f"{place}.{number}")
        case _:
            assert zh.keys() == en.keys(), place
            for name in zh:
                yield from beside(zh[name], en[name], f"{place}.{name}")


def read(path: Path) -> list[Said]:
    """Return the texts of a TOML file."""
    return list(pairs(tomllib.loads(path.read_text("utf-8"))))


TEXTS = read(ROOT / "application" / "texts.toml")
PAGES = [
    one
    for file in sorted((ROOT / "interface" / "pages" / "texts").iterdir())
    for one in read(file)
]
RULES = ROOT / "domain" / "policy"
CODES = [one for name in CODES_FILES for one in read(RULES / name)]
QUOTED = [one for name in IN_FORCE for one in read(RULES / name)]
_TABLE = re.compile(r'^    "([\w-]+)": "(.*)",$', re.MULTILINE)
_ZH, _EN = (
    dict(_TABLE.findall(part))
    for part in reversed(
        (ROOT / "interface" / "verifier" / "words.js")
        .read_text("utf-8")
        .partition("export const PAGE = {")[2]
        .partition("  zh: {")[::2]
    )
)
VERIFIER_PAGE = list(beside(_ZH, _EN, "verifier.PAGE"))
METRICS = read(ROOT / "projections" / "figures" / "metrics.toml")
DEMO = [
    one
    for name in ("texts.toml", "scenes.toml")
    for one in read(ROOT / "interface" / "demo" / name)
]
VOCABULARY = tomllib.loads(
    files("application").joinpath("vocabulary.toml").read_text("utf-8")
)
VERIFIER = [
    *VERIFIER_PAGE,
    *(
        Said(f"verifier.{name}.{code}", words[-1], words[-2])
        for name in ("PROPERTIES", "STATES", "CODES", "TOLD", "TOPICS", "ROLES")
        for code, words in getattr(redress_verify, name).items()
    ),
    *(
        Said(f"verifier.{name}.{number}", words[1], words[0])
        for name in ("NOT_PROVED", "NOT_PROVED_BY_RECEIPT")
        for number, words in enumerate(getattr(redress_verify, name))
    ),
]
