"""Chooses the data key that seals the personal texts of each recorded event."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from application.privacy.data_keys import KeyStore
from application.record.envelope import Recorded
from application.record.storable_values import check_key_name
from domain.case.dispute import Dispute
from domain.identity import nameless_key, person_key
from domain.personal import has_personal
from domain.privacy.data_subjects import data_subject
from domain.roles import Party


def with_keys(
    events: Sequence[Recorded], dispute: Dispute, keys: KeyStore
) -> tuple[Recorded, ...]:
    """Return the events, those with personal texts naming the key that will seal them.

    `dispute` is the state after these events, which has the parties: a first event
    names them. Raises Invalid for a name that no index could hold.
    """
    concerned = subjects(events, dispute)
    for name in concerned.values():
        check_key_name(name)
    if not concerned:
        return tuple(events)
    ids = keys.current(concerned.values())
    return tuple(
        replace(recorded, key=ids.get(concerned.get(recorded.version, "")))
        for recorded in events
    )


def subjects(events: Sequence[Recorded], dispute: Dispute) -> dict[int, str]:
    """Return by version the data subject of each event that has personal texts."""
    return {
        recorded.version: subject_of(
            recorded.case, data_subject(recorded.event), dispute
        )
        for recorded in events
        if has_personal(recorded.event)
    }


def subject_of(case: UUID, party: Party, dispute: Dispute) -> str:
    """Return the name of the data subject that is a party of a case.

    It is unique across platforms. A party whom an imported source does not name is a
    subject of that case only.
    """
    person = dispute.buyer if party is Party.BUYER else dispute.seller
    if person is None:
        return nameless_key(case, party)
    return person_key(dispute.platform, party, person)
