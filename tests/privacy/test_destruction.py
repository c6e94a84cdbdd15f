"""What was destroyed opens with nothing that lies on any disk; what lives opens."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from msgspec import Struct

from application.privacy import master_key
from application.privacy.erasure import Eraser
from application.privacy.erasure_requests import ErasureRequest, Subject
from application.privacy.final_erasures import decode_final
from application.privacy.master_key import MasterKeys, bucket_of
from domain.identity import ERASURES
from domain.roles import Party
from interface.bootstrap import wire
from interface.run.erasure_job import ErasureJob, eraser
from tests.conftest import ManualWorker
from tests.privacy.canaries import MARK, plant
from tests.privacy.disk_search import (
    Row,
    crash,
    keys_in,
    lies_in,
    on_disk,
    opens,
    wrapped_rows,
)
from tests.privacy.test_canaries import Place, checkpoint, place
from tests.simulated_kill import Killed
from tests.sizes import sized

__all__ = ["place"]

SUBJECTS = sized(80, 1_000)
ERASED = ("b-3", f"b-{SUBJECTS // 2}", f"b-{SUBJECTS - 1}")
KILLED = "b-77"
"""Its erasure is killed when its new bucket key is in the file, and nothing more."""

GONE = {
    Subject(platform="shop", party=Party.BUYER, id=one).key_name
    for one in (*ERASED, KILLED)
}


class Seen(Struct):
    """What there was on the way: wrapped data keys, and keys in the key file."""

    rows: set[Row] = set()
    keys: set[bytes] = set()

    def look(self, place: Place) -> None:
        self.rows |= wrapped_rows(place.url)
        content = place.system.settings.master_key.read_bytes()
        found = msgspec.json.decode(content, type=MasterKeys)
        self.keys |= set(found.keys.values())


def approved(worker: Eraser, place: Place, subject: str) -> ErasureRequest:
    wanted = ErasureRequest(
        erasure_id=uuid4(),
        platform="shop",
        party=Party.BUYER,
        subject=subject,
        basis="Request 2026-12",
        requested_by="v-1",
        requested_at=place.clock(),
    )
    worker.approvals.request(wanted)
    return worker.approvals.approve(wanted, "v-2", place.clock())


@pytest.mark.long
def test_of_many_subjects_those_that_were_erased_open_with_nothing(
    place: Place,
) -> None:
    cases = planted(place)
    seen = Seen()
    seen.look(place)
    erase(place, seen)
    vacuum(place)
    checkpoint(place)
    crash(place.cluster)
    vacuum(place)
    contents = on_disk(place.home, place.cluster.folder)
    lost = [row for row in seen.rows if row[-1] in GONE]
    assert len({row[-1] for row in lost}) == len(GONE)
    # As in the trial, the wrapped keys still lie in tables and in the log.
    assert any(row[0] in content for row in lost for content in contents)
    now = master_key.read(place.system.settings.master_key)
    replaced = seen.keys - set(now.keys.values())
    assert len(replaced) >= len(GONE)
    assert not [key for key in replaced if lies_in(key, contents)]
    candidates = keys_in(contents)
    assert set(now.keys.values()) <= candidates
    assert not [row for row in lost for key in candidates if opens(row, key)]
    living = [row for row in wrapped_rows(place.url) if row[-1] not in GONE]
    # All the buyers that are left, and the seller.
    assert len(living) == SUBJECTS - len(GONE) + 1
    for row in living:
        assert any(opens(row, key) for key in now.keys.values())
    assert any(opens(living[0], key) for key in candidates)
    texts_are_right(place, cases)
    ends_are_recorded(place, {row[2] for row in lost})


def planted(place: Place) -> dict[str, UUID]:
    disputes, files = place.system.disputes, place.system.evidence
    cases = {
        f"b-{n}": plant(disputes, files, n, f"b-{n}", bodies=n < 5, shares=100)
        for n in range(SUBJECTS)
    }
    place.clock.forward(days=3 * 366)
    return cases


def erase(place: Place, seen: Seen) -> None:
    """Erase some; of one, the worker completes what was killed."""
    background = ManualWorker(place.url)
    background.catch_up()
    worker = eraser(place.system)
    # Nobody else seals anything here.
    worker._settle = 0.0  # noqa: SLF001
    for subject in ERASED:
        done = worker.carry_out(approved(worker, place, subject))
        assert done.final_at == done.done_at is not None
        seen.look(place)
        background.catch_up()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr("application.privacy.destruction.rewrap", _die)
        worker.carry_out(approved(worker, place, KILLED))
    seen.look(place)
    background.catch_up()
    background.close()
    job = ErasureJob(place.url, place.system)
    assert job.tick() == 1
    job.close()


def _die(*_: Any, **__: Any) -> Any:
    raise Killed


def vacuum(place: Place) -> None:
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("VACUUM")


def texts_are_right(place: Place, cases: dict[str, UUID]) -> None:
    fresh = wire(place.system.settings, place.url, place.url, place.clock)
    sellers = 0
    for subject, case in cases.items():
        told = str(fresh.record.opened(fresh.disputes.find(case).events))
        is_there = f"{MARK}B-{case.hex[:12]}" in told
        assert is_there is (subject not in {*ERASED, KILLED})
        sellers += f"{MARK}S-{case.hex[:12]}" in told
    # The seller of all cases is not erased in any.
    assert sellers > 0
    fresh.close()


def ends_are_recorded(place: Place, destroyed: set[UUID]) -> None:
    fresh = wire(place.system.settings, place.url, place.url, place.clock)
    states = [one.state for one in fresh.record.read(ERASURES)]
    fresh.close()
    told = [decode_final(state).event for state in states]
    assert {key for one in told for key in one.keys} == destroyed
    for one in told:
        buckets = {int(name.partition(".")[0]) for name in one.buckets}
        assert buckets == set(map(bucket_of, one.keys))
