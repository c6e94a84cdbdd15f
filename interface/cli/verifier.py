"""`redress verifier`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from interface.cli.output_file import FORCE, refuse_to_replace

VERIFIER = "verifier/redress_verify.py"


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@FORCE
def verifier(file: Path | None, *, force: bool) -> None:
    """Write the program that checks bundles to FILE [default: redress_verify.py].

    It is one file for any Python from 3.9 on, and needs nothing of Redress.
    """
    path = file or Path("redress_verify.py")
    refuse_to_replace(path, force=force)
    source = files("interface").joinpath(VERIFIER)
    path.write_bytes(source.read_bytes())
    click.echo(f"{path}: python {path} BUNDLE --key VKEY")
