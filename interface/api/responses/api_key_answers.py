"""An API key as it is shown: whom it stands for and what it is for, not its secret."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from application.access.api_keys import ApiKey
from domain.roles import Role


class ApiKeyShown(Struct, frozen=True, kw_only=True):
    """An API key, without its secret. `scopes` null: for all that the role may do.

    `creator_role` and `revoker_role` null: an operator, at the command line. `used_at`
    is exact to the minute.
    """

    id: str
    name: str
    role: Role
    platform: str | None
    subject: str
    scopes: tuple[str, ...] | None
    created_by: str
    creator_role: Role | None
    created_at: datetime
    expires_at: datetime
    revoked_by: str | None
    revoker_role: Role | None
    revoked_at: datetime | None
    reason: str | None
    used_at: datetime | None


class ApiKeyMade(ApiKeyShown, frozen=True, kw_only=True):
    """A new API key. `key` is told this once: repeated requests answer null."""

    key: str | None


def shown(key: ApiKey) -> ApiKeyShown:
    """Return a key as it is shown: without what it is found by."""
    fields = {name: getattr(key, name) for name in ApiKeyShown.__struct_fields__[1:]}
    return ApiKeyShown(id=key.key_id, **fields)


def fields_of(answer: ApiKeyShown) -> dict[str, Any]:
    """Return the fields of a key as it is shown."""
    return {name: getattr(answer, name) for name in ApiKeyShown.__struct_fields__}
