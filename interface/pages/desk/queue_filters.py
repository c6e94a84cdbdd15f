"""What the address of the queue asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from domain.case.dispute import Phase
from domain.roles import STAFF, Party
from interface.api.recorded_reads import only_by
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_options import PAGE
from interface.pages.sealed_terms import Sealer, Terms

PATH = "/desk"
TERMS = Terms("desk", frozenset({"assignee", "q"}))
"""What names people: a search may, and who works on a case does."""

DESK = only_by(*STAFF) | PAGE

_MOST_ASSIGNEE = 128
_YES_OR_NO = {"true": True, "false": False}

KNOWN: Mapping[str, tuple[str, ...]] = {
    "phase": tuple(Phase),
    "waiting_on": tuple(Party),
    **dict.fromkeys(("overdue", "closed", "second"), tuple(_YES_OR_NO)),
}
"""The values of the filters that have codes."""


class QueueFilters(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the address of the queue asks for; "" and None: any.

    `closed`: the cases that are closed, and not those that are open. `second`: those
    whose ruling waits for a second person.
    """

    assignee: str = ""
    phase: Phase | None = None
    waiting_on: Party | None = None
    overdue: bool | None = None
    closed: bool | None = None
    second: bool | None = None
    q: str = ""

    @property
    def name(self) -> str:
        """Return what the list is called in its cursors; it is no address."""
        return f"{PATH}?{urlencode(self.fields())}" if self.fields() else PATH

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


class QueueLinks(Struct, frozen=True):
    """The addresses of the queue for one reader, in which nobody is named."""

    asked: QueueFilters
    sealer: Sealer

    def link(self, **changes: Any) -> str:
        """Return the address of the queue with other filters."""
        return self.with_query(changes, {})

    def kept(self, asked: QueueFilters) -> str:
        """Return the address of the queue with filters that somebody keeps."""
        return QueueLinks(asked, self.sealer).link()

    def with_query(self, changes: dict[str, Any], more: dict[str, str]) -> str:
        """Return the address with other filters, and with what else it says."""
        given = [*replace(self.asked, **changes).fields(), *more.items()]
        query = self.sealer.sealed(TERMS, given)
        return f"{PATH}?{query}" if query else PATH


def filters_of(form: SentForm) -> QueueFilters:
    """Return the filters that a form names; what it does not know is left out."""
    return filters_in({one: form.get(one) for one in form if one != "q"})


def filters_in(said: Mapping[str, str]) -> QueueFilters:
    """Return the filters that are said by their names; what is unknown is left out."""
    phase, party = said.get("phase"), said.get("waiting_on")
    return QueueFilters(
        assignee=said.get("assignee", "")[:_MOST_ASSIGNEE],
        phase=Phase(phase) if phase in KNOWN["phase"] else None,
        waiting_on=Party(party) if party in KNOWN["waiting_on"] else None,
        overdue=_YES_OR_NO.get(said.get("overdue", "")),
        closed=_YES_OR_NO.get(said.get("closed", "")) or None,
        second=_YES_OR_NO.get(said.get("second", "")) or None,
        q=said.get("q", "").strip(),
    )


def unknown_in(said: Mapping[str, str]) -> dict[str, str]:
    """Return the values that no filter has, by the names of the filters."""
    return {
        name: said[name]
        for name, known in KNOWN.items()
        if said.get(name) and said[name] not in known
    }
