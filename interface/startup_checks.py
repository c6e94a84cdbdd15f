"""What a start checks outside the program; errors name the setting that is wrong."""

from __future__ import annotations

import logging

import psycopg

from application.privacy import master_key
from application.privacy.key_changes import one_wrapped_by_each
from application.privacy.master_key import KeyFileUnusable, MasterKeys
from application.record.database import Database
from application.record.server_checks import Shortcoming, Weight, shortcomings
from interface.settings import SettingError, Settings

CONNECT_SECONDS = 5
"""A host that does not answer would keep a start waiting for minutes."""

_log = logging.getLogger(__name__)


def check_database(setting: str, url: str, *, is_production: bool) -> None:
    """Raise SettingError unless there is a database here that this program can use.

    What an operator should know, and what keeps nothing from working, is logged.
    """
    for found in server_shortcomings(setting, url, is_production=is_production):
        if found.weight is Weight.REFUSED:
            raise SettingError(f"{setting}: {found.said}")
        _log.warning("%s: %s", setting, found.said)


def server_shortcomings(
    setting: str, url: str, *, is_production: bool
) -> tuple[Shortcoming, ...]:
    """Return what a server lacks. Raises SettingError if it is out of reach."""
    try:
        return shortcomings(
            url, is_production=is_production, wait_seconds=CONNECT_SECONDS
        )
    except (psycopg.Error, UnicodeError) as error:
        raise SettingError(f"{setting}: {error}") from None


def master_keys(settings: Settings, keys: Database) -> MasterKeys:
    """Read the master keys that wrapped what the database holds.

    A sandbox makes them where there are none yet. Raises SettingError.
    """
    path = settings.master_key
    wrapped = one_wrapped_by_each(keys)
    try:
        # Once the database holds wrapped keys, a new master key would open none of
        # them: a lost file is an error then, in a sandbox too.
        if wrapped or not settings.is_development:
            found = master_key.read(path)
        else:
            found = master_key.read_or_make(path)
        # Tried now: with a wrong key all seems well until the first text is opened.
        for by, sample in wrapped.items():
            found.unwrap(sample, by)
    except (KeyFileUnusable, OSError) as error:
        held = ", and the database holds keys that it wrapped" if wrapped else ""
        raise SettingError(f"REDRESS_MASTER_KEY: {path}: {error}{held}") from None
    return found
