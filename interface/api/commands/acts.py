"""Every command that needs nothing but a path and a body."""

from __future__ import annotations

from interface.api.commands.deciding import DECIDING
from interface.api.commands.enforcing import ENFORCING
from interface.api.commands.examining import EXAMINING
from interface.api.commands.privacy import PRIVACY

ACTS = (*EXAMINING, *DECIDING, *ENFORCING, *PRIVACY)
"""They drive paths, documentation and the actions that a case offers."""
