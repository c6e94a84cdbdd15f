"""Opens every data key that is not destroyed: each only opens in its own row."""

from __future__ import annotations

from uuid import UUID

from application.log.fsck.finding import Differs, Finding, Property
from application.privacy.data_keys import KeyStore
from application.privacy.master_key import DataKeyUnusable, KeyFileUnusable

BATCH = 1_000


class KeyWalk:
    """A check of all data keys, batch by batch; raises Differs for the first wrong."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys
        self._last = UUID(int=0)
        self.opened = 0

    def step(self) -> int:
        """Check a batch; return how many keys it has, 0 once all are checked."""
        rows = self._keys.rows_after(self._last, BATCH)
        for row in rows:
            # First: whoever goes on after a finding begins with the next one.
            self._last = row["key_id"]
            try:
                self._keys.open_row(row)
            except (DataKeyUnusable, KeyFileUnusable) as error:
                raise Differs(
                    Finding(
                        property=Property.KEYS,
                        said=f"data key {row['key_id']}: {error}",
                    )
                ) from None
            self.opened += 1
        return len(rows)


def check_keys(keys: KeyStore) -> int:
    """Open all data keys; return how many. Raises Differs."""
    walk = KeyWalk(keys)
    while walk.step():
        pass
    return walk.opened
