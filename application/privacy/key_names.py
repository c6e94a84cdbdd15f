"""Under which names a data subject's keys are found, also those of earlier versions.

Earlier versions joined platform, party and pseudonym with colons. Such a name can be
read in several ways: those people have one key, and erasing one of them would have
erased the others. Texts that are sealed with it stay so, because events never change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from application.cases.case import Case
from application.cases.disputes import Disputes
from application.privacy.erasure_obstacles import Obstacle
from application.privacy.erasure_requests import OF_ONE_CASE, Subject
from application.privacy.key_changes import living
from application.privacy.sealing_keys import subject_of
from application.record.envelope import Recorded
from domain.personal import has_personal
from domain.privacy.data_subjects import data_subject
from domain.roles import Party

_PARTY = re.compile(r"(?=:(buyer|seller):)")


def joined(subject: Subject) -> str:
    """Return the name under which earlier versions kept a subject's keys."""
    if subject.case is not None:
        return f"{OF_ONE_CASE}{subject.case}:{subject.party}"
    return f"{subject.platform}:{subject.party}:{subject.id}"


def others_of(subject: Subject) -> Iterator[Subject]:
    """Yield everybody else whose keys earlier versions kept under the same name."""
    name = joined(subject)
    if subject.case is not None:
        return
    for found in _PARTY.finditer(name):
        party, begins = Party(found[1]), found.start()
        one = Subject(
            platform=name[:begins],
            party=party,
            id=name[begins + len(party) + 2 :],
        )
        if one != subject and one.platform and one.id:
            yield one


def is_about(recorded: Recorded, subject: Subject, case: Case) -> bool:
    """Tell whether the personal texts of an event are those of a data subject."""
    if not has_personal(recorded.event):
        return False
    party = data_subject(recorded.event)
    return subject_of(case.case, party, case.dispute) == subject.key_name


class KeyNames:
    """Finds the names of a subject's keys. `find` returns all cases of a subject."""

    def __init__(
        self, disputes: Disputes, find: Callable[[Subject], Sequence[UUID]]
    ) -> None:
        self._disputes = disputes
        self._find = find

    def own(self, subject: Subject) -> tuple[str, ...]:
        """Return the names of keys that are this subject's alone."""
        if self._used_by_others(subject):
            return (subject.key_name,)
        return (subject.key_name, joined(subject))

    def shared(self, subject: Subject, cases: Sequence[Case]) -> Iterator[Obstacle]:
        """Yield the subject's cases whose texts have one key with somebody else's."""
        used = self._used_by_others(subject)
        for case in cases:
            if used & self._keys_of(subject, case):
                yield Obstacle(case=case.case, why="shared")

    def sealed_since(
        self, subject: Subject, cases: Sequence[Case], keys: Sequence[UUID]
    ) -> bool:
        """Tell whether an event is sealed with another key than `keys`: a younger one.

        A command that came in after the retirement of `keys` has made it; the next
        attempt of an erasure retires that one as well.
        """
        own = living(self._disputes.keys.database, self.own(subject))
        younger = set(own) - set(keys)
        return any(
            recorded.key in younger and is_about(recorded, subject, case)
            for case in cases
            for recorded in case.events
        )

    def _used_by_others(self, subject: Subject) -> set[UUID]:
        """Return the keys under the joined name that seal texts of somebody else."""
        others = tuple(others_of(subject))
        if not others:
            return set()
        kept = set(living(self._disputes.keys.database, [joined(subject)]))
        if not kept:
            return set()
        return kept & {
            key
            for other in others
            for case in map(self._disputes.find, self._find(other))
            if other.party not in case.dispute.erased
            for key in self._keys_of(other, case)
        }

    def _keys_of(self, subject: Subject, case: Case) -> set[UUID]:
        return {
            recorded.key
            for recorded in case.events
            if recorded.key is not None and is_about(recorded, subject, case)
        }
