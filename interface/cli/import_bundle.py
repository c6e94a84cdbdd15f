"""`redress import --bundle` and `--forget`: cases from another log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click
import msgspec

from interface.bootstrap import build
from interface.settings.settings import SettingError, read
from interface.verified_bundle import trusted_keys, verify_bundle


def take_over(
    path: Path,
    keys: Sequence[str],
    witnesses: Sequence[str],
    quorum: int | None,
    *,
    statement_keys: Sequence[str],
    as_json: bool,
) -> None:
    """Import a bundle of another log, if it is valid."""
    asked = trusted_keys(keys, witnesses, quorum, statement_keys)
    system = build(read())
    bundle = verify_bundle(path.read_bytes(), asked, system.clock())
    # It would stand for the case under the same id, with what another log says of it.
    if system.disputes.find(bundle.case).events:
        raise SettingError(f"case {bundle.case} is this installation's own")
    added = system.imported_bundles.add(bundle)
    system.close()
    result = {"case": str(bundle.case), "from": bundle.origin, "added": added}
    if as_json:
        click.echo(msgspec.json.encode(result))
    else:
        click.echo(f"case {bundle.case} of {bundle.origin}: {added} events added")


def forget(case: UUID) -> None:
    """Destroy the key of the bundles of an imported case."""
    system = build(read())
    gone = system.imported_bundles.forget(case)
    system.close()
    if not gone:
        raise SettingError(f"no bundle of case {case} was taken over")
    click.echo(f"case {case}: its bundles cannot be opened any more")
