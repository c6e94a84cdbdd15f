"""Progress bars on stderr, which leave stdout to results."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)


def bars() -> Progress:
    """Return progress bars with a rate to go by."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=on_stderr(),
    )


def on_stderr() -> Console:
    """Return a console that leaves stdout to results."""
    return Console(stderr=True)
