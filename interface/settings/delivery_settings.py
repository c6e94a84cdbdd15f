"""The settings of what is sent to others: where it may go, and how often."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from application.deliveries.webhook_url import read_networks
from interface.settings.durations import parse_length
from interface.settings.setting_rows import number, setting

MOST_PAUSES = 20
LONGEST_PAUSE = timedelta(days=7)


def pauses(text: str) -> tuple[timedelta, ...]:
    """Read the pauses between attempts: durations, with blanks between them."""
    found = tuple(map(parse_length, text.split()))
    if not found or len(found) > MOST_PAUSES or max(found) > LONGEST_PAUSE:
        raise ValueError("is not a list of 1 to 20 pauses of 7 days at most")
    return found


def _networks(text: str) -> tuple[str, ...]:
    try:
        return tuple(map(str, read_networks(text.split())))
    except ValueError as error:
        raise ValueError(f"is not a list of networks: {error}") from None


class DeliverySettings(Struct, frozen=True, kw_only=True):
    """Where messages to webhooks may go, and when they are sent again."""

    schedule: tuple[timedelta, ...] = setting(
        "REDRESS_WEBHOOK_SCHEDULE",
        pauses,
        "PT5S PT30S PT2M PT10M PT1H PT3H PT8H PT24H",
        "pauses after each attempt at a message to a webhook that failed; when they are"
        " used up, the message is a dead letter",
    )
    networks: tuple[str, ...] | None = setting(
        "REDRESS_WEBHOOK_NETWORKS",
        _networks,
        None,
        "networks of private addresses to which webhooks may lead all the same, such as"
        " `10.1.0.0/16 fd00::/8`",
        unset="none",
    )
    seconds: int = setting(
        "REDRESS_WEBHOOK_SECONDS",
        number(1, 120),
        "15",
        "longest time in which a webhook has to answer",
    )
    days: int = setting(
        "REDRESS_DELIVERY_DAYS",
        number(1, 3_650),
        "30",
        "for how long the delivery log keeps what was delivered; dead letters stay",
    )
