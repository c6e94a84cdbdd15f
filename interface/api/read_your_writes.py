"""Read your own writes: wait, bounded, until a view holds a version of a case."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from interface.api.problems import Failure, malformed
from interface.bootstrap import System
from projections.follower import holds_version
from projections.read_model import View

PATIENCE_SECONDS = 5.0
"""A view is rarely more than a second behind; a client should not wait much longer."""

PAUSE_SECONDS = 0.01

MOST_DIGITS = 18
"""Digits of a version that a database can hold."""


def caught_up(system: System, view: View[Any], after: str | None) -> None:
    """Wait until a view holds `<case>:<version>`.

    Raises Failure: malformed, or lagging (503, with Retry-After) after five seconds.
    """
    if after is None:
        return
    case, _, version = after.partition(":")
    # ASCII: other scripts have digits, too, which `int` would take.
    if not (version.isascii() and version.isdigit() and len(version) <= MOST_DIGITS):
        raise malformed("after", "no-version", value=after[:60])
    try:
        wait(system, view, UUID(case), int(version))
    except ValueError:
        raise malformed("after", "no-version", value=after[:60]) from None


def wait(system: System, view: View[Any], case: UUID, version: int | None) -> None:
    """Wait until a view holds a version of a case; Failure after five seconds."""
    if version is None:
        return
    until = time.monotonic() + PATIENCE_SECONDS
    while not _holds(system, view, case, version):
        if time.monotonic() > until:
            raise Failure("lagging", headers={"Retry-After": "1"}, view=view.name)
        time.sleep(PAUSE_SECONDS)


def _holds(system: System, view: View[Any], case: UUID, version: int) -> bool:
    # A connection for each look and not for the wait: others need one meanwhile.
    with system.database.get_connection() as connection:
        return holds_version(connection, view.name, case, version)
