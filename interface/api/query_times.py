"""Times in queries as people write them: dates, and a "+" that became a blank."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from litestar.handlers.base import BaseRouteHandler
from litestar.types.asgi_types import HTTPScope

from application.cases.plain_dates import first_moment
from interface.api.problems import malformed
from interface.bootstrap import System

MOMENTS = frozenset({"as_of", "from", "to"})
"""Parameters of a route that are a time, or something else that says a moment."""

# In a query, "+" stands for a blank, and many clients do not escape it.
_BLANK_OFFSET = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) (\d{2}:?\d{2})", re.ASCII
)


def say_times(scope: HTTPScope) -> None:
    """Put each time of the query into the one form that its route reads.

    The state keeps the query as it was sent, and the zone in which a date was taken.
    Raises Failure for a day that no calendar has.
    """
    query = scope["query_string"]
    if not query or scope["method"] != "GET":
        return
    names = _times_of(scope["route_handler"])
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    said = [(name, _said(name, v, scope) if name in names else v) for name, v in given]
    if said != given:
        scope["state"]["sent_query"] = query.decode("latin-1")
        scope["query_string"] = urlencode(said).encode()


def _times_of(handler: BaseRouteHandler) -> frozenset[str]:
    """Return the parameters of a route that are times."""
    parameters = handler.parsed_fn_signature.parameters
    times = {
        name
        for name, field in parameters.items()
        if field.is_subclass_of(datetime) or field.has_inner_subclass_of(datetime)
    }
    # A parameter that is a word of Python ("from") has a final "_" in the signature.
    return frozenset(times | MOMENTS & {name.rstrip("_") for name in parameters})


def _said(name: str, value: str, scope: HTTPScope) -> str:
    if blank := _BLANK_OFFSET.fullmatch(value):
        return f"{blank[1]}+{blank[2]}"
    system: System = scope["litestar_app"].state.system
    zone = system.zone
    try:
        moment = first_moment(value, zone)
    except ValueError:
        raise malformed(name, "no-such-day", value=value, zone=zone) from None
    if moment is None:
        return value
    scope["state"]["zone"] = zone
    return moment.isoformat()
