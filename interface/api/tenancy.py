"""Whose cases a query is about: a pseudonym is unique on its platform only."""

from __future__ import annotations

from collections.abc import Mapping

from application.cases.recorded_platforms import is_recorded, recorded_platforms
from domain.refusals import Problem
from interface.api.parameters import name_of
from interface.api.problems import Failure
from interface.api.request_context import RequestContext
from interface.callers.caller import Caller
from interface.callers.caller_scope import reading_events


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


def recorded_platform(
    context: RequestContext, named: str | None, **pseudonyms: str | None
) -> str | None:
    """Return the platform that is asked for, of which a case was recorded.

    A mistyped one would look like one of which nothing happens. Raises Failure as
    `asked_platform`, and for such a one with those that there are: only to those who
    see all platforms.
    """
    caller = context.caller
    platform = asked_platform(caller, named, **pseudonyms)
    if platform is None or caller.platform is not None:
        return platform
    with (
        reading_events(caller),
        context.system.database.get_connection() as connection,
    ):
        if not is_recorded(connection, platform):
            allowed = ", ".join(recorded_platforms(connection))
            raise _malformed(
                "unknown-platform", {"value": platform[:40], "allowed": allowed}
            )
    return platform


def _malformed(code: str, details: Mapping[str, str]) -> Failure:
    return Failure("malformed", faults=[Problem("/platform", code, dict(details))])
