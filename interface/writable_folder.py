"""Whether files can be kept in a folder that a setting names."""

from __future__ import annotations

import os
from pathlib import Path

from application.whole_files import create, draft_beside
from interface.settings import SettingError


def check_folder(setting: str, folder: Path) -> None:
    """Raise SettingError unless files can be kept in a folder, which is made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = draft_beside(folder / "check")
        os.close(create(draft))
        draft.unlink()
    except OSError as error:
        raise SettingError(f"{setting}: {folder}: {error.strerror}") from None
