"""`/metrics`: how the parts fare, in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterator

from litestar import Response, get
from litestar.di import NamedDependency

from interface.bootstrap import System
from interface.health import Health, health
from interface.log_health import LogHealth

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
    return {
        "ready": ("Whether all is well.", [("", found.status == "ready")]),
        "unordered_events": ("Events without a position.", [("", found.unordered)]),
        "view_lag_events": (
            "Events that a view is behind.",
            [(_label("view", one.name), one.lag) for one in found.views],
        ),
        "view_parked_cases": (
            "Cases that a view set aside.",
            [(_label("view", one.name), one.parked) for one in found.views],
        ),
        "view_halted": (
            "Whether a view has halted.",
            [(_label("view", one.name), one.halted is not None) for one in found.views],
        ),
        **_log_gauges(found.log),
    }


def _log_gauges(log: LogHealth) -> dict[str, tuple[str, list[Sample]]]:
    part = {one.part: _label("part", one.part) for one in log.parts}
    return {
        "log_entries": ("Entries of the log.", [("", log.size)]),
        "log_signed_entries": ("Entries that are signed.", [("", log.signed)]),
        "log_cosigned_entries": ("Entries that are co-signed.", [("", log.cosigned)]),
        "log_unlogged_events": ("Events that the log lacks.", [("", log.unlogged)]),
        "log_part_reached": (
            "How far signer, auditor (events) and witnesses (entries) are.",
            [(part[one.part], one.reached) for one in log.parts],
        ),
        "log_part_problem": (
            "Whether signer, auditor or a witness found something wrong.",
            [(part[one.part], one.problem is not None) for one in log.parts],
        ),
        "log_part_reported_seconds": (
            "When it last said so (POSIX).",
            [(part[one.part], one.at.timestamp()) for one in log.parts],
        ),
    }


def _label(name: str, value: str) -> str:
    return f'{{{name}="{_escaped(value)}"}}'


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
