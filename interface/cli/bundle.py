"""`redress bundle`."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from application.bundle.maker import BundleRequest
from application.bundle.timestamps import NotStamped
from application.whole_files import rewrite
from interface.bootstrap import build
from interface.cli.case_lookup import found
from interface.cli.output_file import FORCE, refuse_to_replace
from interface.settings import SettingError, read


@click.command()
@click.argument("case", type=click.UUID)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where it goes [default: CASE.zip].",
)
@click.option("--with-files", is_flag=True, help="Add the evidence itself, sealed.")
@click.option("--opened", is_flag=True, help="Add texts (and files) in clear.")
@click.option(
    "--stamp/--no-stamp", default=True, help="With a time stamp, if REDRESS_TSA is set."
)
@FORCE
def bundle(
    case: UUID,
    *,
    out: Path | None,
    with_files: bool,
    opened: bool,
    stamp: bool,
    force: bool,
) -> None:
    """Write CASE with its proofs into one file that anyone can check.

    The same case at the same checkpoint gives the same bytes. What is opened rests on
    the platform's word: see docs/bundles.md. Check it with what `redress verifier`
    writes.
    """
    path = out or Path(f"{case}.zip")
    request = BundleRequest(files=with_files, opened=opened, stamp=stamp)
    refuse_to_replace(path, force=force)
    system = build(read())
    try:
        made = system.bundle_maker.make(found(system, case), request)
    except NotStamped as error:
        raise SettingError(f"{error} (--no-stamp takes the bundle without)") from None
    else:
        # In parts: a case with its files may be larger than the memory.
        rewrite(path, made.archive.read())
    finally:
        system.close()
    click.echo(
        f"{path}: {made.archive.size:,} bytes, SHA-256 {made.digest};"
        f" versions 1-{made.version}, checkpoint of {made.log_size:,}"
    )
