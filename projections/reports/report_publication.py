"""Publishes reports: freezes one with its manifest, and never changes it again.

A correction is a new edition with a reason, and tells number by number what is
otherwise. The copy for everyone hides small numbers as all public figures do.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from secrets import token_bytes
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row, scalar_row, tuple_row

from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import Published, latest
from projections.figures.metrics import metrics
from projections.reports.period import Question
from projections.reports.public_figures import made_public
from projections.reports.public_report import PublicReport
from projections.reports.publication_terms import (
    Author,
    NotPublished,
    check_covered,
    check_terms,
)
from projections.reports.report import Report, report
from projections.reports.report_edition import (
    Difference,
    Edition,
    Manifest,
    canonical,
    differences,
    digest,
    name_of,
)

SALT_BYTES = 32


class StoredEdition(Struct, frozen=True):
    """An edition as it was published, in bytes that its digests are of."""

    manifest: bytes
    public: bytes

    @property
    def content(self) -> bytes:
        """Return the JSON of a PublishedReport."""
        return b'{"manifest":%b,"report":%b}' % (self.manifest, self.public)

    @property
    def edition(self) -> int:
        """Return its number."""
        return msgspec.json.decode(self.manifest, type=Edition).edition

    def differences(self, after: PublicReport) -> tuple[Difference, ...]:
        """Return the numbers that another copy has otherwise."""
        return tuple(differences(msgspec.json.decode(self.public), after))


class Original(Struct, frozen=True, kw_only=True):
    """The whole report behind an edition."""

    report: bytes
    salt: bytes
    published_by: str


def publish(
    connection: Connection[Any], question: Question, author: Author
) -> tuple[Manifest, tuple[Difference, ...]]:
    """Publish a report; return its manifest and what the whole report has otherwise.

    Raises BadQuestion, NotPublished or ViewDiffers.
    """
    check_terms(connection, question, author)
    counted = report(connection, question)
    check_covered(connection, question, counted)
    with connection.transaction():
        before = edition_of(connection, name_of(question))
        made, public = _made(connection, question, counted, author, before)
        changed = _changed(connection, made, counted)
        try:
            made = _kept(connection, made, public, counted, author)
        except UniqueViolation:
            said = "somebody has published an edition just now: look at it first"
            raise NotPublished("just-published", f"{made.name}: {said}") from None
    return made, changed


def editions(connection: Connection[Any], name: str | None = None) -> Sequence[Edition]:
    """List what is published, the latest first."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        found = cursor.execute(
            "SELECT manifest FROM report_editions"
            " WHERE name = coalesce(%s, name)"
            " ORDER BY published_at DESC, name, edition DESC",
            (name,),
        )
        return [msgspec.json.decode(one, type=Edition) for one in found]


def edition_of(
    connection: Connection[Any], name: str, number: int | None = None
) -> StoredEdition | None:
    """Return an edition of a report, or the last one; None if there is none."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "SELECT manifest, public FROM report_editions"
            " WHERE name = %s AND edition = coalesce(%s, edition)"
            " ORDER BY edition DESC LIMIT 1",
            (name, number),
        ).fetchone()
    return StoredEdition(*row) if row else None


def original_of(connection: Connection[Any], name: str, edition: int) -> Original:
    """Return the whole report behind an edition. Raises NotPublished."""
    with connection.cursor(row_factory=class_row(Original)) as cursor:
        found = cursor.execute(
            "SELECT report, salt, published_by FROM report_originals"
            " WHERE name = %s AND edition = %s",
            (name, edition),
        ).fetchone()
    if found is None:
        raise NotPublished("no-such-edition", f"{name} has no edition {edition}")
    return found


def _made(
    connection: Connection[Any],
    question: Question,
    counted: Report,
    author: Author,
    before: StoredEdition | None,
) -> tuple[Manifest, bytes]:
    """Return the manifest of a new edition without a commitment, and its copy."""
    shown = made_public(counted)
    public = canonical(shown)
    # A checkpoint from before the last event would prove nothing of it.
    signed = _covering(connection, counted.position)
    name = name_of(question)
    last = before.edition if before else None
    if before and not author.reason:
        said = f"another edition corrects edition {last}: give a reason"
        raise NotPublished("correction-needs-reason", f"{name}: {said}")
    if before is None and author.reason:
        # It would be dropped, and its author believe that it is published with it.
        said = "it is the first edition, and corrects none: leave the reason out"
        raise NotPublished("nothing-corrected-yet", f"{name}: {said}")
    made = Manifest(
        name=name,
        period=question.period,
        by=question.by,
        platform=question.platform,
        edition=(last or 0) + 1,
        published_at=author.at,
        position=counted.position,
        definitions={one.id: one.version for one in metrics()},
        definitions_sha256=digest(canonical(metrics())),
        code_version=version("redress"),
        checkpoint=signed.note if signed else None,
        log_size=signed.size if signed else None,
        sha256=digest(public),
        commitment="",
        reason=author.reason if before else None,
        corrects=last,
        differences=before.differences(shown) if before else (),
    )
    return made, public


def _changed(
    connection: Connection[Any], made: Manifest, counted: Report
) -> tuple[Difference, ...]:
    """Return what the whole report has otherwise. Raises NotPublished for nothing."""
    if made.corrects is None:
        return ()
    original = original_of(connection, made.name, made.corrects)
    found = tuple(differences(msgspec.json.decode(original.report), counted))
    if not found:
        said = f"nothing in it differs from edition {made.corrects}"
        raise NotPublished("nothing-to-correct", f"{made.name}: {said}")
    return found


def _kept(
    connection: Connection[Any],
    made: Manifest,
    public: bytes,
    counted: Report,
    author: Author,
) -> Manifest:
    whole, salt = canonical(counted), token_bytes(SALT_BYTES)
    # Without a salt, whoever has the copy could try the few numbers that it hides.
    sealed = replace(made, commitment=digest(salt + whole))
    key = (made.name, made.edition)
    connection.execute(
        "INSERT INTO report_editions VALUES (%s, %s, %s, %s, %s)",
        (*key, canonical(sealed), public, made.published_at),
    )
    connection.execute(
        "INSERT INTO report_originals VALUES (%s, %s, %s, %s, %s)",
        (*key, whole, salt, author.by),
    )
    return sealed


def _covering(connection: Connection[Any], position: int) -> Published | None:
    """Return the last signed checkpoint, if the event at a position is in its tree."""
    signed = latest(connection, Kind.SIGNED)
    with connection.cursor(row_factory=scalar_row) as cursor:
        needed = cursor.execute(
            "SELECT min(size) FROM log_batches WHERE position >= %s", (position,)
        ).fetchone()
    covered = signed is not None and needed is not None and signed.size >= needed
    return signed if covered else None
