"""Whether there is an installation, for commands that make none."""

from __future__ import annotations

from interface.settings.settings import SettingError, Settings


def installed(settings: Settings) -> Settings:
    """Return settings that name a database. Raises SettingError; makes nothing.

    Without it, whoever asks in the wrong folder would get an empty installation there.
    """
    if settings.database_url is None and not (settings.home / "db").is_dir():
        raise SettingError(
            f"REDRESS_HOME: there is no installation in {settings.home}: go to its"
            " folder, name its DATABASE_URL, or start one with redress serve"
        )
    return settings
