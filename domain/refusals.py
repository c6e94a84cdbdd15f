"""Why a request is refused. Nothing is recorded then.

Refusal
├─ NotAllowed        the role may never do this
├─ Conflicted        this person may not do this in this case
├─ SamePerson        it takes another person to approve
├─ NotFound          no such case, or not one that the caller may see
├─ Invalid           the request breaks rules, each named with its place
├─ KeyReused         the idempotency key belongs to another request
├─ Stale             the case has moved on since the caller read it
└─ NotNow            the case does not admit this now
   ├─ WrongPhase
   ├─ AlreadyFiled
   ├─ NotOpen        no such offer, obligation … can be answered now
   ├─ TooLate
   ├─ NoGround       the reason given for acting does not hold now
   ├─ SecondPerson   the amount asks for a second person
   ├─ Assigned       somebody else has the case
   ├─ Held           an authority wants the case kept
   └─ Retained       the law wants the case kept
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from msgspec import Struct


class Problem(Struct, frozen=True):
    """One thing wrong with a request: where (JSON pointer), what, and the limits."""

    pointer: str
    code: str
    details: dict[str, str] = {}


class Refusal(Exception):
    """The request was refused."""

    code: ClassVar[str] = "refused"

    def __init__(self, **details: str) -> None:
        self.details = details
        stated = ", ".join(f"{name} {value}" for name, value in details.items())
        said = (self.__doc__ or "").strip()
        super().__init__(f"{said} ({stated})" if stated else said)


class NotAllowed(Refusal):
    """Your role may not do this."""

    code = "not-allowed"


class Conflicted(Refusal):
    """You may not do this in this case: your part in it forbids it."""

    code = "conflicted"


class SamePerson(Refusal):
    """Another person has to approve this than the one who asks for it."""

    code = "same-person"


class NotFound(Refusal):
    """There is no such dispute, or it is not yours to see."""

    code = "not-found"


class Invalid(Refusal):
    """The request breaks the rules."""

    code = "invalid"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(**{_place(one): one.code for one in self.problems})


def _place(problem: Problem) -> str:
    """Return where a problem is; what is found in an event itself names its field."""
    return problem.pointer or problem.details.get("field", "event")


class KeyReused(Refusal):
    """This Idempotency-Key was used for another request."""

    code = "key-reused"


class Stale(Refusal):
    """The case has changed since you read it."""

    code = "stale"


class NotNow(Refusal):
    """The case does not admit this now."""

    code = "not-now"


class WrongPhase(NotNow):
    """The case is in another phase."""

    code = "wrong-phase"


class AlreadyFiled(NotNow):
    """There is a dispute on this order line and issue already."""

    code = "already-filed"


class NotOpen(NotNow):
    """There is nothing of that number to answer, report or confirm now."""

    code = "not-open"


class TooLate(NotNow):
    """The time for this is over."""

    code = "too-late"


class NoGround(NotNow):
    """The reason given does not hold at this point."""

    code = "no-ground"


class SecondPerson(NotNow):
    """The amount asks for a second person: draft the ruling, another approves it."""

    code = "second-person"


class Assigned(NotNow):
    """Somebody else has the case."""

    code = "assigned"


class Held(NotNow):
    """A legal hold forbids it."""

    code = "held"


class Retained(NotNow):
    """The case has to be kept for longer."""

    code = "retained"


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raise Invalid with all problems, if there are any."""
    if found := tuple(problems):
        raise Invalid(found)
