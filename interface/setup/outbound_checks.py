"""What production reaches outside, and who may be told: mail, SMS, NATS, traces."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from psycopg import Connection

from interface.settings.settings import Settings

SECONDS = 3.0
"""How long a server may take to take a connection."""

PORTS = {
    "http": 80,
    "https": 443,
    "nats": 4222,
    "tls": 4222,
    "smtp": 587,
    "smtps": 465,
}

_OPEN_WEBHOOKS = """
SELECT count(*) AS many FROM webhooks
WHERE state <> 'deleted' AND url NOT LIKE 'https://%'
"""

_DEAD = "SELECT count(*) AS many FROM deliveries WHERE state = 'dead'"

_UNPROTECTED = """
SELECT count(*) FILTER (WHERE c.relrowsecurity) AS guarded,
    string_agg(c.relname, ', ' ORDER BY c.relname)
        FILTER (WHERE NOT c.relrowsecurity) AS bare
FROM pg_class c
WHERE c.oid IN ('events'::regclass, 'ledger'::regclass, 'requests'::regclass,
    'access_log'::regclass, 'queue'::regclass, 'notices'::regclass)
"""

OK = "ok"


def outbound_checks(settings: Settings) -> dict[str, Callable[[], str]]:
    """Return a check for each server that is set."""
    notices = settings.notices
    mail = notices.mail_server if "mail" in notices.channels else None
    sms = notices.sms_gateway if "sms" in notices.channels else None
    servers = {
        "mail server": ("REDRESS_MAIL_SERVER", mail),
        "SMS gateway": ("REDRESS_SMS_GATEWAY", sms),
        "NATS": ("REDRESS_NATS_URL", settings.feed.nats),
        "traces": ("REDRESS_OTLP_URL", settings.operation.otlp),
    }
    return {
        about: _reaching(name, url)
        for about, (name, url) in servers.items()
        if url is not None
    }


def table_checks(connection: Connection[Any]) -> Iterator[tuple[str, str]]:
    """Yield what the database says of webhooks, dead letters and the second wall."""
    many = _row(connection, _OPEN_WEBHOOKS)["many"]
    said = f"{many} do not lead to https: what they are told can be read on the way"
    yield "webhooks", said if many else OK
    dead = _row(connection, _DEAD)["many"]
    said = f"{dead} messages were given up: redress deliveries"
    yield "dead letters", said if dead else OK
    row = _row(connection, _UNPROTECTED)
    said = f"these are shown whole to whoever forgets a condition: {row['bare']}"
    yield "row security", said if row["bare"] else f"{OK}; {row['guarded']} tables"


def _reaching(setting: str, url: str) -> Callable[[], str]:
    def check() -> str:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        try:
            socket.create_connection((parts.hostname or "", port), SECONDS).close()
        except OSError as error:
            # Not the URL: it may hold a password.
            return f"{setting}: {parts.hostname} port {port}: {error.strerror or error}"
        return f"{OK}; {parts.hostname} port {port}"

    return check


def _row(connection: Connection[Any], query: str) -> Any:
    found = connection.execute(query.encode()).fetchone()
    if found is None:
        raise LookupError("an aggregate has one row")
    return found
