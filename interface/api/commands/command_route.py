"""How a client sends a command: path, body, words, and what the fields may hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct

from domain.case.actions import Action
from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute
from interface.api.commands.fields import Body
from interface.api.commands.hints import Hints
from interface.api.responses.case_parts import Field

HintsOf: TypeAlias = Callable[[Action, Dispute, Context], Hints]
VariantsOf: TypeAlias = Callable[
    [Action, Dispute, Context], Iterator[tuple[datetime | None, Hints]]
]


class CommandRoute(Struct, frozen=True, kw_only=True):
    """How clients send one command on a case.

    `path` is below the case; `{n}` in it fills the field `item` of the command. A body
    that is `optional` may be left out. `hints` says what its fields may hold now;
    `variants` does so once for each pair of codes that go together. A route without
    `summary` has a handler of its own, such as one that takes an `upload`. `operation`
    is its id in the OpenAPI document: clients have methods that are named after it.
    """

    command: type[Command]
    path: str
    tag: str = ""
    summary: str = ""
    about: str = ""
    body: type[Body] | None = None
    optional: bool = False
    upload: tuple[Field, ...] = ()
    item: str = "number"
    examples: tuple[tuple[str, dict[str, Any]], ...] = ()
    operation: str = ""
    hints: HintsOf | None = None
    variants: VariantsOf | None = None

    @property
    def name(self) -> str:
        """Return the action's name, such as "offers-acceptance"."""
        return self.path.replace("/{n}", "").replace("/", "-")

    def below(self, item: int | None) -> str:
        """Return the path for an item of the case."""
        return self.path.replace("{n}", str(item))
