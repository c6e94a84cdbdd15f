"""`redress bundle`, `redress verifier` and `redress import --bundle`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import click
import msgspec

from application.bundle.timestamps import NotStamped
from application.whole_files import rewrite
from interface.bootstrap import build
from interface.bundle.making import Wanted, made_or_kept
from interface.cli.difference import found
from interface.settings import SettingError, read
from interface.verified_bundle import trusting, verified

VERIFIER = "verifier/redress_verify.py"


def run_bundle(case: UUID, path: Path, wanted: Wanted, *, force: bool) -> None:
    """Write the bundle of a case, whole or not at all."""
    _refuse_to_replace(path, force=force)
    system = build(read())
    try:
        found(system, case)
        made = made_or_kept(system, case, wanted)
    except NotStamped as error:
        raise SettingError(f"{error} (--no-stamp takes the bundle without)") from None
    finally:
        system.close()
    rewrite(path, made.content)
    click.echo(
        f"{path}: {len(made.content):,} bytes, SHA-256 {made.digest};"
        f" versions 1-{made.version}, checkpoint of {made.size:,}"
    )


def _refuse_to_replace(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise SettingError(f"{path} is there already; --force replaces it")


def run_verifier(path: Path, *, force: bool) -> None:
    """Copy the verifier out."""
    _refuse_to_replace(path, force=force)
    source = files("interface").joinpath(VERIFIER)
    path.write_bytes(source.read_bytes())
    click.echo(f"{path}: python {path} BUNDLE --key VKEY")


def run_import_bundle(
    path: Path,
    keys: Sequence[str],
    witnesses: Sequence[str],
    quorum: int | None,
    *,
    as_json: bool,
) -> None:
    """Take a bundle of another log over, if it holds."""
    asked = trusting(keys, witnesses, quorum)
    system = build(read())
    bundle = verified(path.read_bytes(), asked, system.clock())
    if system.disputes.find(bundle.case).facts:
        raise SettingError(f"case {bundle.case} is this installation's own")
    added = system.shelf.take(bundle)
    system.close()
    told = {"case": str(bundle.case), "from": bundle.origin, "added": added}
    if as_json:
        click.echo(msgspec.json.encode(told))
    else:
        click.echo(f"case {bundle.case} of {bundle.origin}: {added} facts added")


def run_forget(case: UUID) -> None:
    """Destroy what opens the bundles of a case that was taken over."""
    system = build(read())
    gone = system.shelf.forget(case)
    system.close()
    if not gone:
        raise SettingError(f"no bundle of case {case} was taken over")
    click.echo(f"case {case}: its bundles cannot be opened any more")
