"""Walks through the pages of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Page(Protocol[T_co]):
    """One page of a list: its items, and the cursor of the next one, if any."""

    @property
    def items(self) -> tuple[T_co, ...]:
        """Return what stands on the page."""

    @property
    def next(self) -> str | None:
        """Return the cursor of the next page."""


def walk(listing: Callable[..., Page[T]], query: dict[str, Any]) -> Iterator[T]:
    """Yield the items of all pages; a page is asked for when it is reached."""
    page = listing(**query)
    yield from page.items
    while page.next is not None:
        page = listing(**query | {"cursor": page.next})
        yield from page.items
