"""The kinds of checkpoints that are published."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """SIGNED by the log, or also COSIGNED by the quorum of the policy."""

    SIGNED = "signed"
    COSIGNED = "cosigned"
