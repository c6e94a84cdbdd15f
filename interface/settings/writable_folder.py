"""Checks that files can be written in a folder that a setting names."""

from __future__ import annotations

import os
from pathlib import Path

from application.whole_files import create, draft_beside
from interface.settings.settings import SettingError


def check_folder(setting: str, folder: Path) -> None:
    """Make a folder if it is missing; raise SettingError if files cannot be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Tried, not asked: permissions do not tell of a read-only or full file system.
        draft = draft_beside(folder / "check")
        os.close(create(draft))
        draft.unlink()
    except OSError as error:
        raise SettingError(f"{setting}: {folder}: {error.strerror}") from None
