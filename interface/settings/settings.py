"""Settings: read once from the environment, named when they are wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

from application.deliveries.webhook_url import OutboundRules, read_networks
from application.operator_error import OperatorError
from interface.run.log_lines import LogFormat
from interface.settings.caller_settings import CallerSettings
from interface.settings.contradictions import contradictions
from interface.settings.delivery_settings import DeliverySettings
from interface.settings.feed_settings import FeedSettings
from interface.settings.limit_settings import LimitSettings
from interface.settings.log_settings import LogSettings
from interface.settings.notice_settings import NoticeSettings
from interface.settings.operation_settings import OperationSettings, RequestLog
from interface.settings.page_settings import PageSettings
from interface.settings.setting_rows import (
    HOME,
    IN_PRODUCTION,
    TO_SERVE,
    directory,
    new_directory,
    number,
    one_of,
    path,
    required_or_off,
    setting,
    settings_of,
    values_of,
)

PREFIX = "REDRESS_"

ONE_ISSUER = frozenset({"REDRESS_JWKS", "REDRESS_ISSUER", "REDRESS_AUDIENCE"})
"""What names the only issuer; a file of several takes their place."""


class SettingError(OperatorError):
    """A setting is wrong or missing; says which and why."""


class Mode(StrEnum):
    """DEVELOPMENT brings its own key, a clock that can be moved, and a database."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(Struct, frozen=True, kw_only=True):
    """All settings: each field says its variable, reading, default and meaning."""

    database_url: str | None = setting(
        "DATABASE_URL",
        str,
        None,
        "the database of the record and the read models",
        needed=IN_PRODUCTION,
        unset=f"an embedded PostgreSQL in `{HOME}/db`",
        is_secret=True,
    )
    owner_url: str | None = setting(
        "REDRESS_OWNER_URL",
        str,
        None,
        "the same database as the owner of its schema, for `redress migrate` and"
        " `redress rebuild`, which need it outside of development mode",
        unset="`DATABASE_URL`",
        is_secret=True,
    )
    home: Path = setting(
        "REDRESS_HOME",
        path,
        ".redress",
        "directory of keys, evidence and the embedded database",
    )
    mode: Mode = setting(
        "REDRESS_MODE",
        one_of(Mode, "is neither development nor production"),
        "development",
        "`production` has no development key, no movable clock, no embedded database,"
        " and makes no keys by itself",
    )
    host: str = setting(
        "REDRESS_HOST", str, "127.0.0.1", "address on which the API listens"
    )
    port: int = setting(
        "REDRESS_PORT", number(1, 65_535), "8000", "port on which the API listens"
    )
    log_format: LogFormat = setting(
        "REDRESS_LOG_FORMAT",
        one_of(LogFormat, "is neither text nor json"),
        "text",
        "how log lines are written on the error stream: `json` for what collects them",
    )
    policy: str = setting(
        "REDRESS_POLICY",
        str,
        "cn-default/1",
        "policy profile of new cases; a name without a version is its newest version"
        " in force",
    )
    policies: Path | None = setting(
        "REDRESS_POLICIES",
        directory,
        None,
        "directory of further policy profiles (`*.toml`)",
    )
    calendars: Path | None = setting(
        "REDRESS_CALENDARS",
        directory,
        None,
        "directory of days off and make-up working days that were announced late"
        " (`*.toml`)",
    )
    rules: Path | None = setting(
        "REDRESS_RULES",
        directory,
        None,
        "directory of the platform's own rules (`*.toml`), which decisions cite instead"
        " of the sample's",
    )
    evidence: Path = setting(
        "REDRESS_EVIDENCE",
        new_directory,
        f"{HOME}/evidence",
        "directory of evidence files",
    )
    upload_limit: int = setting(
        "REDRESS_UPLOAD_LIMIT",
        number(1, 1 << 40),
        "20971520",
        "largest file in bytes",
    )
    callers: CallerSettings
    keys_url: str | None = setting(
        "REDRESS_KEYS_URL",
        str,
        None,
        "a separate database for the data subjects' keys",
        unset="`DATABASE_URL`",
        is_secret=True,
    )
    keys_owner_url: str | None = setting(
        "REDRESS_KEYS_OWNER_URL",
        str,
        None,
        "the database of `REDRESS_KEYS_URL` as its owner, for `redress migrate` only",
        unset="`REDRESS_KEYS_URL`",
        is_secret=True,
    )
    master_key: Path = setting(
        "REDRESS_MASTER_KEY",
        path,
        f"{HOME}/keys/master.json",
        "file of the bucket keys, which wrap the data subjects' keys",
        needed=TO_SERVE,
    )
    log: LogSettings
    limits: LimitSettings
    deliveries: DeliverySettings
    notices: NoticeSettings
    feed: FeedSettings
    operation: OperationSettings
    pages: PageSettings
    audit_grants: bool = setting(
        "REDRESS_AUDIT_GRANTS",
        required_or_off,
        "off",
        "`required` lets auditors and regulators read only under a grant",
    )

    @property
    def is_development(self) -> bool:
        """Tell whether this is a sandbox."""
        return self.mode is Mode.DEVELOPMENT

    @property
    def logs_requests(self) -> bool:
        """Tell whether each request has a line in the log."""
        wish = self.operation.request_log
        return not self.is_development if wish is None else wish is RequestLog.ON

    @property
    def outbound_rules(self) -> OutboundRules:
        """Return where messages to endpoints may go."""
        return OutboundRules(
            networks=read_networks(self.deliveries.networks or ()),
            encrypted=not self.is_development,
        )


def read(environ: Mapping[str, str] = os.environ, *, serves: bool = True) -> Settings:
    """Read the settings. Raises SettingError, naming every variable that is wrong.

    A process that only signs or verifies the log (`serves` False) has no callers and no
    personal data, and needs none of the settings for them.
    """
    faults = [*_unknown(environ)]
    values = values_of(Settings, environ, faults)
    if environ.get("REDRESS_MODE") == Mode.PRODUCTION:
        faults += _missing(environ, serves=serves)
    if faults:
        raise SettingError("; ".join(faults))
    settings = msgspec.convert(values, Settings)
    faults += contradictions(settings)
    if faults:
        raise SettingError("; ".join(faults))
    return settings


def documented() -> Iterator[tuple[str, str, str]]:
    """Yield what documentation says of each setting: variable, default, meaning."""
    for one in settings_of(Settings):
        default = one.unset or "" if one.default is None else f"`{one.default}`"
        required = ". Required in production." if one.needed else ""
        yield one.name, default, one.meaning + required


def _unknown(environ: Mapping[str, str]) -> Iterator[str]:
    # A mistyped name would otherwise leave its default in force without a word.
    known = {one.name for one in settings_of(Settings)}
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            yield f"{name}: there is no such setting"


def _missing(environ: Mapping[str, str], *, serves: bool) -> Iterator[str]:
    needed = {IN_PRODUCTION, TO_SERVE} if serves else {IN_PRODUCTION}
    given = {name for name, value in environ.items() if value}
    if "REDRESS_ISSUERS" in given:
        given |= ONE_ISSUER
    for one in settings_of(Settings):
        if one.needed in needed and one.name not in given:
            yield f"{one.name}: has to be set in production mode"
