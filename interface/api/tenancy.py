"""Whose cases a query is about: a pseudonym is unique on its platform only."""

from __future__ import annotations

from collections.abc import Mapping

from domain.refusals import Problem
from interface.api.parameters import name_of
from interface.api.problems import Failure
from interface.callers.caller import Caller


def asked_platform(
    caller: Caller | None, named: str | None, **pseudonyms: str | None
) -> str | None:
    """Return the platform whose cases are asked for, None for those of all platforms.

    `caller` is None where anybody may ask. Raises Failure for a platform that is not
    the caller's, and for a query by a pseudonym that names no platform.
    """
    own = caller.platform if caller else None
    platform = name_of("platform", named) or None
    if own is not None:
        if platform not in {None, own}:
            raise _malformed("other-platform", {"platform": own})
        return own
    by = ", ".join(name for name, value in pseudonyms.items() if value)
    if by and platform is None:
        raise _malformed("platform-needed", {"with": by})
    return platform


def _malformed(code: str, details: Mapping[str, str]) -> Failure:
    return Failure("malformed", faults=[Problem("/platform", code, dict(details))])
