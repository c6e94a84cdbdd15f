"""A file that a command writes; it replaces an existing one only with --force."""

from __future__ import annotations

from pathlib import Path

import click

from interface.settings.settings import SettingError

FORCE = click.option(
    "--force", is_flag=True, help="Replace a file that is there already."
)


def refuse_to_replace(path: Path, *, force: bool) -> None:
    """Raise SettingError if the file exists and is not to be replaced.

    Asked before the work, not after it.
    """
    if path.exists() and not force:
        raise SettingError(f"{path} is there already; --force replaces it")
