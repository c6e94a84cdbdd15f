"""The signatures that this installation trusts, and the checkpoints that it keeps."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from application.log.format.verifier_keys import VerifierKey
from application.log.fsck.trusted_checkpoints import Kept, Trust
from application.log.sign import key_file, statement_keys
from application.log.sign.last_signed import StateFile
from application.log.witness import trust_policy
from interface.settings.settings import SettingError, Settings


def trust(settings: Settings) -> Trust:
    """Return the keys of the policy file; without one, those of the log's key file.

    And the application's keys, where their file is at hand. Raises PolicyUnusable,
    KeyFileUnusable or SettingError.
    """
    if settings.log.policy is not None:
        read = trust_policy.read(settings.log.policy)
        if not read.logs:
            raise SettingError(
                f"REDRESS_LOG_POLICY: {settings.log.policy} names no log"
            )
        return Trust(read.log_keys, read, _statement_keys(settings))
    if settings.log.key.exists():
        log = key_file.read(settings.log.key).verifiers
        return Trust(log, statement_keys=_statement_keys(settings))
    raise SettingError(
        "REDRESS_LOG_POLICY: has to be set to check signatures: there is no key of the"
        f" log at {settings.log.key} either"
    )


def _statement_keys(settings: Settings) -> tuple[VerifierKey, ...]:
    """Return the application's keys; none where only what the log endorses counts."""
    path = settings.log.statement_key
    return statement_keys.read(path).verifiers if path.exists() else ()


def kept_checkpoints(settings: Settings, files: Iterable[Path] = ()) -> list[Kept]:
    """Return the checkpoints in files, and the signer's last one if it signs here."""
    # Checkpoints outside the database show what its owner has cut off: an old backup
    # agrees with everything that lies in it.
    kept = [Kept(str(path), _text(path)) for path in files]
    last = StateFile(settings.log.state).read()
    if last is not None:
        kept.append(Kept(str(settings.log.state), last.note))
    return kept


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: {error}") from None
