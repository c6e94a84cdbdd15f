"""Bodies whose fields are those of a command, one to one."""

from __future__ import annotations

from typing import Any, ClassVar

from domain.case.command import Command
from domain.roles import Party
from interface.api.commands.fields import Body, MoneyBody, TermsBody
from interface.api.commands.rulings import ReasonBody, RuleBody


class PlainBody(Body, frozen=True, kw_only=True):
    """What is sent for one kind of command; `asks` is that kind."""

    asks: ClassVar[type[Command]]

    def command(self, **item: int) -> Any:
        """Return the command, money in minor units; `item` comes from the path."""
        fields = {
            name: _inside(getattr(self, name), f"/{name}")
            for name in self.__struct_fields__
        }
        return self.asks(**fields, **item)


def _inside(value: Any, at: str) -> Any:
    match value:
        case MoneyBody() | TermsBody():
            return value.inside(at)
        case ReasonBody() | RuleBody():
            return value.inside()
        case tuple():
            return tuple(_inside(one, f"{at}/{n}") for n, one in enumerate(value))
        case "buyer" | "seller" | "platform" | "both" if at == "/party":
            return Party(value)
        case _:
            return value
