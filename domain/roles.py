"""Who acts: roles, the parties they stand for, and the actor of an event."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from domain.identifiers import Identifier


class Party(StrEnum):
    """A side of the dispute. The platform is the third side: it decides.

    BOTH is for what buyer and seller are asked together, such as to negotiate.
    """

    BUYER = "buyer"
    SELLER = "seller"
    PLATFORM = "platform"
    BOTH = "both"


class Role(StrEnum):
    """What someone may do (standard, section 2)."""

    BUYER = "buyer"
    SELLER = "seller"
    MEDIATOR = "mediator"
    SUPERVISOR = "supervisor"
    CLOCK = "clock"
    PLATFORM = "platform"
    AUDITOR = "auditor"
    REGULATOR = "regulator"
    ANALYST = "analyst"


STAFF = frozenset({Role.MEDIATOR, Role.SUPERVISOR})
READERS = STAFF | {Role.PLATFORM, Role.AUDITOR, Role.REGULATOR}


class Actor(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The person or program that an event comes from.

    `id` is the pseudonym by which the platform knows the person; None where an
    imported source does not say. `on_behalf_of` names the party for whom the
    platform's service client acts, and `for_id` the person, if the client says.
    """

    role: Role
    id: Identifier[str] | None = None
    on_behalf_of: Party | None = None
    for_id: Identifier[str] | None = None

    @property
    def acts_as(self) -> Role:
        """Return the role whose rights are used."""
        return Role(self.on_behalf_of) if self.on_behalf_of else self.role

    @property
    def party(self) -> Party:
        """Return the side this actor stands for."""
        match self.acts_as:
            case Role.BUYER:
                return Party.BUYER
            case Role.SELLER:
                return Party.SELLER
            case _:
                return Party.PLATFORM


CLOCK = Actor(role=Role.CLOCK, id="clock")
RULES = Actor(role=Role.PLATFORM, id="rules")
"""The actor of what follows from a rule alone, such as a refusal for lateness."""


def other(party: Party) -> Party:
    """Return the opposite party of a buyer or a seller."""
    return Party.SELLER if party is Party.BUYER else Party.BUYER
