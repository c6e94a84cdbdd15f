"""What a command was answered before, under the same key."""

from __future__ import annotations

import hmac

from application.cases.case import Case, CommandRequest
from application.record.append_sql import KeyUse
from application.record.record import Record
from domain.refusals import KeyReused


def earlier(record: Record, case: Case, request: CommandRequest) -> Case | None:
    """Return the case as it was after the same command, if its events are there.

    Raises KeyReused if the key was used for another command.
    """
    own = (one for one in case.events if one.command_id == request.command_id)
    last = max((recorded.version for recorded in own), default=None)
    if last is None:
        return None
    if request.digest is not None:
        use = record.key_use(request.command_id)
        if use is None or not hmac.compare_digest(use.digest, request.digest):
            raise KeyReused
    return case.until(last)


def use_without_events(record: Record, request: CommandRequest) -> KeyUse | None:
    """Return the use of a key by a command that appended nothing, None without one.

    Its case is answered as it was then (`left_at`). Raises KeyReused if the key was
    used on another case, or for another command.
    """
    if request.digest is None:
        return None
    use = record.key_use(request.command_id)
    if use is None:
        return None
    same = hmac.compare_digest(use.digest, request.digest)
    if use.case != request.case or not same:
        raise KeyReused
    return use if use.left_at else None
