"""Says why a grant does not let somebody read what they ask for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from application.access.grants import Grant


def described(
    grant: Grant, now: datetime, platform: str | None, case: UUID | None
) -> str:
    """Return a grant's id and what is wrong with it for this platform and case."""
    if grant.revoked_at is not None:
        state = f"revoked {grant.revoked_at:%Y-%m-%dT%H:%MZ}"
    elif grant.ends <= now:
        state = f"expired {grant.ends:%Y-%m-%dT%H:%MZ}"
    elif grant.begins > now:
        state = f"begins {grant.begins:%Y-%m-%dT%H:%MZ}"
    elif platform is None:
        state = f"for the platform {grant.platform}: ask with a token of it"
    else:
        state = "for other cases" if case else "for single cases only"
    return f"{grant.grant_id} ({state})"
