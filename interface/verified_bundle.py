"""Verifies a bundle of another installation before it is taken over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from application.bundle.imported_bundles import NotTaken, Shelved, digest_of
from interface.settings import SettingError
from interface.verifier.redress_verify import (
    CODES,
    LOG_KEY,
    WITNESS_KEY,
    Asked,
    Bundle,
    Key,
    check,
    parse_key,
    read_zip,
    shown,
)


def trusting(
    keys: Sequence[str], witnesses: Sequence[str], quorum: int | None
) -> Asked:
    """Read whom to trust. Raises SettingError."""
    if not keys:
        raise SettingError("--key: a bundle is taken only with the key of its log")
    asked = Asked(
        tuple(_key("--key", one, LOG_KEY) for one in keys),
        tuple(_key("--witness", one, WITNESS_KEY) for one in witnesses),
        quorum,
    )
    if quorum is not None and not 0 < quorum <= len(asked.witnesses):
        raise SettingError("--quorum: 1 to as many as there are witnesses")
    return asked


def verified(content: bytes, asked: Asked, now: datetime) -> Shelved:
    """Return a bundle as it is kept. Raises NotTaken, with the verdict."""
    report = check(content, asked)
    if report.verdict != "valid":
        first = next(one for one in report.found if one.state == "fails")
        words = CODES[report.verdict][1].replace("{0}", first.about)
        raise NotTaken(shown(f"{report.verdict}: {words}"))
    bundle = Bundle(read_zip(content))
    shelf = Shelved(
        case=_case(bundle.case),
        version=bundle.version,
        origin=bundle.checkpoint["origin"],
        size=bundle.checkpoint["size"],
        digest=digest_of(content),
        bundle=content,
        taken_at=now,
    )
    # Read it once: what this version does not understand is not taken.
    try:
        _ = shelf.stream
    except NotTaken as error:
        raise NotTaken(shown(str(error))) from None
    return shelf


def _case(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotTaken(shown(f"not the id of a case: {text}")) from None


def _key(option: str, text: str, algorithm: int) -> Key:
    try:
        key = parse_key(text)
    except ValueError as error:
        raise SettingError(shown(f"{option}: {error}")) from None
    if key.algorithm != algorithm:
        raise SettingError(f"{option}: a key of another kind")
    return key
