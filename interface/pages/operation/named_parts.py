"""The parts of an installation in words, beside the names that health tells."""

from __future__ import annotations

import re

from interface.pages.page_texts import page_texts

TABLE = "operation-part"


def part_words(name: str, language: str) -> str:
    """Return what a part, a view or a thread is called; "" for one that has no words.

    A witness and an issuer have names of their own after the word, "witness a.example",
    and a server what is asked about it: "DATABASE_URL, connections".
    """
    table = page_texts()[TABLE]
    said = table.get(name) or table.get(re.split("[ ,]", name, maxsplit=1)[0])
    return said[language] if said else ""
