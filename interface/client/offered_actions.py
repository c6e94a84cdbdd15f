"""What a case offers its reader now, as methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .generated.actions import ACTIONS
from .generated.models import ActionShown
from .problem_raised import NotOffered

if TYPE_CHECKING:
    from .case_handle import CaseHandle


class OfferedActions:
    """The actions of a case: `case.actions.respond_to_claim(position="accept")`.

    A method is called as the operation (`respond_to_claim`) or as the action
    (`seller_response`). One that is not possible now raises NotOffered, which is an
    AttributeError, so `hasattr` and completion tell what is.

    >>> "withdrawal" in case.actions
    True
    >>> hasattr(case.actions, "rule_dispute")
    False
    """

    def __init__(self, case: CaseHandle) -> None:
        self._case = case

    def __getattr__(self, name: str) -> Callable[..., CaseHandle]:
        if name.startswith("_"):
            raise AttributeError(name)
        label = self._called(name)[0].label

        def act(*, number: int | None = None, **fields: Any) -> CaseHandle:
            return self._case.act(name, fields, number=number)

        act.__name__, act.__doc__ = name, label
        return act

    def __iter__(self) -> Iterator[ActionShown]:
        return iter(self._case.shown.actions)

    def __contains__(self, name: object) -> bool:
        return any(_is_called(one, str(name)) for one in self)

    def __dir__(self) -> list[str]:
        return sorted({one.name.replace("-", "_") for one in self})

    def named(self, name: str, number: int | None = None) -> ActionShown:
        """Return an action, of which `number` chooses the item. Raises NotOffered."""
        found = self._called(name)
        if number is not None:
            found = [one for one in found if f"/{number}/" in f"{one.href}/"]
        if not found:
            raise NotOffered(f"{name} {number}", (one.name for one in self))
        hrefs = {one.href for one in found}
        if len(hrefs) > 1:
            which = ", ".join(sorted(hrefs))
            raise TypeError(f"{name!r} is possible for several; say number=: {which}")
        return found[0]

    def fields(self, name: str, number: int | None = None) -> set[str]:
        """Return the names of the fields that an action takes, in any of its forms."""
        href = self.named(name, number).href
        return {
            field.name
            for one in self._called(name)
            if one.href == href
            for field in one.fields
        }

    def _called(self, name: str) -> list[ActionShown]:
        """Return the actions of a name: one for each item, or form of its fields."""
        found = [one for one in self if _is_called(one, name)]
        if not found:
            raise NotOffered(name, (one.name for one in self))
        return found


def _is_called(action: ActionShown, name: str) -> bool:
    plain = name.replace("_", "-")
    return action.name == plain or ACTIONS.get(action.name) == name
