"""The key files of a production installation: made once, never again in their place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from application.log.sign import key_file, statement_keys
from application.privacy import master_key
from interface.settings.settings import SettingError


def make_master_key(path: Path, _: str) -> None:
    """Make the bucket keys."""
    master_key.read_or_make(path)


def make_statement_key(path: Path, origin: str) -> None:
    """Make the application's key."""
    statement_keys.read_or_make(path, origin, datetime.now(UTC))


def make_log_key(path: Path, origin: str) -> None:
    """Make the log's keys."""
    key_file.read_or_make(path, origin, datetime.now(UTC))


class KeyKind(Struct, frozen=True):
    """A file of keys: how it is made, and what becomes of it if it is lost."""

    make: Callable[[Path, str], None]
    words: str
    loss: str


MAKERS = {
    "REDRESS_MASTER_KEY": KeyKind(
        make_master_key,
        "bucket keys: without them every personal text is lost",
        "a new one would open no text of before",
    ),
    "REDRESS_STATEMENT_KEY": KeyKind(
        make_statement_key,
        "the application's key, which signs each event",
        "or make another one with `redress statement-key --new-key`",
    ),
    "REDRESS_LOG_KEY": KeyKind(
        make_log_key,
        "the log's keys: whoever has them can sign another log",
        "nobody who trusts the log trusts a new one",
    ),
}


def refuse_lost(setting: str, path: Path, kind: KeyKind, folder: Path) -> None:
    """Raise SettingError if a key file is gone that an earlier run has made."""
    if not path.exists():
        raise SettingError(
            f"{setting}: {path} is gone, which the settings in {folder} name: put a"
            f" copy of it back; {kind.loss}"
        )


def endorse(log: Path, statements: Path) -> bool:
    """Let the log's key vouch for the application's; tell whether it had to."""
    keys = key_file.read(log)
    ours = [one.vkey for one in statement_keys.read(statements).verifiers]
    endorsed = statement_keys.endorsed(keys, ours)
    if endorsed != keys:
        key_file.write(log, endorsed)
    return endorsed != keys


def trust_policy_text(log: Path) -> str:
    """Return the trust policy that names a log's keys, and no witness yet."""
    lines = (f"log {one.vkey}\n" for one in key_file.read(log).verifiers)
    return (
        "# Whom to trust: hand this file to everybody who is to check the log.\n"
        "# Witnesses and a quorum of them come here: see docs/the-log.md.\n"
        f"{''.join(lines)}quorum none\n"
    )
