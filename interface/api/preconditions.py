"""Preconditions: the version of a case that a caller expects (If-Match)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from application.cases.case import Case
from interface.api.entity_tags import tags_in
from interface.api.problems import Failure, malformed

# What follows the version tells representations of it apart.
_VERSION = re.compile(r"(\d{1,18})(?:-.*)?", re.ASCII)


def expected_versions(headers: Mapping[str, str]) -> tuple[int, ...] | None:
    """Return the versions that If-Match names, None for "*". Raises Failure."""
    given = headers.get("if-match")
    if given is None:
        raise Failure("precondition-required")
    if given.strip() == "*":
        return None
    # Weak ones too: proxies weaken them, and a version is no less exact for it.
    matches = [_VERSION.fullmatch(one) for one in tags_in(given) or ()]
    if not matches or not all(matches):
        raise malformed("If-Match", "no-etag", value=given)
    return tuple(int(match[1]) for match in matches if match)


def case_tag(case: Case, now: datetime | None = None) -> str:
    """Return the ETag of a case: its version.

    At a time when it is read, it also says whether a deadline has passed of which no
    event tells yet: what is possible has changed, and so has the answer.
    """
    late = now is not None and any(one.due <= now for one in case.dispute.deadlines)
    return f'"{case.version}-overdue"' if late else f'"{case.version}"'
