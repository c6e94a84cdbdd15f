"""Settings of what operators are told: a line for each request, and traces."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from interface.settings.setting_rows import one_of, setting, web_url

_SHARE = re.compile(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?", re.ASCII)


class RequestLog(StrEnum):
    """Whether each request has a line in the log."""

    ON = "on"
    OFF = "off"


def _share(text: str) -> float:
    if not _SHARE.fullmatch(text):
        raise ValueError("is not a share from 0 to 1")
    return float(text)


class OperationSettings(Struct, frozen=True, kw_only=True):
    """What is written of each request, and where its trace goes; see `Settings`."""

    request_log: RequestLog | None = setting(
        "REDRESS_REQUEST_LOG",
        one_of(RequestLog, "is neither on nor off"),
        None,
        "whether each request has a line in the log: caller, route, case, outcome,"
        " milliseconds",
        unset="`on` in production, `off` in development",
    )
    otlp: str | None = setting(
        "REDRESS_OTLP_URL",
        web_url,
        None,
        "where traces are sent (OTLP over HTTP), such as"
        " `http://127.0.0.1:4318`; needs the extra `otel`",
        unset="no traces",
        is_secret=True,
    )
    trace_share: float = setting(
        "REDRESS_TRACE_SHARE",
        _share,
        "0.05",
        "share of the requests that are traced, of those that come without a trace;"
        " whoever sends `traceparent` decides for theirs",
    )
