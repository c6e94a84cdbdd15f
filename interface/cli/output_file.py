"""A file that a command writes, which replaces none unless it is told to."""

from __future__ import annotations

from pathlib import Path

import click

from interface.settings import SettingError

FORCE = click.option(
    "--force", is_flag=True, help="Replace a file that is there already."
)


def refuse_to_replace(path: Path, *, force: bool) -> None:
    """Raise SettingError for a file that is there already."""
    if path.exists() and not force:
        raise SettingError(f"{path} is there already; --force replaces it")
