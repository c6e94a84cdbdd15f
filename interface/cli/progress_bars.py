"""Progress bars on stderr: stdout is for results, which may be piped."""

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
    """Return progress bars with counts and the time that remains."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=on_stderr(),
    )


def on_stderr() -> Console:
    """Return a console that writes to stderr."""
    return Console(stderr=True)
