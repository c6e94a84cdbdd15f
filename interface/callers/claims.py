"""The claims of a token: checked for type and form, then for time, issuer and role."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from domain.names import BadName
from domain.roles import Role
from interface.callers.caller import (
    CLIENTS,
    OVERSEERS,
    Caller,
    Unauthenticated,
    name_in_one_form,
)
from interface.callers.claim_map import ClaimMap, ClaimPath, NamedBy

LEEWAY_SECONDS = 30
"""How far the issuer's clock may differ from ours."""

MOST_ID = 256
"""Characters of a token's id (`jti`)."""

DAY_SECONDS = 86_400

END_OF_TIME = 253_402_300_800
"""The year 10000. A number of any length is valid JSON."""


class Claims(Struct, frozen=True):
    """What every token says in the same way (RFC 7519); a `ClaimMap` reads the rest.

    Times are seconds since 1970 (UTC). A claim of another type makes the token invalid:
    msgspec converts nothing, and takes no NaN and no lone surrogate.
    """

    exp: int | float
    iat: int | float
    nbf: int | float = 0
    iss: str | None = None
    aud: str | list[str] | None = None
    jti: str | None = None


class ClaimRules(Struct, frozen=True):
    """What an issuer's tokens have to say, and what they may.

    `issuer` or `audience` None: nothing is asked of it. `lifetime`: for how many
    seconds a token may be valid at most. `role`, `platform`: what every token stands
    for, whatever it says. `roles`, `platforms`: what tokens may name; `platforms` None
    are all, and then an overseer's token may name none.
    """

    issuer: str | None
    audience: str | None
    lifetime: int = DAY_SECONDS
    claims: ClaimMap = ClaimMap()
    role: Role | None = None
    roles: frozenset[Role] = CLIENTS
    platform: str | None = None
    platforms: frozenset[str] | None = None
    subject_prefix: str = ""


def decoded(payload: bytes) -> Claims:
    """Read the claims of a signed token. Raises Unauthenticated."""
    try:
        return msgspec.json.decode(payload, type=Claims)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # The message ends in the place: "… - at `$.platform`". Of a claim that is not
        # there, it names the claim: "… missing required field `exp`".
        place = str(error).rpartition("`")[0].rpartition("`")[2]
        claim = place.removeprefix("$.").partition("[")[0]
        if claim.isidentifier():
            raise Unauthenticated("wrong-claim", claim=claim) from None
        raise Unauthenticated("not-a-token") from None


def caller_of(claims: Claims, named: NamedBy, rules: ClaimRules, now: float) -> Caller:
    """Return whom a token is for, if it is valid at a time. Raises Unauthenticated."""
    _check_times(claims, rules, now)
    if rules.issuer is not None and claims.iss != rules.issuer:
        raise Unauthenticated("wrong-issuer")
    audiences = claims.aud if isinstance(claims.aud, list) else [claims.aud]
    if rules.audience is not None and rules.audience not in audiences:
        raise Unauthenticated("wrong-audience")
    subject = _name(rules.claims.subject, rules.subject_prefix + named.subject)
    if claims.jti is not None and not 1 <= len(claims.jti) <= MOST_ID:
        raise Unauthenticated("wrong-claim", claim="jti")
    platform, role = _platform(named, rules), _role(named, rules)
    if platform is None and role not in OVERSEERS:
        raise Unauthenticated("no-platform", role=role)
    return Caller(subject=subject, role=role, platform=platform)


def _platform(named: NamedBy, rules: ClaimRules) -> str | None:
    """Return the platform of a token, None for all. Raises Unauthenticated."""
    if rules.platform is not None:
        return rules.platform
    if named.platform is None:
        # An overseer without a platform sees all of them, not those of the issuer.
        if rules.platforms is not None:
            raise Unauthenticated("platform-missing")
        return None
    platform = _name(rules.claims.platform, named.platform)
    if rules.platforms is not None and platform not in rules.platforms:
        raise Unauthenticated("platform-not-issued")
    return platform


def _name(path: ClaimPath, text: str) -> str:
    try:
        return name_in_one_form(text)
    except BadName:
        raise Unauthenticated("wrong-claim", claim=".".join(path)) from None


def _check_times(claims: Claims, rules: ClaimRules, now: float) -> None:
    for name in ("exp", "iat", "nbf"):
        if not 0 <= getattr(claims, name) < END_OF_TIME:
            raise Unauthenticated("wrong-claim", claim=name)
    if claims.exp <= now - LEEWAY_SECONDS:
        raise Unauthenticated("expired")
    if max(claims.iat, claims.nbf) > now + LEEWAY_SECONDS:
        raise Unauthenticated("not-valid-yet")
    # A token without an end in sight would outlive every list of revoked ones.
    if claims.exp - claims.iat > rules.lifetime:
        limit = str(rules.lifetime)
        raise Unauthenticated("valid-too-long", limit=limit)


def _role(named: NamedBy, rules: ClaimRules) -> Role:
    """Return the one role of ours that a token names. Raises Unauthenticated."""
    if rules.role is not None:
        return rules.role
    # Of several, which one is meant cannot be told.
    found = rules.claims.roles_of(named)
    if not found:
        known = ", ".join(sorted(rules.roles))
        raise Unauthenticated("no-role", roles=known)
    if len(found) > 1:
        raise Unauthenticated("several-roles", roles=", ".join(found))
    # Not passed over like a role of another system: the issuer claims to give it.
    if found[0] not in rules.roles:
        raise Unauthenticated("role-not-issued", role=found[0])
    return found[0]
