"""Where clients find what an answer names."""

from __future__ import annotations

from uuid import UUID


def evidence_href(case: UUID, number: int) -> str:
    """Return where the bytes of a piece of evidence are."""
    return f"/v1/disputes/{case}/evidence/{number}"


def attachment_href(case: UUID, number: int) -> str:
    """Return where the bytes of the file that came with a message are."""
    return f"/v1/disputes/{case}/messages/{number}/attachment"
