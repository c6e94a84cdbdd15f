"""Proofs that a case's events are in the log, for auditors and regulators."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from application.log.case_proofs import (
    CaseProofs,
    ProvedEvent,
    ProvedHead,
    prove_case,
)
from application.log.format.tlog_proof import TlogProof
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
        return _shown(_proofs(context, dispute_id))

    @get(
        "/{version:int}",
        operation_class=answering(Reading, PROOF),
        responses=READ_PROBLEMS,
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
        events = {one.version: one for one in _proofs(context, dispute_id).events}
        if events and version not in events:
            raise Failure("no-such-version", last=str(max(events)))
        proof = events[version].proof if events else None
        if proof is None:
            raise Failure("no-such-proof", about=f"version {version}")
        return Response(str(proof), media_type=TEXT)


def _proofs(context: RequestContext, dispute_id: UUID) -> CaseProofs:
    # Only to raise NotFound: proofs are made of the log, which asks nobody's platform.
    context.read(dispute_id)
    with context.system.database.get_connection() as connection:
        return prove_case(connection, dispute_id)


def _shown(proofs: CaseProofs) -> Proofs:
    return Proofs(
        dispute=proofs.case,
        checkpoint=proofs.kind,
        size=proofs.checkpoint.size if proofs.checkpoint else None,
        events=tuple(map(_event, proofs.events)),
        head=_head(proofs.head) if proofs.head else None,
    )


def _event(event: ProvedEvent) -> EventProof:
    return EventProof(
        version=event.version,
        position=event.position,
        leaf=b64encode(event.leaf).decode(),
        index=event.index,
        proof=_text(event.proof),
    )


def _head(head: ProvedHead) -> HeadProof:
    return HeadProof(
        version=head.version,
        entry=head.entry.decode(),
        index=head.index,
        proof=_text(head.proof),
    )


def _text(proof: TlogProof | None) -> str | None:
    return None if proof is None else str(proof)
