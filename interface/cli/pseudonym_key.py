"""The key of the pseudonyms of an export, as commands are told."""

from __future__ import annotations

from pathlib import Path

import click

from application.exports.pseudonyms import read_or_make_key
from interface.bootstrap import System

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
    return read_or_make_key(key_file(system, room, place))


def key_file(system: System, room: str, place: str) -> Path:
    """Return the file of the key of a place: the place has to be absolute."""
    name = "".join(one if one.isalnum() else "-" for one in place.strip("/"))
    return system.settings.home / room / f"{name}.key"
