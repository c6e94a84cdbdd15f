"""Wires what sends messages to others: the kinds of jobs, and their queues."""

from __future__ import annotations

from datetime import timedelta

from application.deliveries.delivery_worker import DeliveryWorker
from application.deliveries.dispatch import Dispatch
from application.deliveries.guarded_http import GuardedHttp
from application.deliveries.webhook_plan import webhook_plan
from application.deliveries.webhook_sender import WebhookSender
from interface.bootstrap import System


def dispatch(system: System) -> Dispatch:
    """Return what says of each event to whom it is told."""
    kept = timedelta(days=system.settings.deliveries.days)
    return Dispatch(system.url, [webhook_plan], kept)


def delivery_worker(system: System) -> DeliveryWorker:
    """Return what does the jobs of the queue."""
    settings = system.settings.deliveries
    http = GuardedHttp(
        system.settings.outbound_rules, whole_seconds=float(settings.seconds)
    )
    webhooks = WebhookSender(system.database, system.keys, http, settings.schedule)
    return DeliveryWorker(system.url, [webhooks.kind], webhooks.bounds)
