"""The header `On-Behalf-Of`: the party, or the person, for whom a program acts."""

from __future__ import annotations

from typing import Literal

PLAIN = frozenset(map(chr, range(0x20, 0x7F)))
AS_IT_IS = PLAIN - set('"%')

Side = Literal["buyer", "seller"]


def party_header(side: Side, person: str | None) -> str:
    """Return the item of a structured field (RFC 9651), such as `buyer; id="b-1"`."""
    if person is None:
        return side
    if set(person) <= PLAIN:
        escaped = person.replace("\\", "\\\\").replace('"', '\\"')
        return f'{side}; id="{escaped}"'
    written = "".join(
        chr(byte) if chr(byte) in AS_IT_IS else f"%{byte:02x}"
        for byte in person.encode()
    )
    return f'{side}; id=%"{written}"'
