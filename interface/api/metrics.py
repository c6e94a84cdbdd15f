"""`/metrics`: how the parts fare, in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterator

from litestar import Response, get
from litestar.di import NamedDependency

from interface.bootstrap import System
from interface.health import Health, health

MEDIA_TYPE = "text/plain; version=0.0.4"

Sample = tuple[str, float]
"""Labels, as they are written, and a value."""


@get("/metrics", tags=["operation"], summary="Gauges", sync_to_thread=True)
def metrics(system: NamedDependency[System]) -> Response[bytes]:
    """Return the gauges of views and log for Prometheus. Public, as health is."""
    text = "".join(_lines(health(system)))
    return Response(text.encode(), media_type=MEDIA_TYPE)


def _lines(found: Health) -> Iterator[str]:
    for name, (says, samples) in _gauges(found).items():
        yield f"# HELP redress_{name} {says}\n# TYPE redress_{name} gauge\n"
        for labels, value in samples:
            yield f"redress_{name}{labels} {float(value)!r}\n"


def _gauges(found: Health) -> dict[str, tuple[str, list[Sample]]]:
    log, views = found.log, found.views
    return {
        "ready": ("Whether all is well.", [("", found.status == "ready")]),
        "unordered_events": (
            "Events without a position.",
            [("", found.unordered)],
        ),
        "view_lag_events": (
            "Events that a view is behind.",
            [(f'{{view="{one.name}"}}', one.lag) for one in views],
        ),
        "view_parked_cases": (
            "Cases that a view set aside.",
            [(f'{{view="{one.name}"}}', one.parked) for one in views],
        ),
        "view_halted": (
            "Whether a view has halted.",
            [(f'{{view="{one.name}"}}', one.halted is not None) for one in views],
        ),
        "log_entries": ("Entries of the log.", [("", log.size)]),
        "log_signed_entries": ("Entries that are signed.", [("", log.signed)]),
        "log_cosigned_entries": (
            "Entries that a quorum has co-signed.",
            [("", log.cosigned)],
        ),
        "log_unlogged_events": ("Events that the log lacks.", [("", log.unlogged)]),
        "log_part_reached": (
            "How far the signer, the auditor or a witness is.",
            [(f'{{part="{_escaped(one.part)}"}}', one.reached) for one in log.parts],
        ),
        "log_part_problem": (
            "Whether the signer, the auditor or a witness found something wrong.",
            [
                (f'{{part="{_escaped(one.part)}"}}', one.problem is not None)
                for one in log.parts
            ],
        ),
        "log_part_reported_seconds": (
            "When it last said so (POSIX).",
            [
                (f'{{part="{_escaped(one.part)}"}}', one.at.timestamp())
                for one in log.parts
            ],
        ),
    }


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
