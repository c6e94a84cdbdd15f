"""Settings of the log: what it is called, who signs it, who witnesses it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from application.log.sign.checkpoint_kind import Kind
from interface.settings.setting_rows import (
    HOME,
    TO_SERVE,
    one_of,
    path,
    setting,
    web_url,
)


class Entries(StrEnum):
    """Who may read the log's entries; its hashes and checkpoints are for everyone."""

    AUDITORS = "auditors"
    PUBLIC = "public"


class LogSettings(Struct, frozen=True, kw_only=True):
    """The log: what it is called, who signs it, who witnesses it, who reads it."""

    origin: str = setting(
        "REDRESS_LOG_ORIGIN",
        str,
        "redress.localhost/log",
        "name of the log in its checkpoints",
    )
    key: Path = setting(
        "REDRESS_LOG_KEY",
        path,
        f"{HOME}/keys/log.json",
        "file of the signer's private keys; only the signer needs it",
    )
    state: Path = setting(
        "REDRESS_LOG_STATE",
        path,
        f"{HOME}/log/signed.json",
        "file in which the signer keeps what it signed last",
    )
    statement_key: Path = setting(
        "REDRESS_STATEMENT_KEY",
        path,
        f"{HOME}/keys/statements.json",
        "file of the application's keys, which sign each event before it is stored",
        needed=TO_SERVE,
    )
    policy: Path | None = setting(
        "REDRESS_LOG_POLICY",
        path,
        None,
        "file that names the log keys, witnesses and quorum to trust. Required to"
        " collect cosignatures, and to verify where `REDRESS_LOG_KEY` is not at hand.",
    )
    publish: Kind = setting(
        "REDRESS_LOG_PUBLISH",
        one_of(Kind, "is neither signed nor cosigned"),
        "signed",
        "`cosigned` shows no checkpoint, also not in proofs and bundles, before the"
        " quorum of `REDRESS_LOG_POLICY` has cosigned it",
    )
    entries: Entries = setting(
        "REDRESS_LOG_ENTRIES",
        one_of(Entries, "is none of auditors, public"),
        "auditors",
        "`public` lets everybody read the log's entries, not only its hashes",
    )
    tsa: str | None = setting(
        "REDRESS_TSA",
        web_url,
        None,
        "URL of an authority that time-stamps the checkpoints of bundles (RFC 3161)",
    )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of checkpoints that are shown, the better ones first."""
        if self.publish is Kind.COSIGNED:
            return (Kind.COSIGNED,)
        return (Kind.COSIGNED, Kind.SIGNED)
