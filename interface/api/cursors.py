"""Lists in pages: an opaque cursor says where the next page begins.

A cursor belongs to one list: of one route, with its filters and its sort, for one
caller. In another list its place would lie anywhere, so that rows were passed over, and
nobody would notice.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from interface.api.problems import malformed

FORM = "1"
"""The form of cursors; one of another form is none of ours."""

BOUND_BYTES = 8
"""Of a digest: against mistakes. Who forges one sees no row that is not theirs."""

_ANY_PAGE = frozenset({"cursor", "limit", "after", "count", "format"})
"""Parameters that may change from page to page: the list stays the same."""

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


class Begins(Struct, Generic[P], frozen=True):
    """Where a page begins: after a place, None for the first page, in which list."""

    place: P | None
    of: str


def list_named(path: str, query: str, whose: str = "") -> str:
    """Return what tells a list from all others: its path, its query, its caller."""
    given = parse_qsl(query, keep_blank_values=True)
    asked = sorted(one for one in given if one[0] not in _ANY_PAGE)
    return msgspec.json.encode((FORM, path, whose, asked)).decode()


def page(
    made: Callable[..., G],
    fetch: Callable[[P | None, int], Sequence[R]],
    show: Callable[[R], S],
    place: Callable[[R], P],
    limit: int,
    begins: Begins[P],
) -> G:
    """Fetch one row more than fits, to know whether there is a next page.

    `made` is the kind of page; `begins` the place of the last row of the page before.
    """
    rows = fetch(begins.place, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return made(
        items=tuple(show(row) for row in rows),
        next=sealed(place(rows[-1]), begins.of) if more and rows else None,
    )


def sealed(place: Any, of: str) -> str:
    """Return the cursor for the page that follows a place of a list."""
    said = msgspec.json.encode(place)
    # "=" would have to be escaped in a query; `opened` can tell how many there were.
    return base64.urlsafe_b64encode(_bound(said, of) + said).decode().rstrip("=")


def opened(cursor: str | None, kind: Any, of: str) -> Begins[Any]:
    """Return where the page of a cursor begins; no cursor: the first. Raises Failure.

    `of` is the list that is asked for, as `list_named` names it.
    """
    if cursor is None:
        return Begins(None, of)
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        # validate: without it, characters that do not belong there are passed over.
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        bound, said = raw[:BOUND_BYTES], raw[BOUND_BYTES:]
        is_ours = compare_digest(bound, _bound(said, of))
        place = msgspec.json.decode(said, type=kind)
        # Checked as it came: a place is made of these few kinds of values.
        is_ours = is_ours and _can_be_stored(msgspec.json.decode(said))
    except (ValueError, msgspec.DecodeError, RecursionError):
        place, is_ours = None, False
    if not is_ours:
        # Cut: what is answered should not grow with what was sent.
        raise malformed("cursor", "no-cursor", value=cursor[:40])
    return Begins(place, of)


def _bound(said: bytes, of: str) -> bytes:
    """Return the digest by which a place is one of a list, and not cut or changed."""
    return sha256(of.encode() + b"\0" + said).digest()[:BOUND_BYTES]


def _can_be_stored(value: Any) -> bool:
    """Tell whether PostgreSQL has such values: no forged cursor gets further."""
    if isinstance(value, list):
        return all(map(_can_be_stored, value))
    if isinstance(value, int):
        return abs(value) < 2**63
    return "\0" not in value if isinstance(value, str) else True
