"""Wires what sends messages to others: the kinds of jobs, and their queues."""

from __future__ import annotations

from datetime import timedelta

from application.deliveries.delivery_worker import DeliveryWorker
from application.deliveries.dispatch import Dispatch
from application.deliveries.guarded_http import GuardedHttp
from application.deliveries.webhook_plan import webhook_plan
from application.deliveries.webhook_sender import WebhookSender
from application.jobs.leader import LeaderJob
from application.notices.notice_plan import NoticePlan
from application.notices.notice_sender import NoticeSender, Routes
from application.notices.routes import MailRoute, SmsRoute
from application.operator_error import OperatorError
from domain.notices.channel import Channel
from interface.bootstrap import System


def dispatch(system: System) -> Dispatch:
    """Return what says of each event to whom it is told."""
    kept = timedelta(days=system.settings.deliveries.days)
    notices = NoticePlan(system.settings.notices.channels)
    return Dispatch(system.url, [webhook_plan, notices], kept)


def delivery_worker(system: System) -> DeliveryWorker:
    """Return what does the jobs of the queue."""
    settings = system.settings.deliveries
    http = GuardedHttp(
        system.settings.outbound_rules, whole_seconds=float(settings.seconds)
    )
    webhooks = WebhookSender(system.database, system.keys, http, settings.schedule)
    notices = NoticeSender(
        system.database,
        system.disputes,
        system.rulebooks,
        notice_routes(system),
        system.settings.notices.schedule,
    )
    return DeliveryWorker(
        system.url,
        [webhooks.kind, notices.kind],
        lambda: webhooks.bounds() | notices.bounds(),
    )


def nats_publisher(system: System) -> LeaderJob | None:
    """Return what publishes the feed, where a server is set. Raises OperatorError."""
    settings = system.settings.feed
    if settings.nats is None:
        return None
    try:
        # An option: most platforms have no such server.
        from application.feed.nats_publisher import NatsPublisher
    except ModuleNotFoundError:
        raise OperatorError(
            "REDRESS_NATS_URL: the extra `nats` is not installed: pip install"
            " '.[nats]' in the folder of the sources"
        ) from None
    return NatsPublisher(system.url, settings.nats, settings.stream)


def notice_routes(system: System) -> Routes:
    """Return how notices leave the house, by the settings."""
    settings = system.settings.notices
    mail = sms = None
    if Channel.MAIL in settings.channels:
        mail = MailRoute(
            url=settings.mail_server or "",
            sender=settings.mail_from or "",
            plain=system.settings.is_development,
        )
    if Channel.SMS in settings.channels:
        sms = SmsRoute(url=settings.sms_gateway or "", token=settings.sms_token)
    return Routes(
        mail=mail,
        sms=sms,
        in_site=Channel.IN_SITE in settings.channels,
        pages=settings.pages,
    )
