"""What came of another chance, told by the page after its form.

The address names the outcome and not its words: a link says nothing else in our name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from interface.pages.page_texts import page_words
from projections.following.recorded_retry import FOLLOWERS

TONES = {
    "nothing-to-retry": "soon",
    "still-stuck": "late",
    "retried": "done",
    "sent-again": "done",
}
"""How each outcome is marked."""

_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of it: its code, the view that was tried, and how many went along."""

    told: str
    view: str = ""
    n: int = 0

    @property
    def query(self) -> dict[str, str]:
        """Return it as the query of an address."""
        return {"told": self.told, "view": self.view, "n": str(self.n)}

    def said(self, language: str) -> tuple[str, str]:
        """Return how it is marked, and its words."""
        words = page_words(f"operation.{self.told}", language, view=self.view, n=self.n)
        return TONES[self.told], words


def outcome_of(query: Mapping[str, str]) -> Outcome | None:
    """Return the outcome that an address names; None if it names none that there is."""
    told, view, n = (query.get(name, "") for name in ("told", "view", "n"))
    of_view = told != "sent-again"
    if told not in TONES or not _COUNT.fullmatch(n) or of_view != (view in FOLLOWERS):
        return None
    return Outcome(told=told, view=view, n=int(n))
