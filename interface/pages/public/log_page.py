"""The log as a page: its head, how it grows, who has co-signed it, and its keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from application.log.format.note import NoteMalformed, parse_note
from application.log.key_list import listed_keys
from application.log.merge_delay import log_state
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import Published, latest
from application.log.sign.daily_growth import DayOfLog, daily_growth
from application.record.row_scope import Beyond, beyond
from interface.bootstrap import System
from interface.pages.page_options import public_page
from interface.pages.public.public_page import BRIEFLY, public_page_of

DAYS = 31


class Cosigner(Struct, frozen=True):
    """Who has signed a checkpoint beside the log: the name and id of the key."""

    name: str
    key_id: str


class GrownDay(Struct, frozen=True):
    """A day of the log, and how many entries more than on the day before it has."""

    day: DayOfLog
    more: int | None


@get(
    "/log",
    sync_to_thread=True,
    opt=public_page("whoever checks the log has to know what it promises"),
)
def log_page(
    request: Request[Any, Any, Any], system: NamedDependency[System]
) -> Response[str]:
    """Show what the log promises and keeps."""
    log = system.settings.log
    with beyond(Beyond.LOG), system.database.get_connection() as connection:
        state = log_state(connection, log.origin, log.publish, system.clock())
        head = latest(connection, log.publish)
        cosigned = latest(connection, Kind.COSIGNED)
        days = daily_growth(connection, DAYS)
        keys = listed_keys(connection, system.statement_key.vkey)
    return public_page_of(
        request,
        "log.html",
        kept=BRIEFLY,
        state=state,
        head=head,
        cosigned=cosigned,
        cosigners=list(_cosigners(cosigned, log.origin)),
        days=list(_grown(days)),
        keys=keys,
    )


def _cosigners(found: Published | None, origin: str) -> Iterator[Cosigner]:
    """Yield who has co-signed a checkpoint, the log itself left out."""
    try:
        note = parse_note(found.note) if found else None
    except NoteMalformed:
        return
    for signature in note.signatures if note else ():
        if signature.name != origin:
            yield Cosigner(signature.name, signature.key_id.hex())


def _grown(days: Sequence[DayOfLog]) -> Iterator[GrownDay]:
    for n, one in enumerate(days):
        before = days[n + 1].size if n + 1 < len(days) else None
        yield GrownDay(one, None if before is None else one.size - before)
