"""A witness over HTTP (C2SP tlog-witness): no database, no tokens."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Litestar, Request, Response, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from application.log.sign.last_signed import StateUnusable
from application.log.witness.log_follower import LogFollower
from application.log.witness.witness import Declined, Witness
from interface.api.response_headers import add_headers

MAX_BODY_BYTES = 1_000_000
"""A checkpoint with its proof and many signatures takes a few kilobytes."""

TEXT = "text/plain"

_log = logging.getLogger(__name__)


def create_witness_app(witness: Witness, watcher: LogFollower) -> Litestar:
    """Return the application of a witness."""

    @post("/add-checkpoint", status_code=200)
    async def add_checkpoint(request: Request[Any, Any, Any]) -> Response[bytes]:
        lines = "".join(f"{one.line}\n" for one in witness.add(await request.body()))
        return _text(lines)

    @get("/{origin_hash:str}/checkpoint", sync_to_thread=True)
    def checkpoint(origin_hash: FromPath[str]) -> Response[bytes]:
        found = witness.published(origin_hash)
        if found is None:
            raise Declined(404, "nothing was cosigned of such a log\n")
        return _text(found)

    @get("/health/live", sync_to_thread=False)
    def live() -> dict[str, str]:
        return {"status": "live"}

    @get("/health/ready", sync_to_thread=False)
    def ready() -> Response[dict[str, Any]]:
        # Names only: what is wrong tells of addresses, and is in the witness's own log.
        logs = sorted(watcher.problems)
        body = {"status": "not ready" if logs else "ready", "logs": logs}
        return Response(body, status_code=503 if logs else 200)

    return Litestar(
        [add_checkpoint, checkpoint, live, ready],
        exception_handlers={
            Declined: _on_declined,
            HTTPException: _on_http,
            OSError: _on_system,
            StateUnusable: _on_system,
        },
        logging_config=None,
        openapi_config=None,
        before_send=[add_headers],
        request_max_body_size=MAX_BODY_BYTES,
    )


def _on_declined(_: Request[Any, Any, Any], error: Declined) -> Response[bytes]:
    _log.info("declined: %s", error.text.strip())
    return _text(error.text, error.status, error.media_type)


def _on_http(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    return _text(f"{error.detail}\n", error.status_code)


def _on_system(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Say that nothing was cosigned, because it could not be remembered.

    A witness that signs what it then forgets could sign a fork of it.
    """
    # What it was names files of this machine, and is for the witness's log.
    _log.error("%s", error)
    return _text("nothing was cosigned\n", 503)


def _text(text: str, status: int = 200, media_type: str = TEXT) -> Response[bytes]:
    # As a header: the framework would add a charset to every type of text, and clients
    # compare the type of a size with that of C2SP exactly.
    said = media_type if media_type != TEXT else f"{TEXT}; charset=utf-8"
    return Response(
        text.encode(),
        status_code=status,
        media_type=media_type,
        headers={"Content-Type": said},
    )
