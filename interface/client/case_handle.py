"""A case in one's hands: as it was read last, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .answer_shape import checked
from .api_call import ApiCall, path_part
from .file_download import save
from .generated.models import CaseShown, EvidenceShown, Phase
from .offered_actions import OfferedActions
from .problem_raised import RedressError, StaleCase

if TYPE_CHECKING:
    from .redress import Redress

POLL_SECONDS = 0.1


class CaseHandle:
    """A case, as its reader saw it last.

    What is done with it says `If-Match` with the version that was read, so that nobody
    acts on what they have not seen: StaleCase is raised if the case has changed since.

    >>> case = buyer.case(case.id)
    >>> case.phase
    <Phase.FILED: 'filed'>
    >>> case.etag == f'"{case.shown.version}"'
    True
    """

    def __init__(self, redress: Redress, shown: CaseShown) -> None:
        self._redress, self._shown = redress, shown
        self._id = shown.id
        self._is_seen = True

    def __repr__(self) -> str:
        return f"<case {self._id} version {self._shown.version} {self._shown.phase}>"

    @property
    def id(self) -> UUID:
        """Return the case's id."""
        return self._id

    @property
    def shown(self) -> CaseShown:
        """Return the case as it was shown last: a buyer's, a seller's or staff's."""
        if not self._is_seen:
            raise RedressError(f"you do not see the case {self._id} any more")
        return self._shown

    @property
    def phase(self) -> Phase:
        """Return the phase that the case stood in."""
        return self.shown.phase

    @property
    def etag(self) -> str:
        """Return the version that was read, as `If-Match` takes it."""
        return f'"{self.shown.version}"'

    @property
    def actions(self) -> OfferedActions:
        """Return what is possible now, as methods."""
        return OfferedActions(self)

    def refresh(self) -> CaseHandle:
        """Read the case anew; return this handle."""
        self._show(self._redress.read_dispute(self._id))
        return self

    def wait_for(self, action: str, *, seconds: float = 10.0) -> CaseHandle:
        """Read the case anew until it offers an action. Raises TimeoutError."""
        until = time.monotonic() + seconds
        while action not in self.actions:
            if time.monotonic() > until:
                offered = ", ".join(one.name for one in self.actions)
                raise TimeoutError(f"{action!r} is not offered, but: {offered}")
            time.sleep(POLL_SECONDS)
            self.refresh()
        return self

    def act(
        self,
        action: str,
        fields: Mapping[str, Any] | None = None,
        *,
        number: int | None = None,
        key: str | None = None,
        refreshes: int = 0,
    ) -> CaseHandle:
        """Do what the case offers; return this handle, which shows the case after it.

        `number`: of the offer, obligation or piece of evidence, if there are several.
        `key`: an idempotency key of your own. `refreshes`: how often, if the case has
        changed, it is read anew and asked again; without it StaleCase is raised.
        Raises NotOffered, and TypeError for a field that the action does not take.
        """
        sent = dict(fields or {})
        for left in range(refreshes, -1, -1):
            call = self._call(action, sent, number, key)
            try:
                self._show(self._redress.answer(call, CaseShown))
            except StaleCase:
                if not left:
                    raise
                self.refresh()
            else:
                break
        return self

    def save_evidence(self, number: int, path: Path) -> Path:
        """Save a piece of evidence, held to the SHA-256 that the case tells."""
        item = self._evidence(number)
        sender = self._redress.sender
        return save(sender, self._file_href(number), path, item.sha256)

    def read_evidence(self, number: int) -> bytes:
        """Return the bytes of a piece of evidence, held to the case's SHA-256."""
        item = self._evidence(number)
        content = self._redress.download_evidence(self._id, number)
        return b"".join(checked([content], item.sha256))

    def _evidence(self, number: int) -> EvidenceShown:
        for item in self.shown.evidence:
            if item.number == number:
                return item
        raise LookupError(f"the case has no evidence {number}")

    def _file_href(self, number: int) -> str:
        return f"/v1/disputes/{path_part(self._id)}/evidence/{number}"

    def _call(
        self, name: str, fields: dict[str, Any], number: int | None, key: str | None
    ) -> ApiCall:
        action = self.actions.named(name, number)
        known = self.actions.fields(name, number)
        if foreign := fields.keys() - known:
            takes = ", ".join(sorted(known)) or "no field"
            raise TypeError(f"{name!r} takes no {', '.join(foreign)}; it takes {takes}")
        href = own_path(action.href)
        if any(one.type == "file" for one in action.fields):
            texts = {one: _text(value) for one, value in fields.items()}
            file = fields.get("file")
            texts.pop("file", None)
            return ApiCall(
                action.method,
                href,
                file=file,
                fields=texts,
                key=key,
                takes_key=True,
                if_match=self.etag,
            )
        return ApiCall(
            action.method,
            href,
            body=fields if fields or known else None,
            key=key,
            takes_key=True,
            if_match=self.etag,
        )

    def _show(self, shown: CaseShown | None) -> None:
        # Who gives a case away is not shown it any more (204).
        self._is_seen = shown is not None
        if shown is not None:
            self._shown = shown


def own_path(href: str) -> str:
    """Return an address of the server's own. Raises RedressError for another host."""
    if not href.startswith("/") or href.startswith("//"):
        raise RedressError(f"{href!r} is not below the server's address")
    return href


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
