"""`/metrics`: the state of the parts, in Prometheus' text format."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from application.jobs.status import StatusReport
from interface.api.bulkheads import Work, work
from interface.api.recorded_reads import public
from interface.bootstrap import System
from interface.callers.bearer_token import token_text
from interface.callers.caller import Unauthenticated
from interface.health import examined
from projections.health.delivery_health import DeliveryHealth
from projections.health.examination import Examination
from projections.health.log_health import LogHealth
from projections.health.view_health import ViewHealth

MEDIA_TYPE = "text/plain; version=0.0.4"


@get(
    "/metrics",
    tags=["operation"],
    operation_id="readMetrics",
    summary="Gauges",
    sync_to_thread=True,
    media_type=MediaType.TEXT,
    opt=public("numbers of all platforms together; REDRESS_METRICS_TOKEN closes it")
    | work(Work.HEALTH),
)
def metrics(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> Response[str]:
    """Return the gauges of views and log for Prometheus.

    Public, or for whoever sends the bearer token that the operator has set.
    """
    _check_token(request, system.settings.callers.metrics_token)
    # A registry for each scrape: the gauges are counted by the database, not here.
    registry = CollectorRegistry()
    registry.register(_Gauges(examined(system)))
    return Response(generate_latest(registry).decode(), media_type=MEDIA_TYPE)


def _check_token(request: Request[Any, Any, Any], expected: str | None) -> None:
    if expected is None:
        return
    sent = token_text(request.headers.get("authorization"))
    if sent is None:
        raise Unauthenticated("no-token")
    # In constant time: how long a comparison takes would tell how much of it is right.
    if not hmac.compare_digest(sent.encode("utf-8", "replace"), expected.encode()):
        raise Unauthenticated("not-for-metrics")


class _Gauges(Collector):
    """One examination as gauges."""

    def __init__(self, found: Examination) -> None:
        self._found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every gauge."""
        found = self._found
        yield _gauge("ready", "Whether all is well.", not found.unready)
        yield _gauge("unordered_events", "Events without a position.", found.unordered)
        yield from _view_gauges(found.views)
        yield from _log_gauges(found.log)
        yield from _thread_gauges(found.threads)
        yield from _delivery_gauges(found.deliveries)
        yield _labelled(
            "finding",
            "What is wrong, by part, kind and severity.",
            ["part", "kind", "severity"],
            (((one.part, one.kind, one.severity), 1) for one in found.findings),
        )


def _view_gauges(views: tuple[ViewHealth, ...]) -> Iterator[GaugeMetricFamily]:
    yield _labelled(
        "view_lag_events",
        "Events that a view is behind.",
        ["view"],
        (((one.name,), one.lag) for one in views),
    )
    yield _labelled(
        "view_parked_cases",
        "Cases that a view set aside.",
        ["view"],
        (((one.name,), one.parked) for one in views),
    )
    yield _labelled(
        "view_halted",
        "Whether a view has halted.",
        ["view"],
        (((one.name,), one.halted is not None) for one in views),
    )
    yield _labelled(
        "view_differs",
        "Whether a view has a row that is not what the record says.",
        ["view"],
        (((one.name,), one.differs is not None) for one in views),
    )
    yield _labelled(
        "view_audited_seconds",
        "When the last audit of a whole view ended (POSIX).",
        ["view"],
        (
            ((one.name,), one.audited_at.timestamp())
            for one in views
            if one.audited_at is not None
        ),
    )


def _log_gauges(log: LogHealth) -> Iterator[GaugeMetricFamily]:
    yield _gauge("log_entries", "Entries of the log.", log.size)
    yield _gauge("log_signed_entries", "Entries that are signed.", log.signed)
    yield _gauge("log_cosigned_entries", "Entries that are co-signed.", log.cosigned)
    yield _gauge("log_unlogged_events", "Events that the log lacks.", log.unlogged)
    yield _labelled(
        "log_part_reached",
        "How far signer, auditors (events) and witnesses (entries) are.",
        ["part"],
        (((one.part,), one.reached) for one in log.parts),
    )
    yield _labelled(
        "log_part_problem",
        "Whether signer, an auditor or a witness found something wrong.",
        ["part"],
        (((one.part,), one.problem is not None) for one in log.parts),
    )
    yield _labelled(
        "log_part_reported_seconds",
        "When it last said so (POSIX).",
        ["part"],
        (((one.part,), one.at.timestamp()) for one in log.parts),
    )


def _thread_gauges(threads: tuple[StatusReport, ...]) -> Iterator[GaugeMetricFamily]:
    yield _labelled(
        "thread_restarts",
        "How often a thread was started again.",
        ["thread"],
        (((one.name,), one.reached) for one in threads),
    )
    yield _labelled(
        "thread_ended",
        "What ended a thread, until it has run again for a while.",
        ["thread", "error"],
        (((one.name, one.problem.split()[0]), 1) for one in threads if one.problem),
    )


def _delivery_gauges(found: DeliveryHealth) -> Iterator[GaugeMetricFamily]:
    dead, waiting = "Messages that were given up.", "Messages not delivered yet."
    yield _gauge("webhook_dead_letters", dead, found.dead)
    yield _gauge("webhook_waiting_messages", waiting, found.waiting)
    says = "How long the oldest message has waited."
    yield _gauge("webhook_oldest_waiting_seconds", says, found.oldest_seconds)
    disabled = "Webhooks whose receivers said that they are gone."
    yield _gauge("webhook_disabled", disabled, found.disabled)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"redress_{name}", says, value=float(value))


def _labelled(
    name: str,
    says: str,
    labels: list[str],
    samples: Iterable[tuple[tuple[str, ...], float]],
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"redress_{name}", says, labels=labels)
    for values, number in samples:
        family.add_metric(values, float(number))
    return family
