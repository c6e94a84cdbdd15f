"""The settings of how notices leave the house: mail, SMS, and where cases are read."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from msgspec import Struct

from domain.notices.addresses import is_mail
from domain.notices.channel import Channel
from interface.settings.delivery_settings import pauses
from interface.settings.setting_rows import setting, web_url


def _channels(text: str) -> tuple[Channel, ...]:
    names = text.replace(",", " ").split()
    known = {one.value for one in Channel}
    if not names or set(names) - known or len(set(names)) < len(names):
        raise ValueError(f"is not a list of {', '.join(sorted(known))}")
    return tuple(map(Channel, names))


def _smtp_url(text: str) -> str:
    said = "is not smtp://host:port or smtps://host:port"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError(said) from None
    rest = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or rest:
        raise ValueError(said)
    return text


def _sender(text: str) -> str:
    address = text.rpartition("<")[2].removesuffix(">") if "<" in text else text
    if not is_mail(address.strip()) or not text.isprintable():
        raise ValueError("is not a mail address, alone or as Name <address>")
    return text


def _pages(text: str) -> str:
    if "{case}" not in web_url(text):
        raise ValueError("does not say where the id stands: {case}")
    return text


class NoticeSettings(Struct, frozen=True, kw_only=True):
    """Over which channels notices reach the parties; see `Settings`."""

    channels: tuple[Channel, ...] = setting(
        "REDRESS_NOTICE_CHANNELS",
        _channels,
        "in-site",
        "how notices reach the parties: `in-site`, `mail`, `sms`, or several of them;"
        " without `in-site` they count as served once a message has arrived",
    )
    mail_server: str | None = setting(
        "REDRESS_MAIL_SERVER",
        _smtp_url,
        None,
        "the mail server: `smtps://user:password@host:465`, or `smtp://` with STARTTLS",
        is_secret=True,
    )
    mail_from: str | None = setting(
        "REDRESS_MAIL_FROM",
        _sender,
        None,
        "who mails are from: an address, or `Name <address>`",
    )
    sms_gateway: str | None = setting(
        "REDRESS_SMS_GATEWAY",
        web_url,
        None,
        "URL to which short messages are posted as JSON",
        is_secret=True,
    )
    sms_token: str | None = setting(
        "REDRESS_SMS_TOKEN",
        str,
        None,
        "bearer token for the gateway of short messages",
        is_secret=True,
    )
    pages: str | None = setting(
        "REDRESS_CASE_PAGE",
        _pages,
        None,
        "where a party reads its case, for links in notices, such as"
        " `https://shop.example/disputes/{case}`",
    )
    schedule: tuple[timedelta, ...] = setting(
        "REDRESS_NOTICE_SCHEDULE",
        pauses,
        "PT30S PT2M PT10M PT1H PT3H PT8H",
        "pauses after each attempt at a mail or a short message that failed; when they"
        " are used up, the notice could not be delivered over that channel",
    )

    def missing(self) -> str | None:
        """Return what a channel that is named needs besides; None if all is there."""
        if Channel.MAIL in self.channels and not (self.mail_server and self.mail_from):
            return "mail needs REDRESS_MAIL_SERVER and REDRESS_MAIL_FROM"
        if Channel.SMS in self.channels and not self.sms_gateway:
            return "sms needs REDRESS_SMS_GATEWAY"
        return None
