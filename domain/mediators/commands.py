"""Who has the case, who may not, and notes (2): what can be asked."""

from __future__ import annotations

from domain.case.command import Command


class Assign(Command, frozen=True, kw_only=True):
    """Give the case to a mediator; `take_over`: from the one who has it."""

    mediator: str
    remark: str | None = None
    take_over: bool = False


class Recuse(Command, frozen=True, kw_only=True):
    """Take a mediator with a conflict of interest out of the case (2)."""

    conflict: str
    mediator: str | None = None


class TagCase(Command, frozen=True, kw_only=True):
    """Put tags on the case, and take others off, to find it by them."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class AddNote(Command, frozen=True, kw_only=True):
    """Note something on the case for mediators, supervisors and auditors only."""

    text: str
