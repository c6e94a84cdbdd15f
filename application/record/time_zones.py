"""Time zones that both Python and PostgreSQL know under the same name."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

_LOCAL_NAMES = ("localtime", "posixrules", "Factory", "posix/", "right/", "build/")
"""Names that a machine's zone files may have and PostgreSQL on another may not."""


def is_zone(name: str) -> bool:
    """Tell whether a name is a zone of the IANA time zone database."""
    return name in _names() and not name.startswith(_LOCAL_NAMES)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
