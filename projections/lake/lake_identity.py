"""What the tables of one lake have in common, and say of themselves."""

from __future__ import annotations

from msgspec import Struct

FORMAT = 1
"""Of the lake as a whole: raised when tables change otherwise than by new columns."""

COMMITS = 20
"""After so many commits the table's log is summed up: whoever opens the table reads
those since, and an object store charges for each."""


class LakeIdentity(Struct, frozen=True, kw_only=True):
    """What every table of a lake says of it.

    `pseudonyms` tells the key of its pseudonyms from others.
    """

    pseudonyms: str
    format: int = FORMAT

    @property
    def configuration(self) -> dict[str, str]:
        """Return it as the properties of a Delta table."""
        return {
            "redress.format": str(self.format),
            "redress.pseudonyms": self.pseudonyms,
            "delta.checkpointInterval": str(COMMITS),
        }
