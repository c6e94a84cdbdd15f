"""The signer of this installation, with its key and its memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from application.log.sign import key_file, statement_keys
from application.log.sign.key_file import KeyFile, KeyFileWatch
from application.log.sign.last_signed import StateFile
from application.log.sign.signer import Signer
from interface.settings.settings import Settings


def signer(
    settings: Settings,
    url: str,
    clock: Callable[[], datetime],
    *,
    adopt: bool = False,
) -> Signer:
    """Return a signer. Raises KeyFileUnusable."""
    keys = log_keys(settings, clock())
    state, path = StateFile(settings.log.state), settings.log.key
    changed = KeyFileWatch(path, keys)
    return Signer(url, keys, state, clock, adopt=adopt, changed=changed)


def log_keys(settings: Settings, now: datetime, *, make: bool = False) -> KeyFile:
    """Return the log's keys; new ones are made in a sandbox, or if `make` is set."""
    path, origin = settings.log.key, settings.log.origin
    # Elsewhere a missing file is an error: a log that is signed with other keys than
    # before looks like another log to everyone who pinned them.
    if not settings.is_development and not make:
        return key_file.read(path)
    keys = key_file.read_or_make(path, origin, now)
    # A sandbox has the application's key beside the log's. Elsewhere somebody has to
    # say which key is the application's: `redress sign --endorse`.
    if settings.is_development and settings.log.statement_key.exists():
        file = statement_keys.read(settings.log.statement_key)
        with_ours = statement_keys.endorsed(keys, [one.vkey for one in file.verifiers])
        if with_ours != keys:
            key_file.write(path, with_ours)
        return with_ours
    return keys
