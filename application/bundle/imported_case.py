"""A case of another log, as it is read from the bundle in which it came."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from application.bundle.redactions import CLOSED, OpenedText, Redaction
from application.cases.case import Case
from application.operator_error import OperatorError
from application.privacy.sealed_texts import is_sealed
from application.record.codec import ERASED
from application.record.envelope import Imported, Recorded, decode
from domain.case.evolve import fold
from domain.personal import map_personal

ANYWHERE = "Etc/UTC"


class ImportRefused(OperatorError):
    """A bundle cannot be imported; says why."""


class ImportedCase(Case, frozen=True, kw_only=True):
    """A case of another log, and the bundle in which it came.

    `log_size` is how many entries that log had at the bundle's checkpoint.
    """

    bundle: bytes
    log_size: int


def read_bundle(case: UUID, origin: str, log_size: int, bundle: bytes) -> ImportedCase:
    """Read a case from its bundle, each event marked as imported from that log.

    Raises ImportRefused for an event that is not known here.
    """
    members = _members(bundle)
    texts = _known_texts(members)
    source = Imported(system=origin, record=str(case), zone=ANYWHERE)
    events = tuple(
        replace(_readable(recorded, texts), imported=recorded.imported or source)
        for recorded in _decoded(case, members)
    )
    return ImportedCase(
        case=case,
        events=events,
        dispute=fold(recorded.event for recorded in events),
        bundle=bundle,
        log_size=log_size,
    )


def stored_events(bundle: bytes) -> list[bytes]:
    """Return the stored bytes of a bundle's events, in order."""
    return _stored_events(_members(bundle))


def _stored_events(members: Mapping[str, bytes]) -> list[bytes]:
    return [members[name] for name in sorted(members) if name.startswith("events/")]


def _decoded(case: UUID, members: Mapping[str, bytes]) -> list[Recorded]:
    try:
        return [decode(state) for state in _stored_events(members)]
    except msgspec.ValidationError as error:
        raise ImportRefused(f"case {case}: not an event known here: {error}") from None


def _readable(recorded: Recorded, texts: Mapping[tuple[int, str], str]) -> Recorded:
    """Put opened texts in their place, and marks where a text stays sealed."""
    if recorded.key is None:
        return recorded

    def readable(path: str, text: str) -> str:
        known = texts.get((recorded.version, path), CLOSED)
        return known if is_sealed(text) else text

    # The key is one of the other installation: here it would open nothing.
    return replace(recorded, key=None, event=map_personal(recorded.event, readable))


def _known_texts(members: Mapping[str, bytes]) -> dict[tuple[int, str], str]:
    """Return what stands for sealed texts, by version and path: texts or marks."""
    listed = _listed(members, "redactions.json", Redaction)
    found = {(one.version, one.path): ERASED for one in listed if one.state == "erased"}
    for one in _listed(members, "opened.json", OpenedText):
        found[one.version, one.path] = one.text
    return found


def _listed(members: Mapping[str, bytes], name: str, kind: type[Struct]) -> list[Any]:
    content = members.get(name, b"[]")
    found: list[Any] = msgspec.json.decode(content, type=list[kind])  # type: ignore[valid-type]
    return found


def _members(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
