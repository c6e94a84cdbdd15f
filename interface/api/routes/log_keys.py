"""The keys of the log and of its application, and where older ones ended."""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from application.log.sign import key_ends, statement_keys
from application.log.sign.checkpoint_store import PublishedKey, keys
from application.log.sign.statement_keys import EndorsedKey
from interface.api.cursors import Page, whole
from interface.api.recorded_reads import public
from interface.bootstrap import System

BRIEFLY = "public, max-age=1"
"""A new key is published once a second at most."""


class LogKeysPage(Page[PublishedKey], frozen=True, kw_only=True):
    """The keys of the log."""


class KeyEndsPage(Page[str], frozen=True, kw_only=True):
    """The notes in which older keys end."""


class StatementKeysPage(Page[EndorsedKey], frozen=True, kw_only=True):
    """The keys of statements."""


class LogKeyController(Controller):
    """For whoever checks a signature."""

    path = "/v1/log"
    tags = ("log",)

    @get(
        "/keys",
        summary="Verifier keys, past and present",
        sync_to_thread=True,
        opt=public("whoever checks the log has to be able to ask for it"),
    )
    def keys(self, system: NamedDependency[System]) -> Response[LogKeysPage]:
        """Return every key that has signed, and the note by which earlier ones name it.

        Pin a key that you were given otherwise; follow endorsements from there.
        """
        with system.database.get_connection() as connection:
            found = keys(connection)
        listed = whole(LogKeysPage, found)
        return Response(listed, headers={"Cache-Control": BRIEFLY})

    @get(
        "/key-ends",
        summary="Where older keys ended",
        sync_to_thread=True,
        opt=public("whoever checks the log has to be able to ask for it"),
    )
    def key_ends(self, system: NamedDependency[System]) -> Response[KeyEndsPage]:
        """Return the signed notes that say up to which size older keys count.

        Each has the lines `redress log keys end`, the log's name, the size, and the
        keys; newer keys have signed it.
        """
        with system.database.get_connection() as connection:
            found = key_ends.published(connection)
        listed = whole(KeyEndsPage, found)
        return Response(listed, headers={"Cache-Control": BRIEFLY})

    @get(
        "/statement-keys",
        summary="Keys with which the application signs events",
        sync_to_thread=True,
        opt=public("whoever checks the log has to be able to ask for it"),
    )
    def statement_keys(
        self, system: NamedDependency[System]
    ) -> Response[StatementKeysPage]:
        """Return the keys of statements, with the notes in which the log names them."""
        with system.database.get_connection() as connection:
            found = statement_keys.published(connection)
        return Response(
            whole(StatementKeysPage, found), headers={"Cache-Control": BRIEFLY}
        )
