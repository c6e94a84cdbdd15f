"""Sanctions against a seller, each published (4.4)."""

from __future__ import annotations

from typing import TypeAlias

from domain.case.event import Event
from domain.deadlines.deadline import Deadline
from domain.identifiers import Identifier
from domain.personal import Personal


class SanctionImposed(Event, frozen=True, kw_only=True, tag="sanction-imposed"):
    """A seller in breach was warned, restricted or suspended."""

    number: int
    kind: str
    seller: Identifier[str]
    breach: str
    measure: str
    deadlines: tuple[Deadline, ...] = ()


class SanctionPublished(Event, frozen=True, kw_only=True, tag="sanction-published"):
    """Shop, breach and measure were made public; or, `lifted`, their end."""

    number: int
    lifted: bool = False


class SanctionLifted(Event, frozen=True, kw_only=True, tag="sanction-lifted"):
    """A sanction ended; this is published too."""

    number: int
    why: Personal[str]
    deadlines: tuple[Deadline, ...] = ()


SanctionEvent: TypeAlias = SanctionImposed | SanctionPublished | SanctionLifted
