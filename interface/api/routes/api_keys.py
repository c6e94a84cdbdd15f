"""API keys: made by persons for programs, listed without secrets, and revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, QueryParameter
from msgspec import Meta

from application.access import api_keys
from application.access.api_keys import ApiKey
from interface.api.api_key_terms import GRANTS, ApiKeyBody, new_key
from interface.api.commands.fields import Body
from interface.api.commands.id_fields import in_one_form
from interface.api.cursors import Page, opened, page
from interface.api.idempotency import once
from interface.api.key_scopes import FOR_PERSONS
from interface.api.openapi.operations import (
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Reading,
    Writing,
    answering,
    example,
)
from interface.api.openapi.oversight_examples import (
    API_KEY,
    MADE_API_KEY,
    REVOKED_API_KEY,
)
from interface.api.openapi.text_forms import Cursor
from interface.api.problems import Failure
from interface.api.recorded_reads import only_by, unrecorded
from interface.api.request_context import RequestContext
from interface.api.responses.api_key_answers import (
    ApiKeyMade,
    ApiKeyShown,
    fields_of,
    shown,
)
from interface.callers.api_key_text import is_key_id, new_text

MAKERS = (
    only_by(*GRANTS)
    | FOR_PERSONS
    | unrecorded("keys are about no case; who made or ended one is kept with it")
)
MAKING = example(
    "A shop's order system, for filings only",
    {
        "name": "Order system",
        "role": "platform",
        "subject": "order-system",
        "scopes": ["fileDispute", "GET /v1/disputes"],
        "expires_at": "2027-02-01T00:00:00+08:00",
    },
)


REVOKING = example("A key that was lost", {"reason": "Found in a log of the shop"})


class ApiKeysPage(Page[ApiKeyShown], frozen=True, kw_only=True):
    """One page of API keys."""


class RevocationBody(Body, frozen=True, kw_only=True):
    """Why a key is revoked."""

    reason: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class ApiKeysController(Controller):
    """Keys by which programs call."""

    path = "/v1/api-keys"
    tags = ("api-keys",)

    @post(
        operation_class=answering(Writing, MADE_API_KEY),
        responses=WRITE_PROBLEMS,
        operation_id="createApiKey",
        summary="Make an API key",
        status_code=201,
        sync_to_thread=True,
        opt=MAKERS,
    )
    def make(
        self,
        context: NamedDependency[RequestContext],
        request: Request[Any, Any, Any],
        data: Annotated[ApiKeyBody, BodyKwarg(examples=[MAKING])],
    ) -> ApiKeyMade:
        """Make a key for a program; it holds in every process within a second.

        A supervisor makes keys of the roles platform and analyst for their own
        platform; a regulator, of the roles auditor, regulator and analyst.
        """
        body = in_one_form(data)
        made: list[str] = []

        def work() -> ApiKeyShown:
            text = new_text()
            key = new_key(context, request.app, body, text)
            with context.system.database.get_connection() as connection:
                api_keys.create(connection, key)
            made.append(text)
            return shown(key)

        # What is kept for a repeated request is the key without its secret.
        answer = once(context, data, ApiKeyShown, work)
        return ApiKeyMade(**fields_of(answer), key=made[0] if made else None)

    @get(
        operation_class=answering(Reading, {"items": [API_KEY], "next": None}),
        responses=READ_PROBLEMS,
        operation_id="listApiKeys",
        summary="List API keys",
        sync_to_thread=True,
        opt=MAKERS,
    )
    def keys(
        self,
        context: NamedDependency[RequestContext],
        limit: Annotated[int, QueryParameter(ge=1, le=1_000)] = 200,
        cursor: Cursor = None,
    ) -> ApiKeysPage:
        """List the keys that the caller may make, the latest first, without secrets."""
        caller, roles = context.caller, GRANTS[context.caller.role]

        def rows(before: int | None, many: int) -> Any:
            with context.system.database.get_connection() as connection:
                return api_keys.listed(connection, caller.platform, roles, many, before)

        begins = opened(cursor, int, context.list_name)
        return page(ApiKeysPage, rows, shown, lambda one: one.number, limit, begins)

    @post(
        "/{key_id:str}/revocation",
        operation_class=answering(Writing, REVOKED_API_KEY),
        responses=WRITE_PROBLEMS,
        operation_id="revokeApiKey",
        summary="Revoke an API key",
        status_code=200,
        sync_to_thread=True,
        opt=MAKERS,
    )
    def revoke(
        self,
        context: NamedDependency[RequestContext],
        key_id: FromPath[str],
        data: Annotated[RevocationBody, BodyKwarg(examples=[REVOKING])],
    ) -> ApiKeyShown:
        """End a key for good; no process takes it after a second."""
        key = _found(context, key_id)
        by = context.caller.subject, context.caller.role

        def work() -> ApiKeyShown:
            with context.system.database.get_connection() as connection:
                now = datetime.now(UTC)
                api_keys.revoke(connection, key.key_id, data.reason, by, now)
            return shown(_found(context, key_id))

        return once(context, data, ApiKeyShown, work)


def _found(context: RequestContext, key_id: str) -> ApiKey:
    """Return a key that the caller may make and revoke. Raises Failure."""
    caller = context.caller
    if is_key_id(key_id):
        with context.system.database.get_connection() as connection:
            key = api_keys.found(connection, key_id)
        # One answer for all: what others made is their own matter.
        if (
            key is not None
            and key.role in GRANTS[caller.role]
            and caller.platform in {None, key.platform}
        ):
            return key
    raise Failure("no-such-api-key")
