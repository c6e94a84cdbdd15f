"""A form as it was sent: texts by the names of fields, of which some come often."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from litestar import Request
from msgspec import Struct

CUT = "cut"
"""A field that names one whose text was not whole when the form came too late."""

_BROKEN = re.compile(r"\ufffd*(%[0-9A-Fa-f]?)?\Z")


class SentForm(Struct, frozen=True):
    """The fields of a form, each with all its values.

    `was_cut`: more came than is read, so that nothing may be done by it; what there is
    says at which field. `cut`: the field whose text is not whole, "" for the last one.
    """

    values: dict[str, tuple[str, ...]]
    was_cut: bool = False
    cut: str = ""

    @property
    def cut_field(self) -> str:
        """Return the field whose text is not whole; "" if there is none."""
        return (self.cut or next(reversed(self.values), "")) if self.was_cut else ""

    @property
    def kept(self) -> int:
        """Return how many characters are there of the text that is not whole."""
        name = self.cut_field
        return len(self.all(name)[-1]) if self.all(name) else 0

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of a field."""
        return self.values.get(name, (default,))[0]

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a field."""
        return self.values.get(name, ())

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the fields."""
        return iter(self.values)


async def sent_form(request: Request[Any, Any, Any]) -> SentForm:
    """Return the form that a request brings; files are left out.

    Browsers end lines with CR LF, whatever was typed; the record has line feeds.
    """
    values: dict[str, tuple[str, ...]] = {}
    for name, value in (await request.form()).items():
        if isinstance(value, str):
            values[name] = (*values.get(name, ()), as_typed(value))
    if not request.scope["state"].get("form_was_cut"):
        return marked(values)
    if name := next(reversed(values), ""):
        # What stands at the end may be a part of a character.
        *before, last = values[name]
        values[name] = (*before, _BROKEN.sub("", last))
    return SentForm(values, was_cut=True)


def marked(values: dict[str, tuple[str, ...]]) -> SentForm:
    """Return a form that came whole, unless it says that it was cut before."""
    cut = values.pop(CUT, ("",))[0]
    return SentForm(values, was_cut=bool(cut), cut=cut)


def as_typed(text: str) -> str:
    """Return a text with the line ends that were typed."""
    return text.replace("\r\n", "\n")
