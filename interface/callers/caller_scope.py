"""Whose rows the database shows while a caller's request is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid5

import msgspec

from application.record.row_scope import Scope, Sees, seeing
from domain.identity import NAMESPACE
from domain.roles import STAFF, Role
from interface.callers.caller import Caller


def scope_of(caller: Caller, client: Caller | None = None) -> Scope:
    """Return the scope of a caller's requests, which the policies read.

    `client`: who sends them, if that is a program which acts for the caller. The
    idempotency keys are its own.
    """
    sent_by = client or caller
    who = [sent_by.platform, sent_by.role, sent_by.subject]
    return Scope(
        sees=_seen_by(caller),
        role=caller.role,
        platform=caller.platform or "",
        subject=caller.subject,
        caller=str(uuid5(NAMESPACE, msgspec.json.encode(who).decode())),
    )


@contextmanager
def meeting_any_case(caller: Caller) -> Iterator[None]:
    """Let staff meet any case of the platform that they name or act on.

    Row security hides the cases in which a person has a part of their own. Of one that
    they name, they are told that they are barred; a recusal sent again is answered.
    """
    if caller.role not in STAFF:
        yield
        return
    with seeing(Sees.PLATFORM):
        yield


@contextmanager
def reading_events(caller: Caller) -> Iterator[None]:
    """Let analysts read the events of their platform, in the feed alone.

    They see figures of cases, and no case; the feed has no personal text in it.
    """
    if caller.role is not Role.ANALYST:
        yield
        return
    with seeing(Sees.PLATFORM if caller.platform else Sees.ALL):
        yield


def _seen_by(caller: Caller) -> Sees:
    match caller.role:
        case Role.BUYER:
            return Sees.BUYER
        case Role.SELLER:
            return Sees.SELLER
        case Role.ANALYST:
            return Sees.FIGURES if caller.platform else Sees.ALL_FIGURES
        case Role.CLOCK:
            return Sees.NOTHING
        case role if role in STAFF:
            return Sees.STAFF
        case _:
            return Sees.PLATFORM if caller.platform else Sees.ALL
