"""Gauges of the work that waits: deliveries, the agenda, the head of the log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from interface.api.gauges import gauge, labelled
from projections.health.delivery_health import DeliveryHealth
from projections.health.operation_figures import OperationFigures

WEBHOOK, NOTICE = ("webhook",), ("notice",)


class WorkGauges(Collector):
    """What waits, how much of it, and for how long. `now`: the installation's time."""

    def __init__(
        self, webhooks: DeliveryHealth, figures: OperationFigures, now: datetime
    ) -> None:
        self._webhooks, self._figures, self._now = webhooks, figures, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every gauge."""
        figures = self._figures
        yield from self._deliveries()
        says = "Webhooks whose receivers said that they are gone."
        yield gauge("webhooks_disabled", says, self._webhooks.disabled)
        says = "How long the first deadline or notice has been due."
        yield gauge("agenda_late_seconds", says, _ago(figures.agenda_since, self._now))
        says = "How long the first event waits that no checkpoint covers."
        waits = _ago(figures.unsigned_since, self._now)
        yield gauge("log_unsigned_seconds", says, waits)
        if figures.head_at is not None:
            says = "Age of the signed checkpoint; on a quiet platform it may be old."
            yield gauge("log_head_seconds", says, _ago(figures.head_at, self._now))
        if figures.log_key_at is not None:
            says = "Age of the newest key that signs the log."
            yield gauge("log_key_seconds", says, _ago(figures.log_key_at, self._now))

    def _deliveries(self) -> Iterator[GaugeMetricFamily]:
        webhooks, figures = self._webhooks, self._figures
        yield labelled(
            "deliveries_waiting",
            "Messages not delivered yet.",
            ["kind"],
            [(WEBHOOK, webhooks.waiting), (NOTICE, figures.notices_waiting)],
        )
        yield labelled(
            "deliveries_dead",
            "Messages that were given up.",
            ["kind"],
            [(WEBHOOK, webhooks.dead), (NOTICE, figures.notices_dead)],
        )
        notices = _ago(figures.notices_oldest, datetime.now(UTC))
        yield labelled(
            "deliveries_oldest_seconds",
            "How long the oldest message has waited.",
            ["kind"],
            [(WEBHOOK, webhooks.oldest_seconds), (NOTICE, notices)],
        )


def _ago(moment: datetime | None, now: datetime) -> float:
    """Return how many seconds ago something was, 0.0 for nothing."""
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())
