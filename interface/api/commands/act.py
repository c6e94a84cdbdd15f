"""An act: which path a command has, what it takes, and what it does."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from domain.case.command import Command
from interface.api.commands.plain_body import PlainBody


class Act(Struct, frozen=True, kw_only=True):
    """A command's path below the case, its body, and its words for the documentation.

    `{n}` in the path fills the field `item` of the command.
    """

    path: str
    tag: str
    summary: str
    about: str
    body: type[PlainBody] | None = None
    asks: type[Command] | None = None
    item: str = "number"
    example: dict[str, Any] = {}

    @property
    def kind(self) -> type[Command]:
        """Return the kind of command."""
        return self.body.asks if self.body else self.asks or Command


MONEY = {"amount": "129.00", "currency": "CNY"}
REFUND = {"kind": "refund", "amount": MONEY}
REASON = {
    "issue": "Was it defective?",
    "finding": "The inspection found a crack.",
    "rule": {"id": "proof", "version": "1", "article": "hidden-defect"},
}
