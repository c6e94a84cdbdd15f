"""Progress bars on stderr: stdout is for results, which may be piped."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class LateProgress(Progress):
    """Bars that appear when the first of them moves: what is refused shows none."""

    def start(self) -> None:
        """Show nothing yet."""

    def stop(self) -> None:
        """Leave the bars as they are, if there are any."""
        if self.live.is_started:
            super().stop()

    def update(self, *given: Any, **more: Any) -> None:
        """Move a bar."""
        super().start()
        super().update(*given, **more)

    def advance(self, *given: Any, **more: Any) -> None:
        """Move a bar on."""
        super().start()
        super().advance(*given, **more)


def bars() -> Progress:
    """Return progress bars with counts and the time that remains."""
    return LateProgress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=on_stderr(),
    )


def rates() -> Progress:
    """Return progress bars with counts, the rate, and the time that remains."""
    return LateProgress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=on_stderr(),
    )


class _Rate(ProgressColumn):
    """How many are done a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


def on_stderr() -> Console:
    """Return a console that writes to stderr."""
    return Console(stderr=True)
