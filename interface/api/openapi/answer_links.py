"""Where an answer leads: what its ids are used for next, by clients and their tools."""

from __future__ import annotations

from collections.abc import Mapping

from litestar.openapi.spec import Link

Target = tuple[str, Mapping[str, str]]
"""An operation, and which of its parameters is what of the answer or its request."""

_BODY_ID = {"dispute_id": "$response.body#/id"}
_SAME = {"dispute_id": "$request.path.dispute_id"}


def _numbered(what: str) -> Mapping[str, str]:
    return _SAME | {"number": f"$response.body#/{what}/0/number"}


OF_A_CASE: Mapping[str, Target] = {
    "read": ("readDispute", _BODY_ID),
    "deadlines": ("readDeadlines", _BODY_ID),
}
"""Where each answer leads that is a case."""

_OF_A_NEW_CASE: Mapping[str, Target] = {
    "history": ("readHistory", _BODY_ID),
    "withdraw": ("withdrawDispute", _BODY_ID),
    "admit": ("admitDispute", _BODY_ID),
    "refuse": ("refuseDispute", _BODY_ID),
    "respond": ("respondToClaim", _BODY_ID),
    "message": ("postMessage", _BODY_ID),
    "note": ("addNote", _BODY_ID),
    "hold": ("placeLegalHold", _BODY_ID),
}
_ERASURE = {"erasure_id": "$response.body#/id"}

OF_AN_OPERATION: Mapping[str, Mapping[str, Target]] = {
    "fileDispute": _OF_A_NEW_CASE,
    "admitDispute": {
        "respond": ("respondToClaim", _SAME),
        "offer": ("makeOffer", _SAME),
    },
    "respondToClaim": {
        "offer": ("makeOffer", _SAME),
        "escalate": ("escalateDispute", _SAME),
    },
    "makeOffer": {
        "accept": ("acceptOffer", _numbered("offers")),
        "decline": ("declineOffer", _numbered("offers")),
    },
    "submitEvidence": {
        "file": ("downloadEvidence", _numbered("evidence")),
        "hand-in": (
            "handInEvidence",
            _numbered("evidence"),
        ),
    },
    "grantAccess": {
        "revoke": ("revokeGrant", {"grant_id": "$response.body#/id"}),
    },
    "requestErasure": {
        "read": ("readErasure", _ERASURE),
        "approve": ("approveErasure", _ERASURE),
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
