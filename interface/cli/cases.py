"""The commands that look at one case: replay, verify, bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

BY = click.option(
    "--by",
    type=click.Choice(["recorded_at", "at"]),
    default="recorded_at",
    show_default=True,
    help="What a time means: learnt by then, or happened by then.",
)
MOMENT = "A version, a time with its offset, position:N, or a kind such as ruled."


@click.command()
@click.argument("case", type=click.UUID)
@click.option("--as-of", help=MOMENT)
@BY
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def replay(case: Any, *, as_of: str | None, by: str, as_json: bool) -> None:
    """Show every fact of a case, and the phase after it; --as-of: as it was then."""
    from interface.cli.replay import run_replay

    run_replay(case, as_of, by, as_json=as_json)


@click.command()
@click.argument("case", type=click.UUID)
@click.option("--from", "earlier", required=True, help=MOMENT)
@click.option("--to", "later", required=True, help=MOMENT)
@BY
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def difference(case: Any, *, earlier: str, later: str, by: str, as_json: bool) -> None:
    """Show which facts came between two moments, and what they changed."""
    from interface.cli.difference import run_difference

    run_difference(case, earlier, later, by, as_json=as_json)


@click.command()
@click.argument("case", type=click.UUID, required=False)
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A signed checkpoint that was kept elsewhere.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(case: Any, *, checkpoints: tuple[Path, ...], as_json: bool) -> None:
    """Recompute the record, or one case, and hold it against what was signed.

    It is held against every checkpoint that the log signed. Exit status 1: the first
    difference, by its case, version and position. 3: nothing differs, but no signed
    checkpoint covers it, or none has the quorum that the policy asks for. 4: there is
    no such CASE. 2: it could not be checked. 5: intact, but the database's schema was
    changed by hand.
    """
    from interface.cli.verify import run_verify

    run_verify(case, checkpoints, as_json=as_json)


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
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
def bundle(
    case: Any,
    *,
    out: Path | None,
    with_files: bool,
    opened: bool,
    stamp: bool,
    force: bool,
) -> None:
    """Write CASE with its proofs into one file that anyone can check.

    The same case at the same checkpoint gives the same bytes. What is opened rests on
    the platform's word: see the README. Check it with the file that `redress verifier`
    writes.
    """
    from interface.bundle.making import Wanted
    from interface.cli.bundle import run_bundle

    wanted = Wanted(files=with_files, opened=opened, stamp=stamp)
    run_bundle(case, out or Path(f"{case}.zip"), wanted, force=force)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
def verifier(file: Path | None, *, force: bool) -> None:
    """Write the program that checks bundles to FILE [default: redress_verify.py].

    It is one file for any Python from 3.9 on, and needs nothing of Redress.
    """
    from interface.cli.bundle import run_verifier

    run_verifier(file or Path("redress_verify.py"), force=force)


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--mapping", help="A mapping file, or one that ships: sindec, cfpb.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    help="Where bad rows go [default: FILE.rejects.csv].",
)
@click.option(
    "--keep-rejects/--no-rejects",
    default=True,
    help="Bad rows hold personal data as the source has it: only count them.",
)
@click.option(
    "--bundle",
    "bundle_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take a case over from another log, in its bundle.",
)
@click.option("--forget", type=click.UUID, help="Destroy what a bundle told of CASE.")
@click.option("--key", multiple=True, metavar="VKEY", help="Of the bundle's log.")
@click.option("--witness", multiple=True, metavar="VKEY", help="Who has co-signed it.")
@click.option("--quorum", type=int, help="How many of them [default: all].")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_(
    file: Path | None,
    *,
    mapping: str | None,
    rejects: Path | None,
    keep_rejects: bool,
    bundle_file: Path | None,
    forget: Any,
    key: tuple[str, ...],
    witness: tuple[str, ...],
    quorum: int | None,
    as_json: bool,
) -> None:
    """Take history over: one row of FILE a case, or one case in a bundle.

    Running it twice adds nothing; interrupted, it goes on where it stopped. A bundle is
    verified first, kept as it came, and marked with the log that it came from.
    """
    if forget is not None and file is None and bundle_file is None:
        from interface.cli.bundle import run_forget

        run_forget(forget)
    elif bundle_file is not None and file is None and mapping is None:
        from interface.cli.bundle import run_import_bundle

        run_import_bundle(bundle_file, key, witness, quorum, as_json=as_json)
    elif file is not None and mapping is not None and bundle_file is None:
        from interface.cli.import_history import run_import

        run_import(file, mapping, rejects, keep_rejects=keep_rejects, as_json=as_json)
    else:
        raise click.UsageError("say FILE and --mapping, or --bundle and --key")


COMMANDS = (replay, difference, verify, bundle, verifier, import_)
