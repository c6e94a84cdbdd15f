"""Makes the destruction of data keys final: no key that wrapped them is left.

The buckets of destroyed keys get new bucket keys, what is left in them is wrapped by
those, and the key file is replaced by one without the old ones. Killed at any step, it
is begun again, with newer keys still: a key that wraps anything is in the file from
before it does until nothing is wrapped by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from uuid import UUID

from application.jobs.locks import REPLACING_KEYS
from application.operator_error import OperatorError
from application.privacy.data_keys import FRESH_SECONDS, KeyStore
from application.privacy.key_changes import announce, rewrap, uses
from application.privacy.key_file_replacement import (
    alone,
    complete_replacement,
    replace_content,
)
from application.privacy.master_key import BUCKETS, MasterKeys, bucket_of, encoded
from application.record.patience import take_turn

SETTLE_SECONDS = 2.5 * FRESH_SECONDS
"""After this time every process has looked at the key file again."""

Progress = Callable[[int], object]
"""Takes how many more data keys were wrapped again."""


class KeyInUse(OperatorError):
    """A key of the file cannot be removed: something needs it, or it is not there."""


def destroy_wrapping(
    keys: KeyStore, key_ids: Collection[UUID], progress: Progress = lambda _: None
) -> tuple[str, ...]:
    """Replace the bucket keys that wrapped destroyed keys; return the new ones' names.

    Safe to repeat. Raises KeyFileUnusable, DataKeyUnusable, or OSError if the key file
    cannot be replaced.
    """
    return replace_bucket_keys(keys, set(map(bucket_of, key_ids)), progress)


def replace_bucket_keys(
    keys: KeyStore,
    buckets: Collection[int] = range(BUCKETS),
    progress: Progress = lambda _: None,
) -> tuple[str, ...]:
    """Replace the keys of some buckets; return the new ones' names."""
    with _one_at_a_time(keys):
        master = keys.reload()
        # Of an earlier version: its key wraps everything, so everything is replaced.
        wanted = set(buckets) if master.has_buckets else set(range(BUCKETS))
        fresh = master.with_new(wanted)
        names = tuple(fresh.newest[bucket] for bucket in sorted(wanted))
        _write(keys, fresh)
        # From here on nothing is made under a replaced key, see `KeyStore`.
        announce(keys.database)
        if not master.has_buckets:
            # A process of an earlier version ends with its next look at the file.
            time.sleep(SETTLE_SECONDS)
        # One by one: each is a range of an index, in the order of ids.
        for name in fresh.replaced:
            while done := rewrap(keys.database, fresh, name):
                progress(done)
        _write(keys, fresh.without(fresh.replaced))
        announce(keys.database)
        return names


def remove_key(keys: KeyStore, name: str) -> None:
    """Remove a key that wraps nothing from the file. Raises KeyInUse."""
    with _one_at_a_time(keys):
        master = keys.reload()
        found = {one.name: one for one in uses(keys.database, master)}
        if name not in found or not found[name].present:
            raise KeyInUse(f"there is no key {name!r} in the key file")
        if found[name].current:
            raise KeyInUse(f"key {name} is current")
        if found[name].wraps:
            raise KeyInUse(
                f"key {name} still wraps {found[name].wraps} data keys:"
                " redress keys rotate"
            )
        _write(keys, master.without([name]))
        announce(keys.database)


def complete(keys: KeyStore) -> None:
    """Complete what a killed process has left, and give an old file bucket keys."""
    if keys.path is not None:
        with _one_at_a_time(keys):
            complete_replacement(keys.path)
    master = keys.reload()
    if not master.has_buckets or master.replaced:
        replace_bucket_keys(keys, ())


@contextmanager
def _one_at_a_time(keys: KeyStore) -> Iterator[None]:
    """Wait until no other process replaces bucket keys."""
    with keys.database.get_connection() as connection:
        take_turn(connection, REPLACING_KEYS)
        try:
            # The lock of the file, too: that of a session is lost with the session.
            with nullcontext() if keys.path is None else alone(keys.path):
                yield
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", (REPLACING_KEYS,))


def _write(keys: KeyStore, fresh: MasterKeys) -> None:
    if keys.path is not None:
        replace_content(keys.path, encoded(fresh))
    keys.master = fresh
