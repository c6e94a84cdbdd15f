"""The endpoints of a platform that are told of events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, QueryParameter
from msgspec import Meta

from application.cases.as_of import KINDS
from application.deliveries.webhook import State, Webhook
from application.deliveries.webhook_table import MOST, Made, Place, TooManyWebhooks
from application.deliveries.webhook_url import (
    MAX_URL,
    UrlRefused,
    check_addresses,
    check_url,
)
from domain.refusals import Invalid, Problem
from domain.roles import Role
from interface.api.commands.fields import Body
from interface.api.cursors import opened, page
from interface.api.idempotency import once
from interface.api.openapi.operations import (
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    Reading,
    Writing,
    answering,
    example,
)
from interface.api.openapi.text_forms import Cursor
from interface.api.openapi.webhook_examples import MADE, WEBHOOK
from interface.api.problems import Failure
from interface.api.recorded_reads import only_by
from interface.api.request_context import RequestContext
from interface.api.responses.webhook_state import (
    WebhookMade,
    WebhookShown,
    WebhooksPage,
    webhook_shown,
)

MANAGERS = only_by(Role.SUPERVISOR, Role.PLATFORM)

Url = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_URL,
        description="https, without user, password or fragment; no private address.",
    ),
]
Events = Annotated[
    tuple[Literal[KINDS], ...],  # type: ignore[valid-type]
    Meta(min_length=1, max_length=len(KINDS), description="Kinds of events."),
]


class WebhookBody(Body, frozen=True, kw_only=True):
    """Where events are sent, and of which kinds; without `events`, of every kind."""

    url: Url
    events: Events | None = None


class WebhooksController(Controller):
    """Who is told of events."""

    path = "/v1/webhooks"
    tags = ("webhooks",)

    @post(
        operation_class=answering(Writing, MADE),
        responses=WRITE_PROBLEMS,
        operation_id="createWebhook",
        summary="Add a webhook",
        status_code=201,
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def create(
        self,
        context: NamedDependency[RequestContext],
        data: Annotated[
            WebhookBody,
            BodyKwarg(
                examples=[
                    example(
                        "Told of decisions",
                        {
                            "url": "https://example.com/redress",
                            "events": ["ruled", "closed"],
                        },
                    )
                ]
            ),
        ],
    ) -> WebhookMade:
        """Have a URL told of what is recorded from now on (supervisor, platform).

        The answer holds the secret that signs the messages. It is not shown again.
        """
        check_target(context, data.url)
        webhook = Webhook(
            webhook_id=context.command_id(),
            platform=_platform(context),
            url=data.url,
            topics=data.events,
            state=State.ACTIVE,
            after=0,
            created_at=datetime.now(UTC),
        )
        return made_once(context, data, lambda: _create(context, webhook))

    @get(
        operation_class=answering(Reading, {"items": [WEBHOOK], "next": None}),
        responses=READ_PROBLEMS,
        operation_id="listWebhooks",
        summary="List webhooks",
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def webhooks(
        self,
        context: NamedDependency[RequestContext],
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
    ) -> WebhooksPage:
        """List the platform's webhooks, the oldest first; not those deleted."""
        platform = _platform(context)
        return page(
            WebhooksPage,
            lambda after, many: context.system.webhooks.listed(platform, many, after),
            webhook_shown,
            lambda one: (one.created_at, one.webhook_id),
            limit,
            opened(cursor, Place, context.list_name),
        )

    @get(
        "/{webhook_id:uuid}",
        operation_class=answering(Reading, WEBHOOK),
        responses=READ_PROBLEMS,
        operation_id="getWebhook",
        summary="Show a webhook",
        sync_to_thread=True,
        opt=MANAGERS,
    )
    def webhook(
        self, context: NamedDependency[RequestContext], webhook_id: FromPath[UUID]
    ) -> WebhookShown:
        """Show a webhook, without its secret; also a deleted one."""
        return webhook_shown(find_webhook(context, webhook_id))


def find_webhook(
    context: RequestContext, webhook_id: UUID, *, live: bool = False
) -> Webhook:
    """Return a webhook of the caller's platform. Raises Failure."""
    found = context.system.webhooks.find(webhook_id, _platform(context))
    # One answer for all: what another platform has is its own matter.
    if found is None or (live and found.state is State.DELETED):
        raise Failure("no-such-webhook")
    return found


def _platform(context: RequestContext) -> str:
    return context.caller.platform or ""


def check_target(context: RequestContext, url: str) -> None:
    """Raise Invalid unless messages may be sent to a URL."""
    rules = context.system.settings.outbound_rules
    try:
        check_url(url, rules)
        check_addresses(url, rules)
    except UrlRefused as refused:
        raise Invalid([Problem("/url", str(refused))]) from None


def made_once(
    context: RequestContext, data: Body, make: Callable[[], Made]
) -> WebhookMade:
    """Make a secret once under the request's key; return the endpoint with it."""
    # What is kept under the key is which secret it was, never the secret itself.
    made = once(context, data, Made, make)
    webhook = find_webhook(context, made.webhook_id)
    secret = context.system.webhooks.shown_secret(made, datetime.now(UTC))
    return WebhookMade(webhook=webhook_shown(webhook), secret=secret)


def _create(context: RequestContext, webhook: Webhook) -> Made:
    try:
        return context.system.webhooks.create(webhook, context.caller.subject)
    except TooManyWebhooks:
        raise Failure("too-many-webhooks", most=str(MOST)) from None
