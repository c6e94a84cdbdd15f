"""Gauges whose values are found out when Prometheus asks for them."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily


def gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    """Return a gauge with one sample."""
    return GaugeMetricFamily(f"redress_{name}", says, value=float(value))


def labelled(
    name: str,
    says: str,
    labels: list[str],
    samples: Iterable[tuple[tuple[str, ...], float]],
) -> GaugeMetricFamily:
    """Return a gauge with a sample for each set of labels."""
    family = GaugeMetricFamily(f"redress_{name}", says, labels=labels)
    for values, number in samples:
        family.add_metric(values, float(number))
    return family
