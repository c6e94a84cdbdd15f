"""What the address of the queue asks for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from domain.case.dispute import Phase
from domain.roles import STAFF, Party
from interface.api.recorded_reads import only_by
from interface.pages.page_options import PAGE

PATH = "/desk"
DESK = only_by(*STAFF) | PAGE


class QueueFilters(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the address of the queue asks for; "" and None: any."""

    assignee: str = ""
    phase: Phase | None = None
    waiting_on: Party | None = None
    overdue: bool | None = None
    q: str = ""

    def link(self, **changes: Any) -> str:
        """Return the address of the queue with other filters."""
        given = replace(self, **changes).fields()
        return f"{PATH}?{urlencode(given)}" if given else PATH

    def fields(self) -> list[tuple[str, str]]:
        """Return what is asked for, as names and values of an address."""
        return [
            (name, str(value).lower() if isinstance(value, bool) else str(value))
            for name in self.__struct_fields__
            if (value := getattr(self, name)) not in {None, ""}
        ]

    @property
    def is_any(self) -> bool:
        """Tell whether all of the queue is asked for."""
        return self == QueueFilters()
