"""What a person may ask for when they make an API key, and who may make which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from litestar import Litestar
from msgspec import Meta

from application.access.api_keys import ApiKey
from domain.refusals import Invalid, Problem, refuse_if
from domain.roles import Role
from interface.api.commands.fields import SAYS, Body, Id, Time, utc
from interface.api.key_scopes import unknown_scopes
from interface.api.request_context import RequestContext
from interface.callers.api_key_text import id_in
from interface.callers.caller import OVERSEERS

GRANTS: Mapping[Role, frozenset[Role]] = {
    Role.SUPERVISOR: frozenset({Role.PLATFORM, Role.ANALYST}),
    Role.REGULATOR: OVERSEERS,
}
"""For which roles who may make keys. A supervisor's programs serve the platform: with
the key of a person they could act as that person, or as whoever watches the platform.
Nobody can for a mediator or a supervisor: who decides a case is a person."""

MOST_SCOPES = 100


class ApiKeyBody(Body, frozen=True, kw_only=True):
    """A program, as whom it calls, what for, and until when."""

    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=SAYS)]
    role: Literal["platform", "analyst", "auditor", "regulator"]
    subject: Id
    platform: Id | None = None
    scopes: (
        Annotated[
            tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...],
            Meta(
                min_length=1,
                max_length=MOST_SCOPES,
                description=(
                    "Ids of operations, or methods with paths such as"
                    " `GET /v1/disputes`, which cover what is below them; without"
                    " it, all that the role may do."
                ),
            ),
        ]
        | None
    ) = None
    expires_at: Time


def new_key(
    context: RequestContext,
    app: Litestar,
    body: ApiKeyBody,
    text: str,
) -> ApiKey:
    """Return the key that is asked for. Raises Invalid for one beyond the caller."""
    # By the clock of tokens, not by one that a sandbox has moved.
    now, caller = datetime.now(UTC), context.caller
    expires = utc(body.expires_at, "/expires_at")
    problems = [
        *_beyond(context, body),
        *expiry_faults(expires, now, context.system.settings.callers.api_key_days),
        *(
            Problem(f"/scopes/{place}", "no-scope")
            for place in unknown_scopes(app, body.scopes or ())
        ),
    ]
    refuse_if(problems)
    if expires is None:
        raise Invalid([Problem("/expires_at", "required")])
    return ApiKey(
        number=0,
        key_id=id_in(text),
        digest=context.system.api_keys.digest(text),
        name=body.name,
        role=Role(body.role),
        platform=body.platform or caller.platform,
        subject=body.subject,
        scopes=body.scopes,
        created_by=caller.subject,
        creator_role=caller.role,
        created_at=now,
        expires_at=expires,
    )


def _beyond(context: RequestContext, body: ApiKeyBody) -> list[Problem]:
    """Return what of a key is above what the caller may give."""
    caller = context.caller
    problems = []
    if body.role not in GRANTS[caller.role]:
        roles = ", ".join(sorted(GRANTS[caller.role]))
        details = {"value": body.role, "roles": roles}
        problems.append(Problem("/role", "role-not-granted", details))
    if caller.platform is not None and body.platform not in {None, caller.platform}:
        problems.append(Problem("/platform", "not-your-platform"))
    return problems


def expiry_faults(
    expires: datetime | None, now: datetime, most_days: int
) -> list[Problem]:
    """Return what is wrong with the time at which a key is to expire."""
    if expires is not None and expires <= now:
        return [Problem("/expires_at", "ends-past")]
    if expires is not None and expires - now > timedelta(days=most_days):
        return [Problem("/expires_at", "key-too-long", {"days": str(most_days)})]
    return []
