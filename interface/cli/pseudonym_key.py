"""The key of the pseudonyms of an export, as commands are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import click

from application.exports.pseudonyms import read_or_make_key
from interface.bootstrap import System

SHOWN = 40
"""Characters of a place, its last ones, in the name of its key's file."""

pseudonym_options = click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path),
    help="File of the key of pseudonyms [default: one for each, in REDRESS_HOME].",
)


def pseudonym_key(system: System, room: str, place: str, path: Path | None) -> bytes:
    """Return the key in a file, or the one of a place; make it if there is none.

    `room`: the folder of REDRESS_HOME in which keys of such places lie. Raises
    OperatorError.
    """
    if path is not None:
        return read_or_make_key(path)
    own, old = key_file(system, room, place), old_key_file(system, room, place)
    return read_or_make_key(old if old.exists() and not own.exists() else own)


@contextmanager
def kept_key(
    system: System, room: str, place: str, path: Path | None
) -> Iterator[bytes]:
    """Yield the key of a place; if it was made and the work fails, remove it."""
    named = path or key_file(system, room, place)
    made = not named.exists()
    try:
        yield pseudonym_key(system, room, place, path)
    except BaseException:
        if made:
            named.unlink(missing_ok=True)
        raise


def key_file(system: System, room: str, place: str) -> Path:
    """Return the file of the key of a place: the place has to be absolute."""
    digest = sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return system.settings.home / room / f"{_plain(place)[-SHOWN:]}-{digest}.key"


def old_key_file(system: System, room: str, place: str) -> Path:
    """Return its file as it was named before: two places could have one name."""
    return system.settings.home / room / f"{_plain(place)}.key"


def _plain(place: str) -> str:
    return "".join(one if one.isalnum() else "-" for one in place.strip("/"))
