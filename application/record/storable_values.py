"""What the record takes: values that are read back the same, and that views can hold.

A view's columns hold less than JSON does. An event that one of them cannot hold would
stop a view for ever, because a recorded event never changes. So it is refused before it
is recorded, whichever way it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct

from domain.money import LARGEST_MINOR, Money
from domain.personal import is_personal
from domain.refusals import Invalid, Problem, refuse_if

MOST_NAME_BYTES = 640
"""A row of an index holds 2,704 bytes. The longest one, of a data subject, has two
names, in which each quotation mark or backslash is written as two characters."""

MOST_PROSE_BYTES = 8_000
INT4, INT8 = 2**31 - 1, 2**63 - 1

PROSE = frozenset({"basis", "path", "purpose", "stated"})
"""Texts of no index. Personal texts are in no column at all: the size of an event is
their only limit."""

LARGE = frozenset({"entries", "position", "size", "version"})
"""Numbers whose columns are bigint; those of the others are integer."""


def check(record: Struct) -> None:
    """Raise Invalid, naming every field whose value a view could not hold."""
    refuse_if(_problems(record, ""))


def check_reads_back(record: Struct, state: bytes) -> None:
    """Raise Invalid unless the stored bytes are read as the record that they are of."""
    try:
        read = _decoder(type(record))(state)
    except msgspec.ValidationError as error:
        raise Invalid([Problem("", "not-readable", {"said": str(error)})]) from None
    if read != record:
        said = {"said": "it would be read as something else"}
        raise Invalid([Problem("", "not-readable", said)])


@cache
def _decoder(kind: type[Struct]) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(kind).decode


def _problems(value: Any, name: str, *, personal: bool = False) -> Iterator[Problem]:
    """Yield what a value cannot be stored for; `name` is that of its field."""
    # By exact type, the most frequent first: members of enumerations need no check, and
    # this is asked for every value of every event.
    kind = type(value)
    if kind is str:
        yield from _text_problems(value, name, personal=personal)
    elif kind is datetime:
        if not _is_time(value):
            yield Problem("", "time-not-storable", {"field": name})
    elif kind is int:
        most = INT8 if name in LARGE else INT4
        if not -most <= value <= most:
            limits = {"field": name, "limit": f"{most:,}"}
            yield Problem("", "number-not-storable", limits)
    elif kind is tuple or kind is list:
        for one in value:
            yield from _problems(one, name, personal=personal)
    elif kind is Money:
        yield from _money_problems(value, name)
    elif isinstance(value, Struct):
        for field, marked in _fields(type(value)):
            inner = getattr(value, field)
            if inner is not None:
                yield from _problems(inner, field, personal=marked)


@cache
def _fields(kind: type[Struct]) -> tuple[tuple[str, bool], ...]:
    """List the fields of a record, and whether each is a personal text."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple((name, is_personal(hints[name])) for name in kind.__struct_fields__)


def _text_problems(text: str, name: str, *, personal: bool) -> Iterator[Problem]:
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        # Half of a surrogate pair, which is no character.
        size = -1
    if size < 0 or "\0" in text:
        yield Problem("", "text-not-storable", {"field": name})
        return
    most = MOST_PROSE_BYTES if name in PROSE else MOST_NAME_BYTES
    if not personal and size > most:
        limits = {"field": name, "limit": f"{most:,}"}
        yield Problem("", "name-too-long", limits)


def _is_time(moment: datetime) -> bool:
    """Tell whether a time says its offset, and has a year from 1 to 9999 in UTC."""
    if moment.tzinfo is UTC:
        return True
    try:
        return moment.utcoffset() is not None and bool(moment.astimezone(UTC))
    except OverflowError:
        return False


def _money_problems(money: Money, name: str) -> Iterator[Problem]:
    amount, currency = money.amount, money.currency
    # A type that is not the declared one is found when the bytes are read back.
    if isinstance(amount, int) and not 0 <= amount <= LARGEST_MINOR:
        limits = {"field": name, "limit": f"{LARGEST_MINOR:,}"}
        yield Problem("", "amount-not-storable", limits)
    yield from _problems(currency, "currency")
