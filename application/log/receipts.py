"""Receipts: what whoever acted can show later, without any right to read the record.

A receipt has the bytes of one event with the application's statement about them, and as
soon as there is one, the proof that the log holds them. It shows that the platform has
taken something, also if the platform drops it afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.cases.case import Case
from application.log.case_proofs import CaseProver
from application.log.sign import checkpoint_store, statement_keys
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import PublishedKey
from application.log.sign.statement_keys import EndorsedKey
from application.record.envelope import Recorded, leaf
from domain.roles import Actor

FORMAT = "redress-receipt/1"
_Listed = TypeVar("_Listed", PublishedKey, EndorsedKey)


class Receipt(Struct, frozen=True, kw_only=True):
    """A receipt of one event.

    `event`: its stored bytes; the statement is their last field. `leaf`: their hash in
    the log (hex). `proof`: a C2SP tlog-proof, None until a checkpoint covers it.
    `keys` and `statement_keys` are the log's and the application's, as the log
    publishes them; which of them to trust, their reader has to know from elsewhere.
    """

    format: str
    origin: str
    case: UUID
    version: int
    event: bytes
    leaf: str
    statement_keys: Sequence[EndorsedKey]
    keys: Sequence[PublishedKey]
    proof: str | None


def of_actor(case: Case, actor: Actor) -> tuple[Recorded, ...]:
    """Return the events of a case that somebody has brought about, also by others."""
    named = actor.id if actor.for_id is None else actor.for_id
    return tuple(
        one
        for one in case.events
        if (one.actor.id == actor.id or one.actor.for_id == named)
        and one.actor.acts_as == actor.acts_as
    )


def receipts(
    connection: Connection[Any],
    case: Case,
    versions: Collection[int],
    origin: str,
    kinds: Sequence[Kind],
) -> tuple[Receipt, ...]:
    """Return the receipts of some versions, in order."""
    prover = CaseProver(connection, case.case, kinds=kinds)
    indexes = {one.version: one.index for one in prover.events}
    # A log that was renamed has had keys of another name, which no verifier takes.
    log_keys = _named(origin, checkpoint_store.keys(connection))
    ours = _named(statement_keys.key_name(origin), statement_keys.published(connection))
    found = []
    for version in sorted(versions):
        state, proof = case.states[version - 1], prover.proof(indexes.get(version))
        found.append(
            Receipt(
                format=FORMAT,
                origin=origin,
                case=case.case,
                version=version,
                event=state,
                leaf=leaf(state).hex(),
                statement_keys=ours,
                keys=log_keys,
                proof=str(proof) if proof else None,
            )
        )
    return tuple(found)


def _named(name: str, keys: Sequence[_Listed]) -> list[_Listed]:
    return [one for one in keys if one.vkey.startswith(f"{name}+")]
