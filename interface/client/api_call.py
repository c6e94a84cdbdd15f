"""One call of the API, before it is sent: what the generated methods make."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal
from urllib.parse import quote

from msgspec import Struct

from .file_source import FileSource

Form = Literal["json", "lines", "text", "bytes"]
"""How an answer is read: JSON, a JSON object a line, text, or bytes as they are."""

ACCEPTED = {
    "json": "application/json",
    "lines": "application/x-ndjson",
    "text": "text/plain, */*;q=0.5",
    "bytes": "*/*",
}


class ApiCall(Struct, frozen=True):
    """A request to a path below the server's address.

    `takes_key`: it changes something, once for each `Idempotency-Key`. `key`: the
    caller's own; without it one is made when the call is sent.
    """

    method: str
    path: str
    query: Mapping[str, Any] = {}
    body: Any = None
    file: FileSource | None = None
    fields: Mapping[str, str | None] = {}
    key: str | None = None
    takes_key: bool = False
    if_match: str | None = None
    prefer: str | None = None
    answer: Form = "json"

    @property
    def is_safe(self) -> bool:
        """Tell whether it changes nothing, or only once: so it may be sent again."""
        return self.method in {"GET", "HEAD"} or self.takes_key

    def headers(self) -> dict[str, str]:
        """Return the headers of this call alone, with a key that all attempts share."""
        said = {"Accept": ACCEPTED[self.answer]}
        if self.takes_key:
            said["Idempotency-Key"] = self.key or str(uuid.uuid4())
        if self.if_match is not None:
            said["If-Match"] = self.if_match
        if self.prefer is not None:
            said["Prefer"] = self.prefer
        return said

    def parameters(self) -> list[tuple[str, str]]:
        """Return the query, without what was not said."""
        return [
            (name, _written(one)) for name, one in self.query.items() if one is not None
        ]


class ApiCaller(ABC):
    """Whoever can send a call."""

    @abstractmethod
    def answer(self, call: ApiCall, shape: Any) -> Any:
        """Send a call; return its answer in a shape, None for an empty one."""


def path_part(value: object) -> str:
    """Return a value as one part of a path, whatever letters it has."""
    return quote(str(value), safe="")


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
