"""What the record takes: values that are read back the same, and that views can hold.

A view's columns hold less than JSON does. An event that one of them cannot hold would
stop a view for ever, because a recorded event never changes. So it is refused before it
is recorded, whichever way it comes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct

from application.decode_errors import shape_words
from domain.money import LARGEST_MINOR, Money
from domain.personal import is_personal
from domain.refusals import Invalid, Problem, refuse_if

MOST_NAME_BYTES = 640
"""A row of an index holds 2,704 bytes. The longest one, of a data subject, has two
names, in which each quotation mark or backslash is written as two characters."""

MOST_KEY_NAME_BYTES = 2_650
MOST_PROSE_BYTES = 8_000
INT4, INT8 = 2**31 - 1, 2**63 - 1

_PLAIN = frozenset({type(None), bool, bytes, UUID})

PROSE = frozenset({"basis", "path", "purpose", "stated"})
"""Texts of no index. Personal texts are in no column at all: the size of an event is
their only limit."""

LARGE = frozenset({"entries", "position", "size", "version"})
"""Numbers whose columns are bigint; those of the others are integer."""


def check(record: Struct) -> None:
    """Raise Invalid, naming every field whose value a view could not hold."""
    found: list[Problem] = []
    _look(record, found)
    refuse_if(found)


def check_key_name(name: str) -> None:
    """Raise Invalid for a name of data keys that its index could not hold."""
    if len(name.encode()) > MOST_KEY_NAME_BYTES:
        limit = f"{MOST_NAME_BYTES:,}"
        raise Invalid(
            [Problem("", "name-too-long", {"field": "subject", "limit": limit})]
        )


def check_reads_back(record: Struct, state: bytes) -> None:
    """Raise Invalid unless the stored bytes are read as the record that they are of."""
    try:
        read = _decoder(type(record))(state)
    except msgspec.ValidationError as error:
        raise Invalid(
            [Problem("", "not-readable", {"said": shape_words(str(error))})]
        ) from None
    if read != record:
        said = {"said": "it would be read as something else"}
        raise Invalid([Problem("", "not-readable", said)])


@cache
def _decoder(kind: type[Struct]) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(kind).decode


def _look(record: Struct, found: list[Problem]) -> None:
    # Asked for every value of every event, so what is most frequent is seen at once;
    # members of enumerations, ids and truths need no look at all.
    for field, most in _fields(type(record)):
        value = getattr(record, field)
        kind = type(value)
        if kind is str:
            if len(value) > most or not value.isascii() or "\0" in value:
                _look_at_text(value, field, most, found)
        elif kind not in _PLAIN:
            _look_at(value, field, most, found)


def _look_at(value: Any, name: str, most: int, found: list[Problem]) -> None:
    kind = type(value)
    if kind is str:
        _look_at_text(value, name, most, found)
    elif kind is datetime:
        if not _is_time(value):
            found.append(Problem("", "time-not-storable", {"field": name}))
    elif kind is int:
        largest = INT8 if name in LARGE else INT4
        if not -largest <= value <= largest:
            limits = {"field": name, "limit": f"{largest:,}"}
            found.append(Problem("", "number-not-storable", limits))
    elif kind is tuple or kind is list:
        for one in value:
            _look_at(one, name, most, found)
    elif kind is Money:
        _look_at_money(value, name, found)
    elif isinstance(value, Struct):
        _look(value, found)


@cache
def _fields(kind: type[Struct]) -> tuple[tuple[str, int], ...]:
    """List the fields of a record, and how many bytes a text has there at most."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        (name, _most_bytes(name, hints[name])) for name in kind.__struct_fields__
    )


def _most_bytes(name: str, hint: Any) -> int:
    if is_personal(hint):
        return INT8
    return MOST_PROSE_BYTES if name in PROSE else MOST_NAME_BYTES


def _look_at_text(text: str, name: str, most: int, found: list[Problem]) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        # Half of a surrogate pair, which is no character.
        size = -1
    if size < 0 or "\0" in text:
        found.append(Problem("", "text-not-storable", {"field": name}))
    elif size > most:
        limits = {"field": name, "limit": f"{most:,}"}
        found.append(Problem("", "name-too-long", limits))


def _is_time(moment: datetime) -> bool:
    """Tell whether a time says its offset, and has a year from 1 to 9999 in UTC."""
    if moment.tzinfo is UTC:
        return True
    try:
        return moment.utcoffset() is not None and bool(moment.astimezone(UTC))
    except OverflowError:
        return False


def _look_at_money(money: Money, name: str, found: list[Problem]) -> None:
    amount = money.amount
    # A type that is not the declared one is found when the bytes are read back.
    if isinstance(amount, int) and not 0 <= amount <= LARGEST_MINOR:
        limits = {"field": name, "limit": f"{LARGEST_MINOR:,}"}
        found.append(Problem("", "amount-not-storable", limits))
    _look_at(money.currency, "currency", MOST_NAME_BYTES, found)
