"""An event message as a CloudEvent (CloudEvents 1.0, JSON format)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from application.feed.event_message import EventMessage

BATCH = "application/cloudevents-batch+json"
PREFIX = "redress."


class CloudEvent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The envelope that CloudEvents asks for, around the same message.

    `sequence` (an extension of theirs) is the position as text of a fixed length, which
    sorts as the positions do: their integers end at 2^31.
    """

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    sequence: str
    data: EventMessage


def cloud_event(message: EventMessage) -> CloudEvent:
    """Return a message as a CloudEvent; its id is unique within its source."""
    return CloudEvent(
        specversion="1.0",
        id=f"{message.dispute}/{message.version}",
        source=f"/platforms/{message.platform}",
        type=PREFIX + message.type,
        subject=str(message.dispute),
        time=message.recorded_at,
        datacontenttype="application/json",
        sequence=f"{message.position:020d}",
        data=message,
    )
