"""`/metrics`: the state of the parts, and this process' own counts, for Prometheus."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from application.jobs.status import StatusReport
from application.record.row_scope import Beyond, beyond
from interface.api.bulkheads import Work, work
from interface.api.gauges import gauge, labelled
from interface.api.process_gauges import ProcessGauges
from interface.api.recorded_reads import public
from interface.api.request_metrics import REGISTRY
from interface.api.work_gauges import WorkGauges
from interface.bootstrap import System
from interface.callers.bearer_token import token_text
from interface.callers.caller import Unauthenticated
from interface.health import examined
from projections.health.examination import Examination
from projections.health.log_health import LogHealth
from projections.health.operation_figures import operation_figures
from projections.health.view_health import ViewHealth

MEDIA_TYPE = "text/plain; version=0.0.4"


@get(
    "/metrics",
    tags=["operation"],
    operation_id="readMetrics",
    summary="Metrics for Prometheus",
    sync_to_thread=True,
    media_type=MediaType.TEXT,
    opt=public("numbers of all platforms together; REDRESS_METRICS_TOKEN closes it")
    | work(Work.HEALTH),
)
def metrics(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> Response[str]:
    """Return the gauges of the installation, and what this process counts of itself.

    Each serving process answers for itself: Prometheus asks all of them. Public, or for
    whoever sends the bearer token that the operator has set.
    """
    _check_token(request, system.settings.callers.metrics_token)
    found = examined(system)
    with beyond(Beyond.HEALTH), system.database.get_connection() as connection:
        figures = operation_figures(connection, system.clock())
    # A registry for each scrape: these are counted by the database, not here.
    registry = CollectorRegistry()
    registry.register(_Gauges(found))
    registry.register(WorkGauges(found.deliveries, figures, system.clock()))
    registry.register(ProcessGauges(system, request.app.state))
    told = generate_latest(registry) + generate_latest(REGISTRY)
    return Response(told.decode(), media_type=MEDIA_TYPE)


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
        yield gauge("ready", "Whether all is well.", not found.unready)
        yield gauge("unordered_events", "Events without a position.", found.unordered)
        yield from _view_gauges(found.views)
        yield from _log_gauges(found.log)
        yield from _thread_gauges(found.threads)
        yield labelled(
            "finding",
            "What is wrong, by part, kind and severity.",
            ["part", "kind", "severity"],
            (((one.part, one.kind, one.severity), 1) for one in found.findings),
        )


def _view_gauges(views: tuple[ViewHealth, ...]) -> Iterator[GaugeMetricFamily]:
    yield labelled(
        "view_lag_events",
        "Events that a view is behind.",
        ["view"],
        (((one.name,), one.lag) for one in views),
    )
    yield labelled(
        "view_parked_cases",
        "Cases that a view set aside.",
        ["view"],
        (((one.name,), one.parked) for one in views),
    )
    yield labelled(
        "view_halted",
        "Whether a view has halted.",
        ["view"],
        (((one.name,), one.halted is not None) for one in views),
    )
    yield labelled(
        "view_differs",
        "Whether a view has a row that is not what the record says.",
        ["view"],
        (((one.name,), one.differs is not None) for one in views),
    )
    yield labelled(
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
    yield gauge("log_entries", "Entries of the log.", log.size)
    yield gauge("log_signed_entries", "Entries that are signed.", log.signed)
    yield gauge("log_cosigned_entries", "Entries that are co-signed.", log.cosigned)
    yield gauge("log_unlogged_events", "Events that the log lacks.", log.unlogged)
    yield labelled(
        "log_part_reached",
        "How far signer, auditors (events) and witnesses (entries) are.",
        ["part"],
        (((one.part,), one.reached) for one in log.parts),
    )
    yield labelled(
        "log_part_problem",
        "Whether signer, an auditor or a witness found something wrong.",
        ["part"],
        (((one.part,), one.problem is not None) for one in log.parts),
    )
    yield labelled(
        "log_part_reported_seconds",
        "When it last said so (POSIX).",
        ["part"],
        (((one.part,), one.at.timestamp()) for one in log.parts),
    )


def _thread_gauges(threads: tuple[StatusReport, ...]) -> Iterator[GaugeMetricFamily]:
    yield labelled(
        "thread_restarts",
        "How often a thread was started again.",
        ["thread"],
        (((one.name,), one.reached) for one in threads),
    )
    yield labelled(
        "thread_ended",
        "What ended a thread, until it has run again for a while.",
        ["thread", "error"],
        (((one.name, one.problem.split()[0]), 1) for one in threads if one.problem),
    )
