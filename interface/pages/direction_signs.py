"""Shows what would turn the direction of the text around it, in place of doing it.

A person may write U+202E in an issue, a statement, the name of a file. It would reverse
what follows: the rest of a sentence that the platform has made of it. What is recorded
keeps it; a page shows it as a sign, such as ⟨RLO⟩.
"""

from __future__ import annotations

import re

SIGNS = {
    "\u202a": "⟨LRE⟩",
    "\u202b": "⟨RLE⟩",
    "\u202c": "⟨PDF⟩",
    "\u202d": "⟨LRO⟩",
    "\u202e": "⟨RLO⟩",
    "\u2066": "⟨LRI⟩",
    "\u2067": "⟨RLI⟩",
    "\u2068": "⟨FSI⟩",
    "\u2069": "⟨PDI⟩",
}
"""The embeddings, overrides and isolates of Unicode (UAX #9), by their short names.
The marks that only stand beside letters (LRM, RLM, ALM) turn nothing."""

_CONTROL = re.compile(f"[{''.join(SIGNS)}]")
# A form has to send again what was typed, so that fields are left as they are: what
# turns their text ends with them.
_KEPT = re.compile(
    r"""(<textarea\b.*?</textarea\s*>|<(?:[^<>"']|"[^"]*"|'[^']*')*>)""", re.DOTALL
)


def with_signs(html: str) -> str:
    """Return HTML that shows such controls in its text; tags and fields are kept."""
    if not _CONTROL.search(html):
        return html
    pieces = _KEPT.split(html)
    # What was split by is every second piece.
    pieces[::2] = [_CONTROL.sub(_sign, text) for text in pieces[::2]]
    return "".join(pieces)


def _sign(control: re.Match[str]) -> str:
    return SIGNS[control[0]]
