"""The channels over which a notice leaves the house: mail (SMTP) and SMS (HTTP)."""

from __future__ import annotations

from email.message import EmailMessage
from ipaddress import ip_network
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec
from msgspec import Struct

from application.deliveries.guarded_http import GuardedHttp
from application.deliveries.webhook_url import OutboundRules

SMTP_SECONDS = 30.0
PERMANENT = range(500, 600)
REFUSED_BY_GATEWAY = frozenset(range(400, 500)) - {401, 403, 408, 425, 429}
"""What is about the message; 401 and 403 are about the token, so the operator's."""

# The operator names the gateway, and it may well stand in the same network.
ANYWHERE = OutboundRules(
    networks=(ip_network("0.0.0.0/0"), ip_network("::/0")), encrypted=False
)


class Unsent(Exception):
    """A message was not taken. `final`: it will not be at another attempt either.

    `outage`: it is no fault of the recipient's address. `problem` says why, in a word
    or a status; never with an address in it.
    """

    def __init__(
        self, problem: str, *, final: bool, outage: bool | None = None
    ) -> None:
        super().__init__(problem)
        self.problem, self.final = problem, final
        self.outage = not final if outage is None else outage


class MailRoute(Struct, frozen=True, kw_only=True):
    """The mail server: smtps:// encrypts at once, smtp:// by STARTTLS.

    `plain` lets a server without STARTTLS be used (never in production). `sender` is
    the address in From, with or without a name.
    """

    url: str
    sender: str
    plain: bool = False

    async def send(self, message: EmailMessage) -> None:
        """Hand a mail over to the server. Raises Unsent."""
        at = urlsplit(self.url)
        encrypted = at.scheme == "smtps"
        try:
            await aiosmtplib.send(
                message,
                hostname=at.hostname,
                port=at.port or (465 if encrypted else 587),
                username=unquote(at.username) if at.username else None,
                password=unquote(at.password) if at.password else None,
                use_tls=encrypted,
                start_tls=False if encrypted else None if self.plain else True,
                timeout=SMTP_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [one.code for one in error.recipients]
            final = all(code in PERMANENT for code in codes)
            raise Unsent(f"smtp {codes[0]}", final=final, outage=False) from None
        except aiosmtplib.SMTPResponseException as error:
            # A login that is refused is the operator's to mend, not the recipient's.
            data = not isinstance(error, aiosmtplib.SMTPAuthenticationError)
            final = data and error.code in PERMANENT
            raise Unsent(f"smtp {error.code}", final=final) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unsent(type(error).__name__, final=False) from None


class ShortMessage(Struct, frozen=True, kw_only=True):
    """What the gateway is asked to send.

    `template` and `parameters` are for gateways that only send texts which were
    approved before; `text` is the whole message.
    """

    id: str
    to: str
    template: str
    language: str
    parameters: dict[str, str]
    text: str


class SmsRoute(Struct, frozen=True, kw_only=True):
    """The gateway that takes short messages as JSON; any 2xx says that it took one."""

    url: str
    token: str | None = None

    async def send(self, message: ShortMessage) -> None:
        """Hand a short message over to the gateway. Raises Unsent."""
        headers = {"Idempotency-Key": message.id}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        http = GuardedHttp(ANYWHERE)
        outcome = await http.post(self.url, msgspec.json.encode(message), headers)
        if outcome.problem is not None:
            final = outcome.status in REFUSED_BY_GATEWAY
            status = f" {outcome.status}" if outcome.status else ""
            raise Unsent(f"{outcome.problem}{status}", final=final)
