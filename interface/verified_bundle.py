"""Verifies a bundle of another installation, as anyone can, before it is imported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from application.bundle.imported_bundles import ImportedBundle, digest_of
from application.bundle.imported_case import ImportRefused
from interface.settings.settings import SettingError
from interface.verifier.redress_verify import (
    CODES,
    LOG_KEY,
    ML_DSA_44,
    WITNESS_KEY,
    Asked,
    Bundle,
    Key,
    check,
    parse_key,
    read_zip,
    shown,
)


def trusted_keys(
    keys: Sequence[str],
    witnesses: Sequence[str],
    quorum: int | None,
    statement_keys: Sequence[str] = (),
) -> Asked:
    """Return the keys that a bundle is verified with. Raises SettingError."""
    if not keys:
        raise SettingError("--key: a bundle is taken only with the key of its log")
    asked = Asked(
        tuple(_key("--key", one, (LOG_KEY, ML_DSA_44)) for one in keys),
        tuple(_key("--witness", one, (WITNESS_KEY, ML_DSA_44)) for one in witnesses),
        quorum,
        statement_keys=tuple(
            _key("--statement-key", one, (LOG_KEY,)) for one in statement_keys
        ),
    )
    if quorum is not None and not 0 < quorum <= len(asked.witnesses):
        raise SettingError("--quorum: 1 to as many as there are witnesses")
    return asked


def verify_bundle(content: bytes, asked: Asked, now: datetime) -> ImportedBundle:
    """Return a bundle as it is kept. Raises ImportRefused, with the verdict."""
    report = check(content, asked)
    if report.kind == "receipt":
        raise ImportRefused("a receipt is no bundle: it holds one event of a case")
    first = report.first
    if first is not None:
        words = CODES[report.verdict][1].replace("{0}", first.about)
        raise ImportRefused(shown(f"{report.verdict}: {words}"))
    read = Bundle(read_zip(content))
    bundle = ImportedBundle(
        case=_case(read.case),
        version=read.version,
        origin=read.checkpoint["origin"],
        size=read.checkpoint["size"],
        digest=digest_of(content),
        content=content,
        taken_at=now,
    )
    # A bundle can hold, yet have events that this version does not know.
    try:
        bundle.read_case()
    except ImportRefused as error:
        raise ImportRefused(shown(str(error))) from None
    return bundle


def _case(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ImportRefused(shown(f"not the id of a case: {text}")) from None


def _key(option: str, text: str, algorithms: tuple[int, ...]) -> Key:
    try:
        key = parse_key(text)
    except ValueError as error:
        raise SettingError(shown(f"{option}: {error}")) from None
    if key.algorithm not in algorithms:
        raise SettingError(f"{option}: a key of another kind")
    return key
