"""The settings that bound what clients may send, and how often."""

from __future__ import annotations

from msgspec import Struct

from interface.settings.setting_rows import number, setting

_MANY = number(1, 1_000_000)
_SECONDS = number(1, 86_400)


class LimitSettings(Struct, frozen=True, kw_only=True):
    """Sizes, times and numbers that a client may not exceed."""

    body: int = setting(
        "REDRESS_BODY_LIMIT",
        number(65_536, 1 << 30),
        "524288",
        "largest body of a request in bytes, uploads apart",
    )
    body_seconds: int = setting(
        "REDRESS_BODY_SECONDS",
        _SECONDS,
        "30",
        "longest time in which the body of a request arrives, uploads apart",
    )
    upload_seconds: int = setting(
        "REDRESS_UPLOAD_SECONDS",
        _SECONDS,
        "600",
        "longest time in which an upload arrives",
    )
    files: int = setting(
        "REDRESS_CASE_FILES",
        _MANY,
        "200",
        "most files of evidence in one case",
    )
    messages: int = setting(
        "REDRESS_CASE_MESSAGES",
        _MANY,
        "1000",
        "most messages in one case",
    )
    events: int = setting(
        "REDRESS_CASE_EVENTS",
        _MANY,
        "5000",
        "most events of one case to which its parties may add",
    )
    open_cases: int = setting(
        "REDRESS_OPEN_CASES",
        number(0, 1_000_000),
        "0",
        "most live cases that somebody has who claims another one; 0: any number",
    )
    cases_a_day: int = setting(
        "REDRESS_CASES_PER_DAY",
        _MANY,
        "100",
        "most cases that are filed for one buyer in one day (UTC)",
    )
