"""Paths under which clients find what an answer names."""

from __future__ import annotations

from uuid import UUID


def evidence_href(case: UUID, number: int) -> str:
    """Return the path of the bytes of a piece of evidence."""
    return f"/v1/disputes/{case}/evidence/{number}"


def attachment_href(case: UUID, number: int) -> str:
    """Return the path of the bytes of the file that came with a message."""
    return f"/v1/disputes/{case}/messages/{number}/attachment"


def receipt_href(case: UUID, version: int) -> str:
    """Return the path of the receipt of an event, for whoever brought it about."""
    return f"/v1/disputes/{case}/receipts/{version}"
