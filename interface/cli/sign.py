"""`redress sign`."""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime

import click

from application.log.format.note import NoteMalformed
from application.log.sign import key_file, statement_keys
from application.log.sign.key_ends import ended
from application.log.sign.key_history import rotated, without_old
from application.log.sign.last_signed import StateFile
from application.record.schema import migrations
from application.record.schema.migrations import STORE
from interface.bootstrap import wall_clock
from interface.run.local_signer import log_keys, signer
from interface.settings.database_urls import database_url
from interface.settings.settings import SettingError, Settings, read
from interface.startup_checks import check_login, warn_of_open_file


@click.command()
@click.option("--adopt", is_flag=True, help="Take the published head for the last.")
@click.option("--new-key", is_flag=True, help="Make the key file, and do no more.")
@click.option("--rotate", is_flag=True, help="Add new keys beside the old ones.")
@click.option("--retire", is_flag=True, help="Let only the newest keys sign on.")
@click.option(
    "--endorse",
    "vkeys",
    multiple=True,
    metavar="VKEY",
    help="Vouch for a key of the application.",
)
@click.option(
    "--revoke", "revoked", metavar="VKEY", help="End a key of the log that was stolen."
)
@click.option(
    "--last-size",
    type=click.IntRange(min=0),
    help="Entries up to which its signatures count [default: those signed].",
)
def sign(
    *,
    adopt: bool,
    new_key: bool,
    rotate: bool,
    retire: bool,
    vkeys: tuple[str, ...],
    revoked: str | None,
    last_size: int | None,
) -> None:
    """Sign the log's head every second while it grows.

    The signer has its own key (REDRESS_LOG_KEY) and remembers what it signed
    (REDRESS_LOG_STATE); it never signs a log that shrank or forked. After --rotate
    both generations of keys sign, until --retire. --endorse takes what `redress
    statement-key` prints, so that events which the application signs are told from
    events that somebody has put into the database.
    """
    if new_key:
        _make_keys()
    elif rotate:
        _rotate()
    elif retire:
        _retire()
    elif vkeys:
        _endorse(vkeys)
    elif revoked is not None:
        _revoke(revoked, last_size)
    else:
        _run(adopt=adopt)


def _run(*, adopt: bool) -> None:
    """Sign until a signal comes."""
    # A signer has the log's key and should have nothing else that is secret.
    settings = read(serves=False)
    url = database_url(settings)
    if not settings.is_development:
        check_login("DATABASE_URL", url)
    migrations.check(url, STORE)
    _check_adoption(settings, adopt=adopt)
    one = signer(settings, url, wall_clock(settings), adopt=adopt)
    warn_of_open_file("REDRESS_LOG_KEY", settings.log.key)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo(f"redress: signing as {log_keys(settings, _now()).name}")
    one.run(stop)


def _check_adoption(settings: Settings, *, adopt: bool) -> None:
    """Raise SettingError if the signer remembers what it signed, so nothing was lost.

    To adopt the published head all the same would let a log through that was cut back.
    """
    state = StateFile(settings.log.state)
    last = state.read() if adopt else None
    if last is not None:
        raise SettingError(
            f"--adopt: {state.path} remembers {last.checkpoint.size} signed entries, so"
            " nothing is adopted: start without --adopt; after restoring a backup on"
            " purpose, move that file away first, and keep it"
        )


def _make_keys() -> None:
    """Make the key file if there is none, and print its verifier keys."""
    settings = read(serves=False)
    log_keys(settings, _now(), make=True)
    _show(settings)


def _rotate() -> None:
    """Add a generation of keys, endorsed by the one before."""
    settings = read(serves=False)
    key_file.write(settings.log.key, rotated(key_file.read(settings.log.key), _now()))
    _show(settings)
    _say_who_needs_them()


def _retire() -> None:
    """Remove the private halves of all but the newest keys, and say where they ended.

    The public halves stay: they verify what was signed with the old ones.
    """
    settings = read(serves=False)
    file = key_file.read(settings.log.key)
    old = [key for key in file.active if key not in file.active[-2:]]
    last = StateFile(settings.log.state).read()
    # Nothing was signed yet: there is no size at which they could have ended.
    if old and last is not None:
        file = ended(file, old, last.checkpoint.size)
    key_file.write(settings.log.key, without_old(file))
    _show(settings)
    _say_who_needs_them()


def _revoke(vkey: str, last_size: int | None) -> None:
    """End a key: what it signs of a larger log counts for nothing from now on."""
    settings = read(serves=False)
    file = key_file.read(settings.log.key)
    keys = [key for key in file.keys if file.verifier(key).vkey == vkey]
    if not keys:
        raise SettingError(f"--revoke: the key file has no {vkey!r}")
    left = {key.algorithm for key in file.active if key not in keys}
    if left != set(key_file.LOG):
        raise SettingError("--revoke: no key would be left that signs: --rotate first")
    last = StateFile(settings.log.state).read()
    signed = last.checkpoint.size if last else 0
    if last_size is not None and last_size > signed:
        raise SettingError(
            f"--last-size: only {signed} entries were signed: what the key signs up to"
            f" {last_size} would count"
        )
    if last_size is not None and last_size < signed:
        click.echo(
            f"redress: checkpoints of more than {last_size} entries that only this key"
            " has signed count for nothing now; `redress verify` will name them",
            err=True,
        )
    file = ended(file, keys, signed if last_size is None else last_size)
    key_file.write(settings.log.key, file)
    _show(settings)
    _say_who_needs_them()


def _endorse(vkeys: tuple[str, ...]) -> None:
    """Endorse keys of the application; the signer publishes it."""
    path = read(serves=False).log.key
    keys = key_file.read(path)
    try:
        key_file.write(path, statement_keys.endorsed(keys, vkeys))
    except NoteMalformed as error:
        raise SettingError(f"--endorse: {error}") from None
    for vkey in vkeys:
        click.echo(f"endorsed {vkey}")


def _say_who_needs_them() -> None:
    click.echo(
        "redress: a running signer goes on with these keys by itself; in the policies"
        " of platform and witnesses, add the new ones beside the old",
        err=True,
    )


def _show(settings: Settings) -> None:
    for key in (file := key_file.read(settings.log.key)).keys:
        state = "signs" if key.seed else "retired"
        click.echo(f"{state:7} {file.verifier(key).vkey}")


def _now() -> datetime:
    return datetime.now(UTC)
