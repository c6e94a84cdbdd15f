"""The caller that a token names, and what a name has to look like."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from domain.case.dispute import Dispute
from domain.roles import Actor, Party, Role

DEFAULT_PLATFORM = "shop"
OVERSEERS = frozenset({Role.AUDITOR, Role.REGULATOR, Role.ANALYST})
"""Roles that may be of no platform, and then see the cases of all."""

CLIENTS = frozenset(Role) - {Role.CLOCK}
"""Roles that a token may have. The clock is no client: only the worker acts as it."""

MOST_NAME = 128

# Control, format, surrogate, private-use and unassigned characters, and separators of
# lines: no reader sees them, so that two names would look like one.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# Unicode counts these among letters, marks and symbols, and they are blank all the
# same: fillers of Hangul, joiners, variation selectors, the empty Braille pattern.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


class Unauthenticated(Exception):
    """There is no bearer token, or not a valid one.

    `code` is a key of the texts' table `tokens`; `filling` fills in its words.
    """

    def __init__(self, code: str, **filling: str) -> None:
        super().__init__(code)
        self.code = code
        self.filling = filling


class Caller(Struct, frozen=True, kw_only=True):
    """The user of a client, as the token says. `platform` None: sees all platforms."""

    subject: str
    role: Role
    platform: str | None

    def actor(self, on_behalf_of: Party | None = None) -> Actor:
        """Return the actor of what this caller does."""
        return Actor(role=self.role, id=self.subject, on_behalf_of=on_behalf_of)

    def may_see(self, dispute: Dispute) -> bool:
        """Tell whether the case is on the caller's platform, and the party's own."""
        if self.platform is not None and dispute.platform != self.platform:
            return False
        match self.role:
            case Role.BUYER:
                return dispute.buyer == self.subject
            case Role.SELLER:
                return dispute.seller == self.subject
            case Role.ANALYST | Role.CLOCK:
                return False
            case _:
                return True


def is_name(text: str) -> bool:
    """Tell whether a text can be a person's pseudonym, or a platform's name.

    1-128 visible characters, trimmed, in the normal form NFC. Another spelling of the
    same name is refused, not mended: a name is an identity, and one that was changed on
    the way in would be found nowhere else.
    """
    return (
        1 <= len(text) <= MOST_NAME
        and text == text.strip()
        and not any(_is_unseen(char) for char in text)
        and not _BLANK.search(text)
        and unicodedata.is_normalized("NFC", text)
    )


def _is_unseen(char: str) -> bool:
    category = unicodedata.category(char)
    # Of all spaces only the plain one: the others look like it.
    return category in _UNSEEN or (category == "Zs" and char != " ")
