"""Preconditions: the version of a case that a caller expects (If-Match)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from interface.api.problems import Failure, malformed

_ETAG = re.compile(r'"(\d{1,18})"', re.ASCII)


def expected_versions(headers: Mapping[str, str]) -> tuple[int, ...] | None:
    """Return the versions that If-Match names, None for "*". Raises Failure."""
    given = headers.get("if-match")
    if given is None:
        raise Failure("precondition-required")
    if given.strip() == "*":
        return None
    matches = [_ETAG.fullmatch(one.strip()) for one in given.split(",")]
    if not all(matches):
        raise malformed("If-Match", "no-etag", value=given)
    return tuple(int(match[1]) for match in matches if match)
