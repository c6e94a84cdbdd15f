"""How a case gets its id: from what it is about, so that filing twice is one case.

And how a data subject gets the name of its keys.

Names are joined as a JSON list, in which no two different lists look alike.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from msgspec.json import encode

# Drawn once. With another one, every stored case would get another id.
NAMESPACE = UUID("7d6f8a52-3c9b-5e41-9a57-2f0b6d1c4e83")


def natural_key(
    platform: str, buyer: str, order: str, line: str, issue: str, number: int
) -> UUID:
    """Return the id of the n-th case of a buyer on one issue of one order line.

    The primary key refuses a second live dispute on it without any lock (3.2). The
    buyer is part of it: a stranger who files first takes nobody's place.
    """
    name = [platform, buyer, order, line, issue, number]
    return uuid5(NAMESPACE, encode(name).decode())


def imported_key(system: str, record: str) -> UUID:
    """Return the id of the case that another system keeps under `record`."""
    return uuid5(NAMESPACE, encode(["import", system, record]).decode())


def standing_key(platform: str, seller: str) -> UUID:
    """Return the id of the history of a seller's standing."""
    return uuid5(NAMESPACE, encode(["standing", platform, seller]).decode())


def person_key(platform: str, party: str, person: str) -> str:
    """Return the name of the data keys of a person on a platform."""
    return encode([platform, party, person]).decode()


def nameless_key(case: UUID, party: str) -> str:
    """Return the name of the data keys of a party of a case whom nobody names."""
    # No platform is None, so it is no person's name.
    return encode([None, str(case), party]).decode()


def erasure_key(erasure: UUID) -> UUID:
    """Return the id of the history of an erasure's request and approval."""
    return uuid5(NAMESPACE, encode(["erasure", str(erasure)]).decode())


RULES = uuid5(NAMESPACE, encode(["rules"]).decode())
"""The id of the history of rules."""

ACCESS_LOG = uuid5(NAMESPACE, encode(["access-log"]).decode())
"""The id of the history of the access log's seals."""

ERASURES = uuid5(NAMESPACE, encode(["erasures"]).decode())
"""The id of the history of erasures that became final."""
