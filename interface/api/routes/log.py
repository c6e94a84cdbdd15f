"""The log over HTTP: static paths of C2SP tlog-tiles, its keys, and proofs."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import Struct
from psycopg import Connection

from application.log.build.batches import tip
from application.log.build.entries import entries
from application.log.build.stored_tree import StoredTree
from application.log.format.merkle_proofs import ProofWrong
from application.log.format.tiles import (
    HEIGHT,
    WIDTH,
    NotATile,
    Tile,
    bundle,
    parse_path,
)
from application.log.format.tree import HASH_BYTES
from application.log.merge_delay import LogState, log_state
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.checkpoint_store import latest, log_size
from application.record.row_scope import Beyond, beyond
from interface.api.context_of_request import request_context
from interface.api.openapi.operations import Reading, answering, problems
from interface.api.openapi.oversight_examples import CHECKPOINT, CONSISTENCY
from interface.api.openapi.receipt_examples import LOG_STATE
from interface.api.problems import Failure, malformed
from interface.api.recorded_reads import WATCHED, Read, public, record_view
from interface.api.routes.replay import AUDITORS
from interface.bootstrap import System
from interface.settings.log_settings import Entries

BRIEFLY = "public, max-age=1"
"""A new head is signed once a second at most."""

FOR_EVER = "public, max-age=31536000, immutable"
"""What lies within the log never changes."""

FOR_EVER_TO_ONE = "private, max-age=31536000, immutable"
"""The same, but no shared cache may give entries to somebody else."""

TEXT = "text/plain"
OCTETS = "application/octet-stream"


class Consistency(Struct, frozen=True):
    """That the tree of `new` entries begins with that of `old` (hashes in base64)."""

    old: int
    new: int
    proof: tuple[str, ...]


class LogController(Controller):
    """For monitors, witnesses, and whoever checks a proof. Public but for entries."""

    path = "/v1/log"
    tags = ("log",)

    @get(
        operation_class=answering(Reading, LOG_STATE),
        responses=problems(503),
        operation_id="readLog",
        summary="How far the log reaches, and what it promises",
        sync_to_thread=True,
        opt=public("whoever checks the log has to know what it promises"),
    )
    def state(self, system: NamedDependency[System]) -> Response[LogState]:
        """Return the sizes of the log, and whether it keeps its merge delay.

        `merge_delay` seconds after it was recorded, an event is in a signed tree.
        """
        log = system.settings.log
        with beyond(Beyond.LOG), system.database.get_connection() as connection:
            found = log_state(connection, log.origin, log.publish, system.clock())
        return Response(found, headers={"Cache-Control": BRIEFLY})

    @get(
        "/checkpoint",
        operation_class=answering(Reading, CHECKPOINT),
        responses=problems(404, 503),
        operation_id="readCheckpoint",
        summary="The signed head of the log's tree",
        media_type=TEXT,
        sync_to_thread=True,
        opt=public("whoever checks the log has to be able to ask for it"),
    )
    def checkpoint(self, system: NamedDependency[System]) -> Response[str]:
        """Return the latest checkpoint (C2SP tlog-checkpoint), a second old at most.

        Where the log is published once a quorum has cosigned it, that one.
        """
        return _checkpoint(system, system.settings.log.publish)

    @get(
        "/cosigned-checkpoint",
        operation_class=answering(Reading, CHECKPOINT),
        responses=problems(404, 503),
        operation_id="readCosignedCheckpoint",
        summary="The last head that a quorum of witnesses has co-signed",
        media_type=TEXT,
        sync_to_thread=True,
        opt=public("whoever checks the log has to be able to ask for it"),
    )
    def cosigned(self, system: NamedDependency[System]) -> Response[str]:
        """Return the latest checkpoint with the cosignatures that the policy asks."""
        return _checkpoint(system, Kind.COSIGNED)

    @get(
        "/tile/{tile:path}",
        operation_class=Reading,
        responses=problems(401, 403, 404, 503),
        operation_id="readTile",
        summary="A tile of hashes, or a bundle of entries",
        media_type=OCTETS,
        sync_to_thread=True,
        opt=public(
            "tiles are public; of entries, the handler asks who reads them",
            may_ask=True,
        ),
    )
    def tile(
        self,
        request: Request[Any, Any, Any],
        system: NamedDependency[System],
        tile: FromPath[str],
    ) -> Response[bytes]:
        """Return `<level>/<index>[.p/<width>]` or `entries/<index>[.p/<width>]`.

        Entries hold whole events, of all platforms: unless this installation publishes
        them, they are for auditors and regulators of no single platform, who say why;
        where reading takes a grant, nobody has one for all platforms.
        """
        path = tile.removeprefix("/")
        try:
            wanted = parse_path(path)
        except NotATile:
            raise Failure("no-such-page") from None
        public = wanted.level is not None or _may_read_entries(request, system)
        with beyond(Beyond.LOG), system.database.get_connection() as connection:
            content = _content(connection, wanted)
        caching = FOR_EVER if public else FOR_EVER_TO_ONE
        headers = {"Cache-Control": caching}
        return Response(content, media_type=OCTETS, headers=headers)

    @get(
        "/consistency",
        operation_class=answering(Reading, CONSISTENCY),
        responses=problems(400, 404, 503),
        operation_id="proveConsistency",
        summary="Proof that the log only grew",
        sync_to_thread=True,
        opt=public("whoever checks the log has to be able to ask for it"),
    )
    def consistency(
        self,
        system: NamedDependency[System],
        old: Annotated[int, QueryParameter(ge=1)],
        new: Annotated[int, QueryParameter(ge=1)],
    ) -> Response[Consistency]:
        """Return the consistency proof of RFC 6962 between two sizes of the tree."""
        with beyond(Beyond.LOG), system.database.get_connection() as connection:
            if new > log_size(connection):
                raise Failure("no-such-proof", number=str(new))
            try:
                proof = StoredTree(connection).consistency(old, new)
            except ProofWrong:
                raise malformed("old", "larger-than-new") from None
        texts = tuple(b64encode(one).decode() for one in proof)
        headers = {"Cache-Control": FOR_EVER}
        return Response(Consistency(old, new, texts), headers=headers)


def _checkpoint(system: System, kind: Kind) -> Response[str]:
    with system.database.get_connection() as connection:
        found = latest(connection, kind)
        is_signed = latest(connection, Kind.SIGNED) is not None
    if found is None:
        raise Failure("nothing-cosigned" if is_signed else "nothing-signed")
    headers = {"Cache-Control": BRIEFLY}
    return Response(found.note, media_type=TEXT, headers=headers)


def _may_read_entries(request: Request[Any, Any, Any], system: System) -> bool:
    """Tell whether everyone may; if not, raise Failure unless the caller may."""
    if system.settings.log.entries is Entries.PUBLIC:
        return True
    context = request_context(request, system)
    # Of no platform: an entry is a whole event of any platform, and a bundle has 256.
    if context.caller.role not in AUDITORS or context.caller.platform is not None:
        raise Failure("entries-restricted")
    # To the guard the route is public, for its tiles: entries are recorded here.
    if context.caller.role in WATCHED:
        view = context.view(read=Read.LOG_ENTRIES)
        record_view(system, context.caller, context.headers, view)
    return False


def _content(connection: Connection[Any], tile: Tile) -> bytes:
    size = tip(connection).size
    # A tile of level n has one hash for each complete subtree of 256^n entries. Asked
    # for wider than it is yet, it must not be answered: caches would keep it for ever.
    there = (size >> HEIGHT * (tile.level or 0)) - tile.index * WIDTH
    if there < tile.width:
        raise Failure("no-such-tile", path=tile.path, size=str(size))
    if tile.level is None:
        found = entries(connection, tile.start, tile.start + tile.width)
        return bundle(found)
    hashes = StoredTree(connection).tile(tile.level, tile.index)
    # A partial tile stays available after the tile has grown (C2SP tlog-tiles).
    return hashes[: tile.width * HASH_BYTES]
