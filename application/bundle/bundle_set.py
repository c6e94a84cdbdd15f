"""Several bundles in one file: a zip of them, with a signed list of what it holds."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from uuid import UUID

from msgspec import Struct

from application.bundle.archive import (
    MANIFEST,
    SIGNATURE,
    Archive,
    Member,
    TooLarge,
    member,
    pack,
    streamed,
)
from application.bundle.manifest import HEADING
from application.log.sign.statement_keys import StatementKey
from application.record.canonical_json import canonical_json

FORMAT = "redress-bundles/1"

MOST_CASES = 100
MOST_BYTES = 1 << 26
"""Of bundles without files, which are held in memory until they have left."""


class SetFile(Struct, frozen=True):
    """Several bundles: the bytes of all, and how many there are."""

    archive: Member
    bundles: int

    @property
    def digest(self) -> str:
        """Return its SHA-256 (hex)."""
        return self.archive.sha256


class Listed(Struct, frozen=True):
    """A bundle of several: its bytes, and the version up to which it goes."""

    archive: Member
    version: int


def pack_set(
    bundles: Iterable[tuple[UUID, Listed]], key: StatementKey, *, files: bool
) -> SetFile:
    """Pack the bundles of some cases, made one by one. Raises TooLarge.

    `files`: they hold files, which are read from the disk as they leave.
    """
    found: dict[UUID, Listed] = {}
    for case, one in bundles:
        found[case] = one
        # Checked as they come: what is too much is not made to its end.
        held = 0 if files else sum(each.archive.size for each in found.values())
        if len(found) > MOST_CASES or held > MOST_BYTES:
            raise TooLarge(f"{len(found)} bundles of {held} bytes")
    members = {f"bundles/{case}.zip": one.archive for case, one in found.items()}
    content = canonical_json({"format": FORMAT, "bundles": dict(_rows(found))})
    signature = b64encode(key.sign(HEADING + content)) + b"\n"
    signed = {MANIFEST: member(content), SIGNATURE: member(signature)}
    archive: Archive = pack({**members, **signed})
    return SetFile(streamed(archive.read), len(found))


def _rows(found: dict[UUID, Listed]) -> Iterator[tuple[str, dict[str, object]]]:
    for case, one in found.items():
        yield (
            f"bundles/{case}.zip",
            {
                "case": str(case),
                "version": one.version,
                "sha256": one.archive.sha256,
                "size": one.archive.size,
            },
        )
