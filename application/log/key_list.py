"""All keys of a log and of its application: what each is for, and who names it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from psycopg import Connection

from application.log.format.note import NoteMalformed, parse_note
from application.log.format.verifier_keys import Algorithm, parse_vkey
from application.log.sign import checkpoint_store, statement_keys
from application.log.sign.checkpoint_kind import Kind

_ALGORITHMS = {
    Algorithm.ED25519: "Ed25519",
    Algorithm.ED25519_COSIGNATURE: "Ed25519 cosignature",
    Algorithm.ML_DSA_44_COSIGNATURE: "ML-DSA-44",
}


class ListedKey(Struct, frozen=True, kw_only=True):
    """A verifier key in one line (`vkey`), and what to know of it.

    `key_id` tells it from others of its name. `signs`: it signs now; others only
    verify. `endorsed_by` are the ids of the keys that signed its endorsement.
    `made_at` is null for keys of statements, which say no time.
    """

    vkey: str
    name: str
    key_id: str
    algorithm: str
    use: Literal["log", "statements"]
    signs: bool
    made_at: datetime | None
    endorsed_by: tuple[str, ...]
    endorsement: str | None


def listed_keys(connection: Connection[Any], stating: str) -> list[ListedKey]:
    """List the keys of the log, the oldest first, and those of statements.

    `stating` is the key with which the application signs now.
    """
    signing = set(_signing(connection))
    log_keys = checkpoint_store.keys(connection)
    found = [
        _listed(key.vkey, "log", key.endorsement, made_at=key.made_at, signs=signing)
        for key in log_keys
    ]
    endorsed = statement_keys.published(connection)
    # Endorsed by several notes, a key is listed once, with the first of them.
    notes = {one.vkey: one.endorsement for one in reversed(endorsed)}
    found += [
        _listed(vkey, "statements", note, made_at=None, signs={stating})
        for vkey, note in sorted(notes.items())
    ]
    return [one for one in found if one is not None]


def _listed(
    vkey: str,
    use: Literal["log", "statements"],
    endorsement: str | None,
    *,
    made_at: datetime | None,
    signs: set[str],
) -> ListedKey | None:
    try:
        key = parse_vkey(vkey)
    except NoteMalformed:
        # Whoever writes to the database can add a row that no verifier reads.
        return None
    return ListedKey(
        vkey=vkey,
        name=key.name,
        key_id=key.key_id.hex(),
        algorithm=_ALGORITHMS[key.algorithm],
        use=use,
        signs=bool({vkey, f"{key.name}+{key.key_id.hex()}"} & signs),
        made_at=made_at,
        endorsed_by=tuple(_signers(endorsement)),
        endorsement=endorsement,
    )


def _signers(note: str | None) -> Iterator[str]:
    try:
        for signature in parse_note(note or "").signatures:
            yield signature.key_id.hex()
    except NoteMalformed:
        return


def _signing(connection: Connection[Any]) -> Iterator[str]:
    """Yield name and id of the keys that have signed the newest checkpoint."""
    for kind in Kind:
        newest = checkpoint_store.latest(connection, kind)
        for signature in parse_note(newest.note).signatures if newest else ():
            yield f"{signature.name}+{signature.key_id.hex()}"
