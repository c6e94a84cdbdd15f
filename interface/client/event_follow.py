"""Follows the feed of events from a position on, waiting for what comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .answer_shape import read_answer
from .api_call import ApiCall
from .generated.models import EventMessage
from .sender import Sender

_NEXT = re.compile(r'[?&]after=([0-9]+)[^>]*>; *rel="next"')


class EventFollow:
    """The events behind a position, in the order of all events.

    Iterating begins behind `position`, which moves along; so the same object can be
    iterated again after an error. Keep the position of the last event that you are done
    with: after a restart, begin there.

    >>> feed = shop.follow(is_endless=False, dispute=case.id)
    >>> next(iter(feed)).type
    'filed'
    """

    def __init__(
        self,
        sender: Sender,
        query: Mapping[str, Any],
        *,
        after: int,
        wait: int,
        is_endless: bool,
    ) -> None:
        self._sender, self._query = sender, query
        self._wait, self._is_endless = wait, is_endless
        self.position = after

    def __iter__(self) -> Iterator[EventMessage]:
        while True:
            messages, reached = self._page()
            for message in messages:
                yield message
                # Only now: whoever breaks off at a message is told it again.
                self.position = message.position
            if not messages and reached == self.position and not self._is_endless:
                return
            # What lies between is another platform's, or was filtered out.
            self.position = reached

    def _page(self) -> tuple[tuple[EventMessage, ...], int]:
        call = ApiCall(
            "GET",
            "/v1/events",
            query={**self._query, "after": self.position},
            prefer=f"wait={self._wait}" if self._is_endless else None,
            answer="lines",
        )
        waits = float(self._wait) if self._is_endless else 0.0
        response = self._sender.send(call, waits=waits)
        messages: tuple[EventMessage, ...] = read_answer(
            response, tuple[EventMessage, ...], "lines"
        )
        found = _NEXT.search(response.headers.get("link", ""))
        last = messages[-1].position if messages else self.position
        return messages, max(last, int(found[1]) if found else 0)
