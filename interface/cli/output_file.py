"""A file that a command writes; it replaces an existing one only with --force."""

from __future__ import annotations

import os
from pathlib import Path

import click

from interface.settings.settings import SettingError

FORCE = click.option(
    "--force", is_flag=True, help="Replace a file that is there already."
)


def refuse_to_replace(path: Path, *, force: bool) -> None:
    """Raise SettingError for a file that is not to be replaced, or cannot be written.

    Asked before the work, not after it.
    """
    _refuse_place(path)
    if path.exists() and not force:
        raise SettingError(f"{path} is there already; --force replaces it")


def _refuse_place(path: Path) -> None:
    folder = path.parent
    if path.is_dir():
        raise SettingError(f"{path} is a folder: name a file")
    if not folder.is_dir():
        raise SettingError(f"{path}: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingError(f"{path}: nothing can be written into {folder}")
