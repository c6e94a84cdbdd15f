"""Lists in pages: an opaque cursor says where the next page begins."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from interface.api.problems import malformed

P = TypeVar("P")
R = TypeVar("R")
S = TypeVar("S")


class Page(Struct, Generic[S], frozen=True, kw_only=True):
    """One page of a list. `next` is the cursor of the following one, if there is one.

    Pages are cut by what rows are sorted by, not by counting, so that rows that arrive
    or leave in between never make others appear twice or not at all. Each kind is a
    class of its own, so that OpenAPI has a name for it that stays.
    """

    items: tuple[S, ...]
    next: str | None


G = TypeVar("G", bound=Page[Any])


def whole(made: Callable[..., G], items: Sequence[Any]) -> G:
    """Return a list that is short enough for one page, in the form of all lists."""
    return made(items=tuple(items), next=None)


def page(
    made: Callable[..., G],
    fetch: Callable[[P | None, int], Sequence[R]],
    show: Callable[[R], S],
    place: Callable[[R], P],
    limit: int,
    begins: P | None,
) -> G:
    """Fetch one row more than fits, to know whether there is a next page.

    `made` is the kind of page; `begins` the place of the last row of the page before.
    """
    rows = fetch(begins, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return made(
        items=tuple(show(row) for row in rows),
        next=sealed(place(rows[-1])) if more and rows else None,
    )


def sealed(place: Any) -> str:
    """Return the cursor for the page that follows a place."""
    # "=" would have to be escaped in a query; `opened` can tell how many there were.
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def opened(cursor: str | None, kind: Any) -> Any:
    """Return the place that a cursor stands for; None for no cursor. Raises Failure."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        # validate: without it, characters that do not belong there are passed over.
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        place = msgspec.json.decode(raw, type=kind)
        # Checked as it came: a place is made of these few kinds of values.
        is_ours = _can_be_stored(msgspec.json.decode(raw))
    except (ValueError, msgspec.DecodeError, RecursionError):
        place, is_ours = None, False
    if not is_ours:
        # Cut: what is answered should not grow with what was sent.
        raise malformed("cursor", "no-cursor", value=cursor[:40])
    return place


def _can_be_stored(value: Any) -> bool:
    """Tell whether PostgreSQL has such values: no forged cursor gets further."""
    if isinstance(value, list):
        return all(map(_can_be_stored, value))
    if isinstance(value, int):
        return abs(value) < 2**63
    return "\0" not in value if isinstance(value, str) else True
