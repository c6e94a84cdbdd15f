"""`redress`: the table of its commands, and how a command ends."""

from __future__ import annotations

import os
import signal
import sys

import click

from application.operator_error import OperatorError
from interface.cli.lazy_group import LazyCommand, LazyGroup
from interface.run.log_lines import log_to_stderr, one_line

COMMANDS = {
    "api-key": LazyCommand(
        "interface.cli.api_key:api_key",
        "Make, list and revoke the keys by which programs call.",
    ),
    "bundle": LazyCommand(
        "interface.cli.bundle:bundle",
        "Write each CASE with its proofs into one file that anyone can check.",
    ),
    "calendar": LazyCommand(
        "interface.cli.calendar:calendar",
        "Work with days off and make-up working days that were announced late.",
    ),
    "deliveries": LazyCommand(
        "interface.cli.deliveries:deliveries",
        "List what was given up: messages to webhooks, and notices to the parties.",
    ),
    "demo": LazyCommand(
        "interface.cli.demo:demo",
        "Play sample cases in every phase, then serve them.",
    ),
    "difference": LazyCommand(
        "interface.cli.difference:difference",
        "Show which events came between two moments, and what they changed.",
    ),
    "doctor": LazyCommand(
        "interface.cli.doctor:doctor",
        "Check settings, keys, database, schema and views; say what is wrong.",
    ),
    "erase": LazyCommand(
        "interface.cli.erase:erase",
        "Erase the personal data of SUBJECT in all of its cases, for good.",
    ),
    "export": LazyCommand(
        "interface.cli.export:export",
        "Write the record's cases as logs for process mining.",
    ),
    "generate": LazyCommand(
        "interface.cli.generate:generate",
        "Write many plausible cases, in every phase and outcome, for tests of scale.",
    ),
    "import": LazyCommand(
        "interface.cli.import_history:import_history",
        "Take history over: FILEs or a query by a mapping, or one case in a bundle.",
    ),
    "imports": LazyCommand(
        "interface.cli.imports:imports",
        "List imports: who began which, of which files, and what came of it.",
    ),
    "init": LazyCommand(
        "interface.cli.init:init",
        "Install for production: make keys, settings and SQL, and say what comes next.",
    ),
    "keys": LazyCommand(
        "interface.cli.keys:keys",
        "Work with the bucket keys, which wrap the keys of data subjects.",
    ),
    "lake": LazyCommand(
        "interface.cli.lake:lake",
        "Write the record as Delta tables for analysts, and check them.",
    ),
    "migrate": LazyCommand(
        "interface.cli.migrate:migrate",
        "Bring the database forward to what this code needs.",
    ),
    "monitor": LazyCommand(
        "interface.cli.monitor:monitor",
        "Follow the log of POLICY from outside, and check every entry of it.",
    ),
    "policy": LazyCommand(
        "interface.cli.policy:policy",
        "Work with policy profiles.",
    ),
    "rebuild": LazyCommand(
        "interface.cli.rebuild:rebuild",
        "Rebuild one read model, or all in one pass, from the first event on.",
    ),
    "replay": LazyCommand(
        "interface.cli.replay:replay",
        "Show every event of a case, and the phase after it; --as-of: as it was then.",
    ),
    "report": LazyCommand(
        "interface.cli.report:report",
        "Print the transparency figures of a period, or publish them.",
    ),
    "revoke": LazyCommand(
        "interface.cli.revoke:revoke",
        "Refuse a token, or all tokens of SUBJECT, from the next second on.",
    ),
    "rules": LazyCommand(
        "interface.cli.rules:rules",
        "Work with the rules that decisions cite.",
    ),
    "serve": LazyCommand(
        "interface.cli.serve:serve",
        "Serve the API.",
    ),
    "sign": LazyCommand(
        "interface.cli.sign:sign",
        "Sign the log's head every second while it grows.",
    ),
    "simulate": LazyCommand(
        "interface.cli.simulate:simulate",
        "Replay the cases closed in a period under a draft of a policy profile.",
    ),
    "sql": LazyCommand(
        "interface.cli.sql:sql",
        "Ask a lake in SQL (DuckDB); without QUERY, line after line.",
    ),
    "statement-key": LazyCommand(
        "interface.cli.statement_key:statement_key",
        "Print the keys with which the application signs each event.",
    ),
    "token": LazyCommand(
        "interface.cli.token:token",
        "Mint a bearer token with the development key.",
    ),
    "verifier": LazyCommand(
        "interface.cli.verifier:verifier",
        "Write the program that checks bundles to FILE [default: redress_verify.py].",
    ),
    "verify": LazyCommand(
        "interface.cli.verify:verify",
        "Recompute the record, or one case, and hold it against what was signed.",
    ),
    "views": LazyCommand(
        "interface.cli.views:views",
        "List the read models: where they stand, and what they could not take.",
    ),
    "witness": LazyCommand(
        "interface.cli.witness:witness",
        "Watch the logs of POLICY, and co-sign what goes on from what was seen.",
    ),
    "work": LazyCommand(
        "interface.cli.work:work",
        "Run the worker: sequencer, views, agenda.",
    ),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--verbose", is_flag=True, help="Log what goes on.")
@click.option(
    "--env-file",
    "env_files",
    multiple=True,
    type=click.Path(),
    metavar="FILE",
    help="Read settings from a file, too; those of the environment go before.",
)
@click.version_option(package_name="redress")
@click.pass_context
def redress(
    context: click.Context, *, verbose: bool, env_files: tuple[str, ...]
) -> None:
    """Event-sourced backend for e-commerce disputes.

    Settings come from the environment: DATABASE_URL and REDRESS_*; see
    docs/operating.md.
    """
    if env_files:
        _load(env_files)
    if "PGAPPNAME" not in os.environ:
        # So libpq names every session of this process, unless the operator does.
        os.environ["PGAPPNAME"] = f"redress {context.invoked_subcommand}"
        context.call_on_close(lambda: os.environ.pop("PGAPPNAME", None))
    log_to_stderr(verbose=verbose)


def _load(files: tuple[str, ...]) -> None:
    # Imported only here: most calls name no file, and load click only.
    from pathlib import Path

    from interface.settings.env_file import load_env

    for one in files:
        load_env(Path(one))


def main() -> None:
    """Run a command; an expected error is one line, and exit status 1."""
    # A signal while a command starts ends it in order, as an error would: threads are
    # stopped and an embedded server is too. Commands that serve set their own later.
    signal.signal(signal.SIGTERM, _end)
    try:
        redress()
    except Exception as error:
        if not _is_expected(error):
            raise
        said = one_line(" ".join(str(error).split()))
        click.echo(f"redress: {said}", err=True)
        sys.exit(1)


def _end(number: int, _: object) -> None:
    # What a shell reports of a process that a signal ended.
    sys.exit(128 + number)


def _is_expected(error: Exception) -> bool:
    """Tell whether an error is one of the surroundings, and no fault of the program."""
    if isinstance(error, OperatorError | OSError):
        return True
    # Imported only here: loading them takes longer than a command without a database.
    import psycopg
    from eventsourcing.persistence import PersistenceError

    return isinstance(error, psycopg.OperationalError | PersistenceError)
