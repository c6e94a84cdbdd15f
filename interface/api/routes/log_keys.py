"""The keys of the log and of its application, and where older ones ended."""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from application.log.key_list import ListedKey, listed_keys
from application.log.sign import key_ends, statement_keys
from application.log.sign.statement_keys import EndorsedKey
from interface.api.cursors import Page, whole
from interface.api.recorded_reads import public
from interface.bootstrap import System

BRIEFLY = "public, max-age=1"
"""A new key is published once a second at most."""


class LogKeysPage(Page[ListedKey], frozen=True, kw_only=True):
    """The keys of the log and of its application."""


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
        operation_id="listLogKeys",
        summary="Verifier keys, past and present",
        sync_to_thread=True,
        opt=public("whoever checks the log has to be able to ask for it"),
    )
    def keys(self, system: NamedDependency[System]) -> Response[LogKeysPage]:
        """Return every key, what it signs, and the note by which others name it.

        `use` is `log` (it signs checkpoints) or `statements` (with it the application
        signs events and bundles); `signs`: it signs now. Both verifiers take the whole
        answer (`--keys FILE`). Pin a key that you were given otherwise, and follow
        endorsements from there.
        """
        with system.database.get_connection() as connection:
            found = listed_keys(connection, system.statement_key.vkey)
        listed = whole(LogKeysPage, found)
        return Response(listed, headers={"Cache-Control": BRIEFLY})

    @get(
        "/key-ends",
        operation_id="listKeyEnds",
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
        operation_id="listStatementKeys",
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
