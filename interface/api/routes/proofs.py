"""Proofs that a case's events are in the log, for auditors and regulators."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct
from psycopg import Connection

from application.log.build.batches import encode_head
from application.log.case_proofs import CaseProver, LoggedEvent
from application.log.format.tlog_proof import TlogProof
from application.record.row_scope import Beyond, beyond
from interface.api.openapi.operations import READ_PROBLEMS, Reading, answering
from interface.api.openapi.oversight_examples import PROOF, PROOFS
from interface.api.problems import Failure
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.routes.replay import AUDITORS

TEXT = "text/plain"


class EventProof(Struct, frozen=True, kw_only=True):
    """An event in the log: `leaf` is SHA-256(0x00 || its bytes), in base64.

    `proof` is a C2SP tlog-proof; null until the log has been signed with it.
    """

    version: int
    position: int
    leaf: str
    index: int | None
    proof: str | None


class HeadProof(Struct, frozen=True, kw_only=True):
    """The entry that says how long the case was: its text, and its proof."""

    version: int
    entry: str
    index: int
    proof: str | None


class Proofs(Struct, frozen=True, kw_only=True):
    """Every proof of a case, against one checkpoint.

    `checkpoint`: "signed" by the log, or "cosigned" by a quorum of witnesses too.
    """

    dispute: UUID
    checkpoint: str | None
    size: int | None
    events: tuple[EventProof, ...]
    head: HeadProof | None


class ProofController(Controller):
    """For auditors, regulators and supervisors."""

    path = "/v1/audit/disputes/{dispute_id:uuid}/proof"
    tags = ("audit",)

    @get(
        operation_class=answering(Reading, PROOFS),
        responses=READ_PROBLEMS,
        operation_id="listProofs",
        summary="Prove that a case is in the log",
        sync_to_thread=True,
        opt=read_of(Read.PROOF, by=AUDITORS),
    )
    def proofs(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
    ) -> Proofs:
        """Return an inclusion proof for every event, and one for the case's head."""
        # Only to raise NotFound: a proof is made of the log, which knows no platforms.
        context.read(dispute_id)
        with _log_of(context) as connection:
            kinds = context.system.settings.log.kinds
            return _shown(dispute_id, CaseProver(connection, dispute_id, kinds=kinds))

    @get(
        "/{version:int}",
        operation_class=answering(Reading, PROOF),
        responses=READ_PROBLEMS,
        operation_id="readProof",
        summary="Prove that one event is in the log",
        media_type=TEXT,
        sync_to_thread=True,
        opt=read_of(Read.PROOF, by=AUDITORS),
    )
    def proof(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        version: FromPath[int],
    ) -> Response[str]:
        """Return the `.tlog-proof` of one version of the case, as text."""
        return proof_answer(context, dispute_id, version)


def proof_answer(
    context: RequestContext, dispute_id: UUID, version: int
) -> Response[str]:
    """Return the proof of one version of a case. Raises NotFound or Failure."""
    context.read(dispute_id)
    with _log_of(context) as connection:
        kinds = context.system.settings.log.kinds
        prover = CaseProver(connection, dispute_id, kinds=kinds)
        events = {one.version: one for one in prover.events}
        if events and version not in events:
            raise Failure("no-such-version", last=str(max(events)))
        proof = prover.proof(events[version].index) if events else None
    if proof is None:
        raise Failure("no-such-proof", number=str(version))
    return Response(str(proof), media_type=TEXT)


@contextmanager
def _log_of(context: RequestContext) -> Iterator[Connection[Any]]:
    """Read the log as a whole: a proof is made of its neighbours' hashes."""
    with (
        beyond(Beyond.LOG),
        context.system.database.get_connection() as connection,
    ):
        yield connection


def _shown(case: UUID, prover: CaseProver) -> Proofs:
    return Proofs(
        dispute=case,
        checkpoint=prover.kind,
        size=prover.checkpoint.size if prover.checkpoint else None,
        events=tuple(_event(one, prover) for one in prover.events),
        head=_head(prover),
    )


def _event(event: LoggedEvent, prover: CaseProver) -> EventProof:
    return EventProof(
        version=event.version,
        position=event.position,
        leaf=b64encode(event.leaf).decode(),
        index=event.index,
        proof=_text(prover.proof(event.index)),
    )


def _head(prover: CaseProver) -> HeadProof | None:
    found = prover.head(prover.events[-1]) if prover.events else None
    if found is None:
        return None
    head, index = found
    return HeadProof(
        version=head.version,
        entry=encode_head(head).decode(),
        index=index,
        proof=_text(prover.proof(index)),
    )


def _text(proof: TlogProof | None) -> str | None:
    return None if proof is None else str(proof)
