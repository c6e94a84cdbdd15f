"""Published editions as they are read again: their manifests, and whole reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import scalar_row

from projections.reports.public_report import PublicReport, as_shown_now
from projections.reports.report_edition import Manifest
from projections.reports.report_publication import edition_of


class EditionRead(Struct, frozen=True, kw_only=True):
    """An edition: its manifest, and the report as it is shown to everyone today."""

    manifest: Manifest
    report: PublicReport


def edition_read(
    connection: Connection[Any], name: str, number: int | None = None
) -> EditionRead | None:
    """Return an edition of a report, or its last one; None if there is none."""
    found = edition_of(connection, name, number)
    if found is None:
        return None
    return EditionRead(
        manifest=msgspec.json.decode(found.manifest, type=Manifest),
        report=as_shown_now(msgspec.json.decode(found.public, type=PublicReport)),
    )


def all_manifests(connection: Connection[Any]) -> Sequence[Manifest]:
    """Return the manifest of every edition, the latest first."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        found = cursor.execute(
            "SELECT manifest FROM report_editions"
            " ORDER BY published_at DESC, name, edition DESC"
        )
        return [msgspec.json.decode(one, type=Manifest) for one in found]


def last_of_each(manifests: Sequence[Manifest]) -> list[Manifest]:
    """Return the last edition of each report, in the order that is given."""
    last: dict[str, Manifest] = {}
    for one in manifests:
        if one.name not in last or last[one.name].edition < one.edition:
            last[one.name] = one
    return list(last.values())
