"""The words by which events are found: of texts that are not personal.

Letters and digits make words, whatever their case and width. Chinese has no spaces, so
that every two characters that follow each other are a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Struct

from domain.personal import PersonalData

MOST_WORDS = 40
"""Words of one event: a longer title is found by its beginning."""

_PASSED_OVER = frozenset(
    {
        # Found by filters of their own.
        *("platform", "buyer", "seller", "policy", "deadlines", "by", "rule"),
        *("decided_by", "approved_by", "category", "reason", "outcome"),
        # Numbers of files that nobody types.
        *("sha256", "sealed", "picture", "media_type"),
    }
)
_WORD = re.compile(r"[^\W_]+")
_CHINESE = re.compile(r"([\u3400-\u9fff\uf900-\ufaff]+)")


def words_of(record: Struct) -> frozenset[str]:
    """Return the words of a record's texts, without those that are personal."""
    if not _searched(type(record)):
        return frozenset()
    found: dict[str, None] = {}
    for text in _texts(record):
        found.update(dict.fromkeys(words(text)))
        if len(found) >= MOST_WORDS:
            break
    return frozenset(list(found)[:MOST_WORDS])


# Most texts are codes or come again with the next event of the same order.
@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in their one form."""
    return tuple(_words(unicodedata.normalize("NFKC", text).casefold()))


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        for part in _CHINESE.split(word):
            if len(part) > 1 and _CHINESE.fullmatch(part):
                yield from (part[at : at + 2] for at in range(len(part) - 1))
            elif part:
                yield part


def _texts(record: Struct) -> list[str]:
    texts: list[str] = []
    _add_texts(record, texts)
    return texts


def _add_texts(record: Struct, texts: list[str]) -> None:
    for name in _searched(type(record)):
        value = getattr(record, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str):
                texts.append(one)
            elif isinstance(one, Struct):
                _add_texts(one, texts)


@cache
def _searched(kind: type[Struct]) -> tuple[str, ...]:
    """Return the fields that may hold texts or records with texts, none personal."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        name
        for name in kind.__struct_fields__
        if name not in _PASSED_OVER
        and not _is_personal(hints[name])
        and _has_texts(hints[name])
    )


def _is_personal(hint: Any) -> bool:
    return PersonalData in getattr(hint, "__metadata__", ()) or any(
        map(_is_personal, get_args(hint))
    )


def _has_texts(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        return _has_texts(get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, Struct):
        return bool(_searched(hint))
    return (isinstance(hint, type) and issubclass(hint, str)) or any(
        map(_has_texts, get_args(hint))
    )
