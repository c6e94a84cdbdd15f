"""Reads a mapping and names every mistake in it, before the first row is read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from application.imports.field_validation import field_mistakes
from application.imports.mapping import IMPORTABLE, EventRule, FileMapping, MappingError
from application.imports.time_formats import time_mistake
from application.record.time_zones import is_zone
from domain.policy import toml_decoder
from domain.policy.codes import Codes
from domain.policy.toml_decoder import Mistaken

_SYSTEM = re.compile(r"[\x21-\x7e]{1,64}", re.ASCII)
_NO_DELIMITERS = '"\r\n\0'


def load(text: str, codes: Codes) -> FileMapping:
    """Read a mapping. Raises MappingError naming every mistake found."""
    try:
        mapping = toml_decoder.load(text, FileMapping)
    except Mistaken as mistaken:
        raise MappingError(f"mapping: {mistaken}") from None
    if found := tuple(_mistakes(mapping, codes)):
        raise MappingError("mapping: " + "; ".join(found))
    return mapping


def _mistakes(mapping: FileMapping, codes: Codes) -> Iterator[str]:
    yield from _mistakes_of_file(mapping)
    for number, event in enumerate(mapping.facts):
        at = f"facts[{number}]"
        if event.type not in IMPORTABLE:
            yield f"{at}.type: {event.type!r} is none of {', '.join(IMPORTABLE)}"
            continue
        if number and event.type == "filed":
            yield f"{at}.type: a case is filed once, by its first event"
        yield from _mistakes_of_event(at, event)
        yield from field_mistakes(f"{at}.fields", event, mapping, codes)


def _mistakes_of_file(mapping: FileMapping) -> Iterator[str]:
    for name, text in (("system", mapping.system), ("platform", mapping.platform)):
        if text is not None and not _SYSTEM.fullmatch(text):
            yield f"{name}: {text!r} is not 1-64 visible ASCII characters"
    if len(mapping.delimiter) != 1 or mapping.delimiter in _NO_DELIMITERS:
        yield f"delimiter: {mapping.delimiter!r} is not one character"
    if not is_zone(mapping.zone):
        yield f"zone: {mapping.zone!r} is not a time zone of the IANA database"
    if not _can_be_read(mapping.encoding):
        yield f"encoding: {mapping.encoding!r} is not an encoding"
    if not mapping.facts or mapping.facts[0].type != "filed":
        yield "facts: the first has to be of type 'filed'"


def _mistakes_of_event(at: str, event: EventRule) -> Iterator[str]:
    if mistake := time_mistake(event.at.format):
        yield f"{at}.at.format: {mistake}"
    for number, condition in enumerate(event.when):
        if not condition.among and not condition.not_among:
            yield f"{at}.when[{number}]: needs either among or not_among"


def _can_be_read(encoding: str) -> bool:
    # By trying, because what is not a text encoding fails in several ways.
    try:
        text = io.TextIOWrapper(
            io.BytesIO(b""), encoding=encoding, errors="surrogateescape"
        )
        text.read()
        "id\n".encode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return False
    return True
