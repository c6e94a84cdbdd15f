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

LEEWAY_SECONDS = 30
"""How far the issuer's clock may differ from ours."""

MOST_ID = 256
"""Characters of a token's id (`jti`)."""

DAY_SECONDS = 86_400

END_OF_TIME = 253_402_300_800
"""The year 10000. A number of any length is valid JSON."""


class Claims(Struct, frozen=True):
    """What a token says; other claims are passed over.

    Times are seconds since 1970 (UTC). A claim of another type makes the token invalid:
    msgspec converts nothing, and takes no NaN and no lone surrogate.
    """

    sub: str
    exp: int | float
    iat: int | float
    nbf: int | float = 0
    iss: str | None = None
    aud: str | list[str] | None = None
    role: str | None = None
    roles: str | list[str] | None = None
    platform: str | None = None
    jti: str | None = None


class ClaimRules(Struct, frozen=True):
    """What tokens have to name, and for how many seconds one may be valid at most.

    `issuer` or `audience` None: nothing is asked of it.
    """

    issuer: str | None
    audience: str | None
    lifetime: int = DAY_SECONDS


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


def caller_of(claims: Claims, rules: ClaimRules, now: float) -> Caller:
    """Return whom a token is for, if it is valid at a time. Raises Unauthenticated."""
    _check_times(claims, rules, now)
    if rules.issuer is not None and claims.iss != rules.issuer:
        raise Unauthenticated("wrong-issuer")
    named = claims.aud if isinstance(claims.aud, list) else [claims.aud]
    if rules.audience is not None and rules.audience not in named:
        raise Unauthenticated("wrong-audience")
    subject = _name("sub", claims.sub)
    platform = None if claims.platform is None else _name("platform", claims.platform)
    if claims.jti is not None and not 1 <= len(claims.jti) <= MOST_ID:
        raise Unauthenticated("wrong-claim", claim="jti")
    role = _role(claims)
    if platform is None and role not in OVERSEERS:
        raise Unauthenticated("no-platform", role=role)
    return Caller(subject=subject, role=role, platform=platform)


def _name(claim: str, text: str) -> str:
    try:
        return name_in_one_form(text)
    except BadName:
        raise Unauthenticated("wrong-claim", claim=claim) from None


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


def _role(claims: Claims) -> Role:
    """Return the one role of ours that a token names. Raises Unauthenticated."""
    # A set has no order, and issuers put roles of other systems into it. Both claims
    # count: which of the two is meant cannot be told.
    roles = {claims.role}
    roles |= (
        {claims.roles} if isinstance(claims.roles, str) else {*(claims.roles or ())}
    )
    found = sorted(one for one in CLIENTS if one.value in roles)
    if not found:
        known = ", ".join(sorted(CLIENTS))
        raise Unauthenticated("no-role", roles=known)
    if len(found) > 1:
        raise Unauthenticated("several-roles", roles=", ".join(found))
    return found[0]
