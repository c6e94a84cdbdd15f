"""The channels over which the platform itself brings notices to the parties (4.3.5)."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How a notice reaches a party."""

    IN_SITE = "in-site"
    MAIL = "mail"
    SMS = "sms"
