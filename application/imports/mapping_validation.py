"""Reads a mapping and names every mistake in it, before the first row is read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from application.imports.field_validation import FieldValidation, source_mistakes
from application.imports.mapping import (
    IMPORTABLE,
    Condition,
    EventRule,
    FileMapping,
    MappingError,
    Rows,
    TimeRule,
)
from application.imports.row_to_events import EVIDENCE
from application.imports.time_formats import time_mistake
from application.record.time_zones import is_zone
from domain.policy import toml_decoder
from domain.policy.codes import Codes
from domain.policy.toml_decoder import Mistaken

_SYSTEM = re.compile(r"[\x21-\x7e]{1,64}", re.ASCII)
_FREE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
NUMBER_MARKS = (".", ",", " ", "'", "\u00a0", "\u202f", "_")
"""What stands in numbers, before a fraction or between thousands."""

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
    fields = FieldValidation(mapping, codes)
    for number, event in enumerate(mapping.told):
        at = f"{mapping.name_of_events}[{number}]"
        if event.type not in IMPORTABLE:
            yield f"{at}.type: {event.type!r} is none of {', '.join(IMPORTABLE)}"
            continue
        has_files = mapping.source.evidence is not None
        yield from _mistakes_of_event(at, event, has_files=has_files)
        yield from fields.mistakes(f"{at}.fields", event)
    for name, rule in mapping.extra.items():
        if not _FREE_NAME.fullmatch(name):
            said = "is no name of a free field: a-z, 0-9 and _, at most 40"
            yield f"extra.{name}: {said}"
        yield from source_mistakes(f"extra.{name}", rule)
        if rule.money is not None or rule.format is not None or rule.each is not None:
            yield f"extra.{name}: is kept as a text; money, format, each are not for it"


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
    if mapping.events and mapping.facts:
        yield "facts: is the old name of events; say one of them"
    for name, mark in (("decimal", mapping.decimal), ("grouping", mapping.grouping)):
        if mark not in NUMBER_MARKS and not (name == "grouping" and not mark):
            yield f"{name}: {mark!r} is none of {' '.join(map(repr, NUMBER_MARKS))}"
    if mapping.decimal == mapping.grouping:
        yield "grouping: is the same as decimal"
    yield from _mistakes_of_filings(mapping)


def _mistakes_of_filings(mapping: FileMapping) -> Iterator[str]:
    """Yield why the rows cannot tell how a case begins.

    A row that tells of a case as it stands tells its filing, once.
    """
    kinds = [event.type for event in mapping.told]
    name = mapping.name_of_events
    if mapping.rows is Rows.CASES and kinds.count("filed") > 1:
        second = [n for n, kind in enumerate(kinds) if kind == "filed"][1]
        yield f"{name}[{second}].type: a case is filed once"
    if not kinds:
        yield f"{name}: there are none"
    for number, event in enumerate(mapping.told):
        if event.type == "filed" and event.each is not None:
            yield f"{name}[{number}].each: a case is filed once"


def _mistakes_of_event(at: str, event: EventRule, *, has_files: bool) -> Iterator[str]:
    yield from _mistakes_of_time(f"{at}.at", event.at)
    for number, condition in enumerate(event.when):
        if not _says_anything(condition):
            yield (
                f"{at}.when[{number}]: needs either among or not_among,"
                " or empty, or present"
            )
    if event.file is not None and event.type != EVIDENCE:
        yield f"{at}.file: goes with the type {EVIDENCE}"
    if event.file is not None and not has_files:
        yield f"{at}.file: say in source.evidence where the files lie"
    if event.each is not None and not (event.each.column or event.each.groups):
        yield f"{at}.each: needs column or groups"


def _mistakes_of_time(at: str, rule: TimeRule) -> Iterator[str]:
    for form in rule.formats:
        if mistake := time_mistake(form):
            yield f"{at}.format: {mistake}"
    if rule.fallback is not None:
        yield from _mistakes_of_time(f"{at}.fallback", rule.fallback)


def _says_anything(condition: Condition) -> bool:
    said = condition.among or condition.not_among
    return bool(said) or condition.empty or condition.present


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
