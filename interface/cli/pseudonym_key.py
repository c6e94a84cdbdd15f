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
    name = "".join(one if one.isalnum() else "-" for one in place.strip("/"))
    return read_or_make_key(system.settings.home / room / f"{name}.key")
