"""Time zones that both Python and PostgreSQL know under the same name."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

_OURS_ALONE = ("localtime", "posixrules", "Factory", "posix/", "right/", "build/")
"""What the files of a machine may add, and a database elsewhere need not have."""


def is_zone(name: str) -> bool:
    """Tell whether a name is one of the IANA time zone database."""
    return name in _names() and not name.startswith(_OURS_ALONE)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
