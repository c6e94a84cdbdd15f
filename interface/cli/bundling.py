"""`redress bundle` and `redress verifier`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from uuid import UUID

import click

from application.files import rewrite
from interface.bootstrap import build
from interface.bundle.making import Wanted, make
from interface.settings import SettingError, read

VERIFIER = "static/verifier/redress_verify.py"


def run_bundle(case: UUID, out: Path | None, *, with_files: bool, opened: bool) -> None:
    """Write the bundle of a case, whole or not at all."""
    system = build(read())
    try:
        if not system.disputes.find(case).facts:
            raise SettingError(f"there is no case {case}")
        made = make(system, case, Wanted(files=with_files, opened=opened))
    finally:
        system.close()
    path = out or Path(f"{case}.zip")
    rewrite(path, made.content)
    click.echo(
        f"{path}: {len(made.content):,} bytes, SHA-256 {made.digest};"
        f" versions 1-{made.version}, checkpoint of {made.size:,}"
    )


def run_verifier(path: Path) -> None:
    """Copy the verifier out."""
    source = files("interface").joinpath(VERIFIER)
    path.write_bytes(source.read_bytes())
    click.echo(f"{path}: python {path} BUNDLE --key VKEY")
