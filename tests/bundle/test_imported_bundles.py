"""A bundle taken over by another installation: marked, kept as it came, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from application.bundle.imported_case import ImportRefused
from application.bundle.maker import BundleFile
from application.log.fsck.finding import Differs
from application.log.fsck.key_destructions import check_destructions
from application.record.database import connected
from domain.roles import Party
from interface.bootstrap import System, wire
from interface.cli import import_bundle
from interface.cli.main import redress
from interface.run.worker import Worker
from interface.settings import settings
from interface.verified_bundle import verify_bundle
from tests.bundle.bundle_archive import forged, taken
from tests.bundle.made_bundle import make
from tests.bundle.witnesses import vkey
from tests.conftest import Clock
from tests.http.conftest import FILING, People
from tests.http_app import serving
from tests.postgres import Server


@pytest.fixture
def elsewhere(server: Server, tmp_path: Path, clock: Clock) -> Iterator[System]:
    """Another installation, with a database, keys and a log of its own."""
    with server.database() as url:
        home = str(tmp_path / "elsewhere")
        read = settings.read({"REDRESS_HOME": home, "DATABASE_URL": url})
        one = wire(read, url, url, clock)
        yield one
        one.close()


@pytest.fixture
def there(elsewhere: System) -> Iterator[People]:
    with serving(elsewhere) as client:
        yield People(client, elsewhere)


def key_of(system: System) -> str:
    from application.log.sign import key_file

    return vkey(key_file.read(system.settings.log.key))


def import_file(
    path: Path, system: System, key: str, monkeypatch: pytest.MonkeyPatch
) -> Result:
    fresh = wire(system.settings, system.url, system.url, system.clock)
    monkeypatch.setattr(import_bundle, "build", lambda _: fresh)
    monkeypatch.setattr(import_bundle, "read", lambda: None)
    arguments = ["import", "--bundle", str(path), "--key", key, "--json"]
    return CliRunner().invoke(redress, arguments)


def test_a_case_is_read_again_elsewhere(
    system: System,
    elsewhere: System,
    there: People,
    case: UUID,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(make(system, case, opened=True).content)
    done = import_file(path, elsewhere, key_of(system), monkeypatch)
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    version = told["added"]
    assert told["from"] == "redress.localhost/log"
    again = import_file(path, elsewhere, key_of(system), monkeypatch)
    assert json.loads(again.output)["added"] == 0
    audit = f"/v1/audit/disputes/{case}"
    lines = there.auditor.get(f"{audit}/replay").text.splitlines()
    steps = [json.loads(line) for line in lines]
    assert len(steps) == version
    assert {step["imported"]["system"] for step in steps} == {"redress.localhost/log"}
    assert steps[0]["payload"]["facts"] == FILING["facts"]
    assert steps[-1]["state"]["phase"] == "performing"
    shown = there.auditor.get(f"{audit}/case", as_of="ruled").json()
    assert shown["imported"]["system"] == "redress.localhost/log"
    assert shown["ruling"]["liability"] == "seller"
    bundle = there.auditor.get(f"{audit}/bundle")
    assert bundle.content == path.read_bytes()
    assert (
        there.named("auditor", "a", "other").get(f"{audit}/replay").status_code == 404
    )
    assert there.buyer.get(f"/v1/disputes/{case}").status_code == 404


def test_it_is_no_part_of_the_record_there(
    elsewhere: System, there: People, case: UUID, made: BundleFile, system: System
) -> None:
    keep(elsewhere, made, system)
    worker = Worker(elsewhere)
    worker.catch_up()
    worker.close()
    assert elsewhere.disputes.recorder.max_notification_id() is None
    answer = there.supervisor.post(f"/v1/disputes/{case}/messages", {"text": "x"})
    assert answer.status_code == 404


def test_a_sealed_one_shows_that_it_is_sealed(
    elsewhere: System, there: People, case: UUID, made: BundleFile, system: System
) -> None:
    keep(elsewhere, made, system)
    lines = there.auditor.get(f"/v1/audit/disputes/{case}/replay").text.splitlines()
    assert json.loads(lines[0])["payload"]["facts"] == "▮▮▮"


def test_a_longer_bundle_goes_on_and_an_older_one_adds_nothing(
    system: System,
    elsewhere: System,
    case: UUID,
    made: BundleFile,
    people: People,
    background: Worker,
) -> None:
    people.buyer.act(str(case), "messages", {"text": "Thank you."})
    background.catch_up()
    longer = make(system, case)
    assert keep(elsewhere, made, system) == made.version
    assert keep(elsewhere, longer, system) == longer.version - made.version
    assert keep(elsewhere, made, system) == 0
    kept = elsewhere.imported_bundles.find(case)
    assert kept is not None
    assert kept.content == longer.content


def test_a_log_that_tells_two_stories_is_found_out(
    elsewhere: System, made: BundleFile, system: System
) -> None:
    from msgspec.structs import replace

    from tests.bundle.bundle_archive import put

    keep(elsewhere, made, system)
    members = taken(made.content)
    members["events/000002.json"] += b" "
    bundle = verify_bundle(made.content, asked_of(system), system.clock())
    forked = replace(bundle, content=put(members), digest=bytes(32))
    with pytest.raises(ImportRefused, match="from version 2 on: the log was forked"):
        elsewhere.imported_bundles.add(forked)


def test_nothing_of_it_lies_open_and_it_can_be_forgotten(
    elsewhere: System,
    there: People,
    case: UUID,
    system: System,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = make(system, case, opened=True)
    keep(elsewhere, opened, system)
    with psycopg.connect(elsewhere.url) as connection:
        (sealed,) = connection.execute(
            "SELECT sealed FROM redress.imported_bundles"
        ).fetchone() or (b"",)
    assert str(FILING["contact"]).encode() not in sealed
    assert len(sealed) == len(opened.content) + 28
    replay = f"/v1/audit/disputes/{case}/replay"
    assert there.auditor.get(replay).status_code == 200
    for status in (0, 1):
        fresh = wire(elsewhere.settings, elsewhere.url, elsewhere.url, elsewhere.clock)
        monkeypatch.setattr(import_bundle, "build", lambda _, one=fresh: one)
        monkeypatch.setattr(import_bundle, "read", lambda: None)
        done = CliRunner().invoke(redress, ["import", "--forget", str(case)])
        assert done.exit_code == status, done.output
    elsewhere.keys.forget()
    assert there.auditor.get(replay).status_code == 404
    # Without an erasure, as nothing in the record was sealed with that key.
    with connected(elsewhere.url) as connection:
        check_destructions(connection, elsewhere.keys)
    assert keep(elsewhere, opened, system) == opened.version


def test_a_bundle_whose_key_was_deleted_by_hand_is_named(
    elsewhere: System, case: UUID, system: System
) -> None:
    keep(elsewhere, make(system, case, opened=True), system)
    with psycopg.connect(elsewhere.url) as owner:
        owner.execute("DELETE FROM redress_keys.data_keys WHERE subject ~ '^bundle:'")
    with connected(elsewhere.url) as connection, pytest.raises(Differs) as caught:
        check_destructions(connection, elsewhere.keys)
    assert caught.value.finding.case == case
    assert caught.value.finding.said.endswith("has no row any more")


def test_who_is_named_in_it_is_not_erased_without_a_word(
    elsewhere: System, there: People, case: UUID, system: System
) -> None:
    keep(elsewhere, make(system, case, opened=True), system)
    imported = elsewhere.imported_bundles
    assert imported.cases_of("shop", Party.BUYER, "b-1") == [case]
    assert imported.cases_of("shop", Party.SELLER, "b-1") == []
    assert imported.cases_of("mall", Party.BUYER, "b-1") == []
    body = {"subject": "b-1", "role": "buyer", "basis": "Request 2026-12"}
    worker = Worker(elsewhere)
    worker.catch_up()
    worker.close()
    refused = there.supervisor.post("/v1/erasures", body)
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("only-taken-over")
    assert str(case) in refused.json()["detail"]
    imported.forget(case)
    assert imported.cases_of("shop", Party.BUYER, "b-1") == []
    assert there.supervisor.post("/v1/erasures", body).status_code == 404


def test_what_does_not_hold_is_not_taken(
    elsewhere: System,
    made: BundleFile,
    system: System,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "case.zip"
    for content, key, said in (
        (made.content[:-5], key_of(system), "truncated"),
        (made.content, "x", "--key"),
        (made.content, key_of(system).replace("/log", "/lag"), "--key"),
    ):
        path.write_bytes(content)
        done = import_file(path, elsewhere, key, monkeypatch)
        assert done.exit_code == 1
        assert said in str(done.exception)
    path.write_bytes(made.content)
    done = import_file(path, system, key_of(system), monkeypatch)
    assert "own" in str(done.exception)


@pytest.mark.parametrize("seller", ["s" * 6_000, "s\\u0000"])
def test_events_that_no_record_takes_are_not_taken_from_a_bundle(
    elsewhere: System, made: BundleFile, system: System, seller: str
) -> None:
    bundle = verify_bundle(made.content, asked_of(system), elsewhere.clock())
    members = taken(made.content)
    # What another log has recorded: its own program may take more than ours.
    name = min(name for name in members if name.startswith("events/"))
    members[name] = members[name].replace(b'"s-1"', f'"{seller}"'.encode())
    assert seller.encode() in members[name]
    with pytest.raises(ImportRefused, match="seller"):
        elsewhere.imported_bundles.add(replace(bundle, content=forged(members)))
    assert elsewhere.imported_bundles.find(bundle.case) is None


@pytest.mark.parametrize(
    "arguments",
    [["import"], ["import", "x.csv"], ["import", "x.csv", "--bundle", __file__]],
)
def test_one_of_both_ways_is_said(arguments: list[str]) -> None:
    assert CliRunner().invoke(redress, arguments).exit_code == 2


def asked_of(system: System) -> Any:
    from interface.verified_bundle import trusted_keys

    return trusted_keys([key_of(system)], [], None)


def keep(elsewhere: System, made: BundleFile, system: System) -> int:
    bundle = verify_bundle(made.content, asked_of(system), elsewhere.clock())
    return elsewhere.imported_bundles.add(bundle)
