"""A group of commands that are imported when they are called (Click's LazyGroup)."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import click

from interface.cli.extras import load


class LazyCommand(NamedTuple):
    """Where a command is ("module:attribute"), and the first sentence of its help."""

    place: str
    words: str

    def load(self) -> click.Command:
        """Import the command. Raises OperatorError without the extra it needs."""
        with _nothing_collected():
            command: click.Command = load(self.place)
        return command


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no garbage meanwhile, and later in nothing of what was made meanwhile.

    What is imported stays. To look through it hundreds of times is a fifth of a start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and none before.

    The list of commands, completion and suggestions for mistyped names come from the
    table. Click's own example of a LazyGroup imports every command for them.
    """

    def __init__(
        self, *arguments: Any, lazy: Mapping[str, LazyCommand], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.lazy = lazy
        for name, row in lazy.items():
            self.add_command(click.Command(name, help=row.words))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the imported command with what is left of the arguments."""
        name, found, rest = super().resolve_command(ctx, args)
        if name is not None and name in self.lazy:
            found = self.lazy[name].load()
        return name, found, rest
