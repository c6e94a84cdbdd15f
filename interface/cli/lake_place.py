"""Where a lake is, as commands are told."""

from __future__ import annotations

import click

from projections.lake.lake_store import Lake

lake_options = click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="Of the object store, such as aws_region=cn-north-1.",
)


def lake_at(place: str, options: tuple[str, ...]) -> Lake:
    """Return the lake in a folder, or in an object store. Raises UsageError."""
    for one in options:
        if "=" not in one:
            raise click.UsageError(f"--option {one}: write NAME=VALUE")
    return Lake(place, dict(one.partition("=")[::2] for one in options))
