"""When a call is sent again, and after which pause."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from msgspec import Struct

AGAIN = frozenset({429, 502, 503, 504})
"""Answers that say: not now. All others are the answer."""


class RetryRules(Struct, frozen=True):
    """How often, and for how long, a call is tried.

    `pause`: seconds before the second attempt; each further one is twice as long, up to
    `longest_pause`, and each is up to a half shorter by chance, so that many clients do
    not come back at once. `total`: seconds after which nothing is tried again.
    """

    attempts: int = 6
    pause: float = 0.25
    longest_pause: float = 10.0
    total: float = 60.0

    def pause_before(self, attempt: int, retry_after: float | None) -> float:
        """Return the seconds before an attempt (the first is 1).

        What the server asks for is a lower bound, with up to a tenth more.
        """
        longest: float = min(self.pause * 2.0 ** (attempt - 2), self.longest_pause)
        # It spreads the clients, and is no secret.
        drawn: float = longest * random.uniform(0.5, 1.0)  # noqa: S311
        if retry_after is None:
            return drawn
        asked: float = retry_after * random.uniform(1.0, 1.1)  # noqa: S311
        return max(drawn, asked)


ONCE = RetryRules(attempts=1)
"""Nothing is tried again."""


def asked_pause(response: httpx.Response) -> float | None:
    """Return the seconds of `Retry-After`, whichever way it is written."""
    said = response.headers.get("retry-after", "")
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
