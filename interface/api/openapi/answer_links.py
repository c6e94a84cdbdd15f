"""Where an answer leads: what its ids are used for next, by clients and their tools."""

from __future__ import annotations

from collections.abc import Mapping

from litestar.openapi.spec import Link

Target = tuple[str, Mapping[str, str]]
"""An operation, and which of its parameters is what of the answer or its request."""

_CASE = "V1DisputesDisputeId"
_BODY_ID = {"dispute_id": "$response.body#/id"}
_SAME = {"dispute_id": "$request.path.dispute_id"}


def _numbered(what: str) -> Mapping[str, str]:
    return _SAME | {"number": f"$response.body#/{what}/0/number"}


OF_A_CASE: Mapping[str, Target] = {
    "read": (f"{_CASE}Read", _BODY_ID),
    "deadlines": (f"{_CASE}DeadlinesRead", _BODY_ID),
}
"""Where each answer leads that is a case."""

_OF_A_NEW_CASE: Mapping[str, Target] = {
    "history": ("V1AuditDisputesDisputeIdHistory", _BODY_ID),
    "withdraw": (f"{_CASE}WithdrawalWithdraw", _BODY_ID),
    "admit": (f"{_CASE}AdmissionAdmit", _BODY_ID),
    "refuse": (f"{_CASE}RefusalRefuse", _BODY_ID),
    "respond": (f"{_CASE}SellerResponseRespond", _BODY_ID),
    "message": (f"{_CASE}MessagesMessages", _BODY_ID),
    "note": (f"{_CASE}NotesNotes", _BODY_ID),
    "hold": (f"{_CASE}LegalHoldsLegalHolds", _BODY_ID),
}
_ERASURE = {"erasure_id": "$response.body#/id"}

OF_AN_OPERATION: Mapping[str, Mapping[str, Target]] = {
    "V1DisputesFile": _OF_A_NEW_CASE,
    f"{_CASE}AdmissionAdmit": {
        "respond": (f"{_CASE}SellerResponseRespond", _SAME),
        "offer": (f"{_CASE}OffersOffer", _SAME),
    },
    f"{_CASE}SellerResponseRespond": {
        "offer": (f"{_CASE}OffersOffer", _SAME),
        "escalate": (f"{_CASE}EscalationEscalate", _SAME),
    },
    f"{_CASE}OffersOffer": {
        "accept": (f"{_CASE}OffersNumberAcceptanceAccept", _numbered("offers")),
        "decline": (f"{_CASE}OffersNumberDeclineDecline", _numbered("offers")),
    },
    f"{_CASE}EvidenceSubmit": {
        "file": (f"{_CASE}EvidenceNumberRead", _numbered("evidence")),
        "hand-in": (
            f"{_CASE}EvidenceNumberHandingInEvidenceNHandingIn",
            _numbered("evidence"),
        ),
    },
    "V1AuditGrantsGive": {
        "revoke": (
            "V1AuditGrantsGrantIdRevocationRevoke",
            {"grant_id": "$response.body#/grant_id"},
        ),
    },
    "V1ErasuresRequest": {
        "read": ("V1ErasuresErasureIdRead", _ERASURE),
        "approve": ("V1ErasuresErasureIdApprovalApprove", _ERASURE),
    },
}
"""Where the answers of single operations lead besides."""


def answer_links(operation: str | None, *, is_case: bool) -> dict[str, Link]:
    """Return the links of an operation's answer, by their names."""
    targets = dict(OF_AN_OPERATION.get(operation or "", {}))
    if is_case:
        targets |= OF_A_CASE
    return {
        name: Link(operation_id=to, parameters=dict(parameters))
        for name, (to, parameters) in targets.items()
        if to != operation
    }
