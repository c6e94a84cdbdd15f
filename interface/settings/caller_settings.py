"""Settings of who may call: the issuer's keys, its tokens, and who reads metrics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from interface.settings.setting_rows import TO_SERVE, number, path, setting


class CallerSettings(Struct, frozen=True, kw_only=True):
    """Whose tokens are taken, and for how long; see `Settings`."""

    jwks: str | None = setting(
        "REDRESS_JWKS",
        str,
        None,
        "URL or file of the keys that sign bearer tokens",
        needed=TO_SERVE,
    )
    issuer: str | None = setting(
        "REDRESS_ISSUER",
        str,
        None,
        "issuer that bearer tokens have to name",
        needed=TO_SERVE,
    )
    audience: str | None = setting(
        "REDRESS_AUDIENCE",
        str,
        None,
        "audience that bearer tokens have to name",
        needed=TO_SERVE,
    )
    issuers: Path | None = setting(
        "REDRESS_ISSUERS",
        path,
        None,
        "file (TOML) of several issuers, each with its"
        " keys, claims and roles, instead of `REDRESS_JWKS`, `REDRESS_ISSUER` and"
        " `REDRESS_AUDIENCE`, which production then does not require",
    )
    jwks_age: int = setting(
        "REDRESS_JWKS_AGE",
        number(10, 86_400),
        "600",
        "for how many seconds keys, and tokens that they verified, are trusted before"
        " the keys are read again",
    )
    token_lifetime: int = setting(
        "REDRESS_TOKEN_LIFETIME",
        number(60, 31_536_000),
        "86400",
        "for how many seconds a bearer token may be valid at most",
    )
    api_key_days: int = setting(
        "REDRESS_API_KEY_DAYS",
        number(1, 3_650),
        "366",
        "for how many days an API key may be valid at most",
    )
    metrics_token: str | None = setting(
        "REDRESS_METRICS_TOKEN",
        str,
        None,
        "bearer token that `GET /metrics` then asks for",
        unset="metrics are public",
        is_secret=True,
    )

    def contradictions(self) -> Iterator[str]:
        """Yield the settings of one issuer that are given beside the file of all."""
        named = {
            "REDRESS_JWKS": self.jwks,
            "REDRESS_ISSUER": self.issuer,
            "REDRESS_AUDIENCE": self.audience,
        }
        for name, value in named.items():
            if self.issuers is not None and value is not None:
                yield f"{name}: REDRESS_ISSUERS names all issuers"

    @property
    def takes_development_key(self) -> bool:
        """Tell whether no issuer is named, so that a sandbox trusts its own key."""
        return self.jwks is None and self.issuers is None
