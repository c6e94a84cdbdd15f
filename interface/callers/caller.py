"""The caller that a token names, and the one form that a name has."""

from __future__ import annotations

from msgspec import Struct

from domain.case.dispute import Dispute
from domain.conflicts_of_interest import is_concerned
from domain.names import BadName, visible_text
from domain.roles import Actor, Party, Role
from interface.run.log_lines import one_word

DEFAULT_PLATFORM = "shop"
OVERSEERS = frozenset({Role.AUDITOR, Role.REGULATOR, Role.ANALYST})
"""Roles that may be of no platform, and then see the cases of all."""

CLIENTS = frozenset(Role) - {Role.CLOCK}
"""Roles that a token may have. The clock is no client: only the worker acts as it."""


class Unauthenticated(Exception):
    """There is no bearer token, or not a valid one.

    `code` is a key of the texts' table `tokens`; `filling` fills in its words. `whose`
    is whom a token names whose signature is valid, for the log.
    """

    def __init__(self, code: str, **filling: str) -> None:
        super().__init__(code)
        self.code = code
        self.filling = filling
        self.whose = "-"


class Caller(Struct, frozen=True, kw_only=True):
    """The user of a client, as the token says. `platform` None: sees all platforms.

    `key_id` is that of the API key by which a program calls, and `scopes` what the key
    is for; None: all that the role may do.
    """

    subject: str
    role: Role
    platform: str | None
    key_id: str | None = None
    scopes: frozenset[str] | None = None

    @property
    def in_log(self) -> str:
        """Return platform, role and subject as one word of a log line, or with a key.

        A key's id comes first: whoever is called as another one's would be is not
        taken for it.
        """
        whose = one_word(f"{self.platform or '-'}/{self.role}/{self.subject}")
        return whose if self.key_id is None else f"key:{self.key_id}={whose}"

    def actor(
        self, on_behalf_of: Party | None = None, for_id: str | None = None
    ) -> Actor:
        """Return the actor of what this caller does, for a party or a person of it."""
        return Actor(
            role=self.role, id=self.subject, on_behalf_of=on_behalf_of, for_id=for_id
        )

    def may_see(self, dispute: Dispute) -> bool:
        """Tell whether the case is on the caller's platform, and the party's own."""
        if self.platform is not None and dispute.platform != self.platform:
            return False
        match self.role:
            case Role.BUYER | Role.SELLER:
                # A case without a platform would be anyone's.
                return bool(dispute.platform) and is_concerned(self.actor(), dispute)
            case Role.ANALYST | Role.CLOCK:
                return False
            case _:
                return True


def name_in_one_form(text: str) -> str:
    """Return the pseudonym of a person, or the name of a platform, in its one form.

    Raises BadName. Two spellings that look alike are one name: an identity that several
    clients write has to be found under one.
    """
    return visible_text(text)


def is_name(text: str) -> bool:
    """Tell whether a text can be a person's pseudonym, or a platform's name."""
    try:
        name_in_one_form(text)
    except BadName:
        return False
    return True
