"""The ids in a request: each is brought into its one form, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import (
    Annotated,
    Any,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.names import MOST_CHARACTERS, BadName, visible_text
from domain.refusals import Problem, refuse_if

ID = Meta(
    min_length=1,
    max_length=MOST_CHARACTERS,
    pattern=r"^(?=\s*\S)[^\x00-\x1f\x7f]+$(?!\n)",
    description="An id of the platform's own: 1-128 visible characters.",
)
"""Marks a field as an id, and bounds it."""

B = TypeVar("B", bound=Struct)


def in_one_form(body: B, at: str = "") -> B:
    """Return a body with each id in its one form.

    Raises Invalid, naming every id that holds an invisible character.
    """
    problems: list[Problem] = []
    tidy = _tidy(body, at, problems)
    refuse_if(problems)
    return tidy


def _tidy(body: B, at: str, problems: list[Problem]) -> B:
    changed: dict[str, Any] = {}
    for field, is_id in _ids_and_parts(type(body)):
        value, place = getattr(body, field), f"{at}/{field}"
        if value is None:
            continue
        if is_id:
            changed[field] = _name(value, place, problems)
        elif isinstance(value, Struct):
            changed[field] = _tidy(value, place, problems)
        elif isinstance(value, tuple):
            changed[field] = tuple(
                _tidy(one, f"{place}/{n}", problems) if isinstance(one, Struct) else one
                for n, one in enumerate(value)
            )
    return replace(body, **changed) if changed else body


def _name(value: str, place: str, problems: list[Problem]) -> str:
    try:
        return visible_text(value)
    except BadName as error:
        problems.append(bad_name(place, error))
        return value


def bad_name(place: str, error: BadName) -> Problem:
    """Return the problem of a text that is no name."""
    details = {"character": error.character, "limit": str(MOST_CHARACTERS)}
    return Problem(place, error.code, details)


@cache
def _ids_and_parts(kind: type[Struct]) -> tuple[tuple[str, bool], ...]:
    """List the fields that are ids, or may hold parts: (name, is an id)."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        (name, ID in (*_metadata(hints[name]),)) for name in kind.__struct_fields__
    )


def _metadata(hint: Any) -> Iterator[Any]:
    """Yield what an annotated type, or one of a union, is annotated with."""
    if get_origin(hint) is Annotated:
        yield from hint.__metadata__
    elif get_origin(hint) in {Union, UnionType}:
        for one in get_args(hint):
            yield from _metadata(one)
