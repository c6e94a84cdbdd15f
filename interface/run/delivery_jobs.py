"""Wires what sends messages to others: the kinds of jobs, and their queues."""

from __future__ import annotations

from application.deliveries.delivery_worker import DeliveryWorker
from application.deliveries.dispatch import Plan
from application.deliveries.guarded_http import GuardedHttp
from application.deliveries.webhook_plan import webhook_plan
from application.deliveries.webhook_sender import WebhookSender
from application.notices.channels import Channel, MailRoute, SmsRoute
from application.notices.notice_plan import NoticePlan
from application.notices.notice_sender import NoticeSender, Routes
from interface.bootstrap import System


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


def plans(system: System) -> tuple[Plan, ...]:
    """Return what follows from events: messages to webhooks, and notices."""
    return webhook_plan, NoticePlan(system.settings.notices.channels)
