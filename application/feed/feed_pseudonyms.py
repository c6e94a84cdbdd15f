"""The pseudonyms by which analysts know people in the feed: each has their own.

Others who read the feed know people by the platform's ids, as the record does. An
analyst gets the same pseudonym for the same person each time, and two analysts have no
pseudonym in common.
"""

from __future__ import annotations

import hmac

from msgspec.structs import replace

from application.exports.pseudonyms import Pseudonyms
from application.record.envelope import Recorded
from domain.filing.events import Filed
from domain.identifiers import map_identifiers

_USE = b"redress feed pseudonyms\x00"


def feed_pseudonyms(master: bytes, platform: str | None, subject: str) -> Pseudonyms:
    """Return the pseudonyms of an analyst, under a key derived from a master key."""
    name = f"{platform or ''}\x00{subject}".encode()
    return Pseudonyms(hmac.digest(master, _USE + name, "sha256"))


def under_pseudonyms(recorded: Recorded, pseudonyms: Pseudonyms) -> Recorded:
    """Return an event in which people, shops and orders have pseudonyms."""
    event = map_identifiers(recorded.event, pseudonyms.of)
    if isinstance(event, Filed) and event.snapshot is not None:
        # Not personal, but it tells whose order it is.
        event = replace(
            event, snapshot=replace(event.snapshot, title=None, picture=None)
        )
    actor = map_identifiers(recorded.actor, pseudonyms.of)
    return replace(recorded, actor=actor, event=event)
