"""Mail addresses and telephone numbers that notices are sent to."""

from __future__ import annotations

import re

from msgspec import Struct

MOST_MAIL = 254
"""Characters of a mail address (RFC 5321, 4.5.3.1.3)."""

# ASCII only, and no quoted local part: what mail systems in use deliver to. A control
# character or a comma would be a way into the headers of the mail.
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}",
    re.ASCII,
)

# E.164: at most 15 digits; a number of mainland China needs no country code.
_PHONE = re.compile(r"\+?[0-9](?:[ -]?[0-9]){5,14}", re.ASCII)


class Address(Struct, frozen=True, kw_only=True):
    """Where a party can be reached; `language`: "zh-CN" or "en", None if not said."""

    mail: str | None = None
    phone: str | None = None
    language: str | None = None


def restated(before: Address, stated: Address) -> Address:
    """Return the address after a statement: None says nothing of a part, "" ends it."""
    return Address(
        mail=before.mail if stated.mail is None else stated.mail or None,
        phone=before.phone if stated.phone is None else stated.phone or None,
        language=stated.language or before.language,
    )


def is_mail(text: str) -> bool:
    """Tell whether a text is one mail address."""
    return len(text) <= MOST_MAIL and _MAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Tell whether a text is one telephone number."""
    return _PHONE.fullmatch(text) is not None


def dialled(phone: str) -> str:
    """Return a telephone number as it is dialled: without blanks and dashes."""
    return phone.replace(" ", "").replace("-", "")


def address_in(contact: str) -> Address:
    """Return the addresses in the free text that a buyer gave as contact.

    Only where there is exactly one of a kind: which of two is meant, nobody knows, and
    a notice that reaches somebody else is worse than one that reaches nobody.
    """
    words = re.split(r"[\s,;:，；：、()（）<>]+", contact)  # noqa: RUF001 - Chinese stops
    mails = {one for one in words if is_mail(one)}
    whole = {contact.strip()} if is_phone(contact.strip()) else set()
    phones = whole or {one for one in words if is_phone(one)}
    return Address(
        mail=mails.pop() if len(mails) == 1 else None,
        phone=dialled(phones.pop()) if len(phones) == 1 else None,
    )
