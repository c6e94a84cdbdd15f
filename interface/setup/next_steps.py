"""What an operator does after `redress init`, in an order that needs no going back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from interface.setup.production import Folders


def next_steps(folders: Folders, plan: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines."""
    servers = f"redress --env-file {_path(folders.env('redress.env'))}"
    owner = f"--env-file {_path(folders.env('owner.env'))}"
    sign = f"redress --env-file {_path(folders.env('sign.env'))}"
    sql = folders.env("database.sql")
    yield ""
    yield "Next, in this order:"
    if sql.exists():
        yield "1. Make the database, as an administrator of its server; then delete the"
        yield "   file, which holds passwords:"
        yield f"   sudo -u postgres psql -v ON_ERROR_STOP=1 -d postgres < {_path(sql)}"
    else:
        yield "1. The database: its SQL was made, and deleted when it had been run."
    yield "2. Bring it forward, or restore a copy into it (docs/installing.md), and"
    yield "   bring that forward. Repeat this after each upgrade:"
    yield f"   {servers} {owner} migrate"
    yield "3. Start the signer, the worker and the server, each as its own user, or by"
    yield "   the units in deploy/systemd:"
    yield f"   {sign} sign"
    yield f"   {servers} work"
    yield f"   {servers} serve"
    yield "4. See whether all is well:"
    yield f"   {servers} doctor --production"
    yield "5. Publish whom to trust, for everybody who is to check the log:"
    yield f"   {plan['REDRESS_LOG_POLICY']}"
    yield "6. Keep copies elsewhere, apart from those of the database:"
    yield f"   {plan['REDRESS_MASTER_KEY']}  (after each erasure, too)"
    yield f"   {plan['REDRESS_STATEMENT_KEY']}"
    yield f"   {plan['REDRESS_LOG_KEY']}  (on the signer's side only)"


def _path(path: Path) -> str:
    return shlex.quote(str(path))
