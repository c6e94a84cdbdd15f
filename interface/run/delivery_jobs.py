"""Wires what sends messages to others: the kinds of jobs, and their queues."""

from __future__ import annotations

from application.deliveries.delivery_worker import DeliveryWorker
from application.deliveries.guarded_http import GuardedHttp
from application.deliveries.webhook_sender import WebhookSender
from interface.bootstrap import System


def delivery_worker(system: System) -> DeliveryWorker:
    """Return what does the jobs of the queue."""
    settings = system.settings.deliveries
    http = GuardedHttp(
        system.settings.outbound_rules, whole_seconds=float(settings.seconds)
    )
    webhooks = WebhookSender(system.database, system.keys, http, settings.schedule)
    return DeliveryWorker(system.url, [webhooks.kind], webhooks.bounds)
