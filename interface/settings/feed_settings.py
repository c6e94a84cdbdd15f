"""The settings of the feed: the stream of NATS JetStream that it is published to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec import Struct

from interface.settings.setting_rows import setting

_STREAM = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def _nats_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError("is not nats://host:port or tls://host:port") from None
    if parts.scheme not in {"nats", "tls"} or not parts.hostname:
        raise ValueError("is not nats://host:port or tls://host:port")
    return text


def _stream(text: str) -> str:
    if not _STREAM.fullmatch(text):
        raise ValueError("is not a name of letters, digits, _ and -")
    return text


class FeedSettings(Struct, frozen=True, kw_only=True):
    """Where the feed is published to; see `Settings`."""

    nats: str | None = setting(
        "REDRESS_NATS_URL",
        _nats_url,
        None,
        "server of NATS JetStream to which every event is published, such as"
        " `tls://user:password@nats.example:4222`; needs the extra `nats`",
        is_secret=True,
    )
    stream: str = setting(
        "REDRESS_NATS_STREAM",
        _stream,
        "REDRESS",
        "the stream there; made with the subjects `redress.events.>` if it is missing",
    )
