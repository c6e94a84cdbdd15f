"""Every command that needs nothing but a path and a body."""

from __future__ import annotations

from interface.api.sent.deciding import DECIDING
from interface.api.sent.enforcing import ENFORCING
from interface.api.sent.examining import EXAMINING
from interface.api.sent.privacy import PRIVACY

ACTS = (*EXAMINING, *DECIDING, *ENFORCING, *PRIVACY)
"""They drive paths, documentation and the actions that a case offers."""
