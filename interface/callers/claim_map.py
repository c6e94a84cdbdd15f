"""Where an issuer's tokens say who their subject is, by which role, and of where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from domain.roles import Role
from interface.callers.caller import CLIENTS, Unauthenticated

ClaimPath: TypeAlias = tuple[str, ...]
"""The names that lead to a claim, from the outermost object inwards."""

MOST_ROLES = 1_000
"""Names of roles in one claim; a token is 8,192 characters long at most."""


def claim_path(text: str) -> ClaimPath:
    """Return the path that a setting writes as one text.

    `realm_access.roles` is `roles` in `realm_access`. A name that is a URL, as some
    issuers require of claims of one's own, is one name with all its dots.
    """
    return (text,) if ":" in text or "/" in text else tuple(text.split("."))


class NamedBy(Struct, frozen=True):
    """Whom a token names, as the issuer writes it; nothing of it is judged yet."""

    subject: str
    platform: str | None
    roles: frozenset[str]


class ClaimMap(Struct, frozen=True, kw_only=True):
    """The claims that are read, and what the issuer's words for roles mean here.

    `role`: all that are there count. `values` None: the issuer uses our own names. If
    it is given, a name that is not in it is none of ours, whatever it is called.
    """

    subject: ClaimPath = ("sub",)
    role: tuple[ClaimPath, ...] = (("role",), ("roles",))
    platform: ClaimPath = ("platform",)
    values: Mapping[str, Role] | None = None

    def named(self, payload: bytes) -> NamedBy:
        """Read whom a signed token names. Raises Unauthenticated."""
        try:
            found = msgspec.json.decode(payload, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Unauthenticated("not-a-token") from None
        subject = _text(found, self.subject)
        if subject is None:
            raise Unauthenticated("wrong-claim", claim=_shown(self.subject))
        roles = {name for path in self.role for name in _texts(found, path)}
        return NamedBy(subject, _text(found, self.platform), frozenset(roles))

    def roles_of(self, named: NamedBy) -> list[Role]:
        """Return the roles of ours that a token names, in the order of their names."""
        # A set has no order, and issuers put roles of other systems into it.
        if self.values is None:
            return sorted(one for one in CLIENTS if one.value in named.roles)
        return sorted({self.values[one] for one in named.roles & self.values.keys()})


def _found(claims: dict[str, Any], path: ClaimPath) -> Any:
    """Return what a path leads to; None if it leads nowhere."""
    found: Any = claims
    for place, name in enumerate(path):
        if found is None:
            return None
        if not isinstance(found, dict):
            raise Unauthenticated("wrong-claim", claim=_shown(path[:place]))
        found = found.get(name)
    return found


def _text(claims: dict[str, Any], path: ClaimPath) -> str | None:
    found = _found(claims, path)
    # Nothing is converted: 5 and "5" may be two persons.
    if found is None or isinstance(found, str):
        return found
    raise Unauthenticated("wrong-claim", claim=_shown(path))


def _texts(claims: dict[str, Any], path: ClaimPath) -> Iterator[str]:
    """Yield the texts of a claim that is one text, or a list of them."""
    found = _found(claims, path)
    many = found if isinstance(found, list) else [] if found is None else [found]
    if len(many) > MOST_ROLES or not all(isinstance(one, str) for one in many):
        raise Unauthenticated("wrong-claim", claim=_shown(path))
    yield from many


def _shown(path: ClaimPath) -> str:
    return ".".join(path)
