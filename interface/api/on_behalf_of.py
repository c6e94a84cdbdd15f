"""The header On-Behalf-Of: the party, or the person, for whom a program acts.

`buyer` names the side, `buyer; id="b-1"` the person as well: an item of a structured
field (RFC 9651) with one parameter, a string or, if it is not ASCII, a display string.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from domain.names import BadName
from domain.roles import Actor, Party, Role
from interface.api.problems import malformed
from interface.callers.caller import Caller, name_in_one_form

PATTERN = (
    r"^(buyer|seller)"
    r'(; *id=("([ !#-\[\]-~]|\\["\\])*"|%"([ !#$&-~]|%[0-9a-f]{2})*"))?$'
)
_FORM = re.compile(PATTERN[:-1], re.ASCII)
_ESCAPED = re.compile(r"\\(.)")


class OnBehalfOf(Struct, frozen=True):
    """The side for which a program acts; `id` is the person's, if the program says."""

    party: Party
    id: str | None = None


def on_behalf_of(sent: str | None, caller: Caller) -> OnBehalfOf | None:
    """Read the header. Raises Failure: malformed, or sent by another than a program."""
    if sent is None:
        return None
    found = _FORM.fullmatch(sent)
    if found is None or caller.role is not Role.PLATFORM:
        raise malformed("On-Behalf-Of", "not-on-behalf")
    try:
        return OnBehalfOf(Party(found[1]), _name(found[3]))
    except (UnicodeDecodeError, BadName):
        raise malformed("On-Behalf-Of", "not-on-behalf") from None


def standing_for(caller: Caller, named: OnBehalfOf | None) -> Caller:
    """Return as whom a request is seen: the person that is named, or the caller.

    A program that names a person may do and see what that person may, and no more.
    """
    if named is None or named.id is None:
        return caller
    return Caller(subject=named.id, role=Role(named.party), platform=caller.platform)


def actor_of(client: Caller, named: OnBehalfOf | None, *, reads: bool) -> Actor:
    """Return who acts by a request, or whose reading it is."""
    if named is None:
        return client.actor()
    # Who reads for a person sees what that person sees, and nothing is recorded of it.
    if reads and named.id is not None:
        return standing_for(client, named).actor()
    return client.actor(named.party, named.id)


def _name(text: str | None) -> str | None:
    """Return the name in a string or a display string."""
    if text is None:
        return None
    if text.startswith("%"):
        return name_in_one_form(unquote_to_bytes(text[2:-1]).decode())
    return name_in_one_form(_ESCAPED.sub(r"\1", text[1:-1]))
