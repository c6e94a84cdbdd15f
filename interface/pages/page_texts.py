"""The words of the pages, in zh and en: one file of texts for each kind of page."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

from application.texts import Blank

BETWEEN = {"zh": "\uff1b", "en": "; "}
"""What stands between parts of a sentence that follow each other."""


@cache
def page_texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return all texts: table -> code -> {zh, en}. Raises ValueError for a table twice.

    A table stands in one file, so that nobody edits half of it.
    """
    found: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for file in sorted(files(__package__).joinpath("texts").iterdir(), key=str):
        for table, texts in tomllib.loads(file.read_text("utf-8")).items():
            if table in found:
                raise ValueError(f"{file}: the table {table} is in another file, too")
            found[table] = texts
    return found


def page_words(place: str, language: str, **filling: object) -> str:
    """Return the text at a place such as "desk.title". Raises KeyError.

    A word that is missing is a fault of a page, and no page shows its code instead.
    """
    table, _, code = place.partition(".")
    text = page_texts()[table][code][language]
    if any(isinstance(one, Markup) for one in filling.values()):
        # Such as a time within a sentence: what is no markup is escaped.
        return escape(text).format_map(Blank(filling))  # type: ignore[arg-type]
    return text.format_map(Blank({name: str(one) for name, one in filling.items()}))
