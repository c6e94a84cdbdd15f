"""Metrics that this process counts itself: its requests, its appends, and its own use.

Every process has its own, and answers for no other: two servers are two targets of
Prometheus. What the database knows is in `routes/prometheus.py`.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from application.telemetry.steps import time_with
from interface.api.served_request import ServedRequest

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

REGISTRY = CollectorRegistry()
"""What this process counts from its start to its end."""

_REQUESTS = Histogram(
    "redress_request_seconds",
    "Time until the answer began, by route, method and class of status.",
    ["route", "method", "status"],
    buckets=BUCKETS,
    registry=REGISTRY,
)
_APPENDS = Histogram(
    "redress_append_seconds",
    "Time that appending a command's events took.",
    buckets=BUCKETS,
    registry=REGISTRY,
)
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)


def count_appends() -> None:
    """Count what this process appends from now on."""
    time_with("append", _APPENDS.observe)


def observe(served: ServedRequest) -> None:
    """Count a request."""
    # Labels come from our own tables: no request can make a series of its own.
    labels = served.route, served.method, served.status_class
    _REQUESTS.labels(*labels).observe(served.head_seconds)
