"""What a request would like, if it can be had: `Prefer` (RFC 7240)."""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST_WAIT_SECONDS = 30

_WAIT = re.compile(
    r'(?:^|[,;])\s*wait\s*=\s*"?([0-9]{1,4})"?\s*(?=$|[,;])', re.IGNORECASE
)


def preferred_wait(headers: Mapping[str, str]) -> int | None:
    """Return for how many seconds a client is ready to wait, None if it does not say.

    At most `LONGEST_WAIT_SECONDS`. What cannot be read is passed over: no request fails
    for a preference.
    """
    found = _WAIT.search(headers.get("prefer", ""))
    return None if found is None else min(int(found[1]), LONGEST_WAIT_SECONDS)


def applied_wait(seconds: int | None) -> dict[str, str]:
    """Return the header that says for how long the request would have waited."""
    return {} if seconds is None else {"Preference-Applied": f"wait={seconds}"}
