"""Files of evidence that are not what was handed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from application.cases.file_flaws import flaws
from projections.health.health_finding import Finding, Kind, Part, Severity

SHOWN = 20
"""How many files are named; of more, it is said that there are more."""


def file_findings(connection: Connection[Any]) -> Iterator[Finding]:
    """Yield a finding for each file that is missing or damaged.

    One file must not take the platform out of service: they are warnings.
    """
    found = flaws(connection, SHOWN + 1)
    for one in found[:SHOWN]:
        said = f"evidence: {one}, found {one.found_at:%Y-%m-%d %H:%M}Z"
        yield Finding(Part.EVIDENCE, Kind.DAMAGED, said, Severity.WARNING)
    if len(found) > SHOWN:
        said = f"evidence: more than these {SHOWN} files are damaged"
        yield Finding(Part.EVIDENCE, Kind.DAMAGED, said, Severity.WARNING)
