"""`redress bundle`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click

from application.bundle.archive import Member
from application.bundle.maker import BundleRequest
from application.bundle.timestamps import NotStamped
from application.cases.case import Case
from application.whole_files import rewrite
from interface.bootstrap import System, build
from interface.cli.case_argument import CASE
from interface.cli.case_lookup import found
from interface.cli.output_file import FORCE, refuse_to_replace
from interface.settings.settings import SettingError, read


@click.command()
@click.argument("case", type=CASE, nargs=-1, required=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where it goes [default: CASE.zip, or bundles.zip of several].",
)
@click.option("--with-files", is_flag=True, help="Add the evidence itself, sealed.")
@click.option("--opened", is_flag=True, help="Add texts (and files) in clear.")
@click.option(
    "--stamp/--no-stamp", default=True, help="With a time stamp, if REDRESS_TSA is set."
)
@FORCE
def bundle(
    case: tuple[UUID | str, ...],
    *,
    out: Path | None,
    with_files: bool,
    opened: bool,
    stamp: bool,
    force: bool,
) -> None:
    """Write each CASE with its proofs into one file that anyone can check.

    Several cases make a zip of their bundles, with a signed list. The same case at the
    same checkpoint gives the same bytes. What is opened rests on the platform's word:
    see docs/bundles.md. Check it with what `redress verifier` writes.
    """
    named = tuple(dict.fromkeys(case))
    path = out or Path(f"{named[0]}.zip" if len(named) == 1 else "bundles.zip")
    request = BundleRequest(files=with_files, opened=opened, stamp=stamp)
    refuse_to_replace(path, force=force)
    system = build(read())
    try:
        cases = {one.case: one for one in (found(system, name) for name in named)}
        archive, about = _made(system, tuple(cases.values()), request)
    except NotStamped as error:
        raise SettingError(f"{error} (--no-stamp takes the bundle without)") from None
    else:
        # In parts: a case with its files may be larger than the memory.
        rewrite(path, archive.read())
    finally:
        system.close()
    click.echo(f"{path}: {archive.size:,} bytes, SHA-256 {archive.sha256}; {about}")


def _made(
    system: System, cases: Sequence[Case], request: BundleRequest
) -> tuple[Member, str]:
    """Return the bundle, or that of several cases, and what there is to say of it."""
    if len(cases) == 1:
        made = system.bundle_maker.make(cases[0], request)
        about = f"versions 1-{made.version}, checkpoint of {made.log_size:,}"
        return made.archive, about
    several = system.bundle_maker.make_set(cases, request)
    return several.archive, f"bundles of {several.bundles:,} cases"
