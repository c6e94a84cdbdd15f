"""Makes another golden bundle, which TEST_GOLDEN names; none is ever replaced."""

from __future__ import annotations

import json
import os
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from application.log.sign import key_file
from application.log.sign.key_history import rotated, without_old
from interface.bootstrap import System, wire
from interface.run.worker import Worker
from interface.verifier.redress_verify import check
from tests.bundle.made_bundle import make
from tests.bundle.test_golden import GOLDEN, asked_of
from tests.bundle.timestamp_authority import TimestampAuthority, stamping
from tests.bundle.witnesses import cosign, vkey, witness
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People

NAME = os.environ.get("TEST_GOLDEN")


@pytest.mark.skipif(NAME is None, reason="TEST_GOLDEN names no new golden bundle")
def test_a_bundle_with_all_that_bundles_can_have(
    people: People, background: Worker, system: System, clock: Clock, tmp_path: Path
) -> None:
    """Ruled, keys rotated, a party erased, witnessed, stamped, opened, with files."""
    path = GOLDEN / f"{NAME}.zip"
    assert not path.exists()
    story = CaseStory(people, background, clock).ruled()
    keys = system.settings.log.key
    pinned = vkey(key_file.read(keys))
    background.catch_up()
    background.close()
    key_file.write(keys, without_old(rotated(key_file.read(keys), clock.now)))
    people.mediator.act(story.id, "messages", {"text": "Thank you."})
    worker = Worker(system)
    worker.catch_up()
    worker.close()
    erase_seller(system)
    witnesses = [witness(tmp_path, f"w{n}.example") for n in (1, 2)]
    with system.database.get_connection() as connection:
        cosign(connection, int(clock.now.timestamp()) + 5, *witnesses)
    authority = TimestampAuthority(tmp_path / "tsa")
    with stamping(authority) as url:
        log = replace(system.settings.log, tsa=url)
        settings = replace(system.settings, log=log)
        fresh = wire(settings, system.url, system.url, system.clock)
        made = make(fresh, UUID(story.id), files=True, opened=True)
        fresh.close()
    path.write_bytes(made.content)
    given = {
        "log": [pinned],
        "witnesses": [vkey(one) for one in witnesses],
        "quorum": 2,
        "statements": [],
        "tsa": [authority.certificate.read_text("ascii")],
    }
    about = path.with_suffix(".json")
    about.write_text(json.dumps(given))
    found = {one.name: one.about for one in check(made.content, asked_of(path)).found}
    about.write_text(json.dumps(given | {"found": found}, indent=1) + "\n")


def erase_seller(system: System) -> None:
    with psycopg.connect(system.url, autocommit=True) as connection:
        connection.execute(
            "UPDATE redress_keys.data_keys SET wrapped = NULL"
            " WHERE subject LIKE '%,\"seller\",%'"
        )
