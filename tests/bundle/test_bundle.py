"""A bundle: the same bytes each time, all of it holds, and it says what is sealed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from click.testing import CliRunner

from application.bundle.maker import BundleFile, BundleRequest
from application.log.sign.checkpoint_store import publish_keys
from application.rules.rulebook import ProfileWrong
from interface.bootstrap import System, wire
from interface.cli import bundle as bundling
from interface.cli.main import redress
from interface.run.worker import Worker
from interface.verifier.redress_verify import Asked, check
from tests.bundle.bundle_archive import taken
from tests.bundle.conftest import states
from tests.bundle.made_bundle import make
from tests.bundle.witnesses import witness
from tests.http.case_story import PNG, REASON
from tests.http.conftest import FILING, People, file_for

SECRETS = [FILING["facts"], FILING["contact"], REASON["finding"], "It left us whole."]


def test_a_bundle_holds(made: BundleFile, asked: Asked) -> None:
    report = check(made.content, asked)
    assert states(report) == dict.fromkeys(states(report), "holds") | {
        "witnessed": "none",
        "timed": "none",
        "opened": "none",
    }
    assert (report.verdict, report.version) == ("valid", made.version)


def test_the_same_case_at_the_same_checkpoint_is_the_same_bytes(
    system: System, case: UUID, made: BundleFile, people: People, background: Worker
) -> None:
    again = wire(system.settings, system.url, system.url, system.clock)
    assert make(again, case).content == made.content
    again.close()
    file_for(people, order="another")
    background.catch_up()
    later = make(system, case)
    assert (later.version, later.log_size > made.log_size) == (made.version, True)


def test_a_case_that_goes_on_meanwhile_is_bundled_as_it_was_read(
    system: System, case: UUID, asked: Asked, people: People, background: Worker
) -> None:
    read = system.find_case(case)
    before = system.bundle_maker.make(read, BundleRequest())
    people.buyer.act(str(case), "messages", {"text": "Thank you."})
    background.catch_up()
    made = system.bundle_maker.make(read, BundleRequest())
    assert (made.version, made.log_size > before.log_size) == (before.version, True)
    assert check(made.content, asked).verdict == "valid"
    assert make(system, case).version == made.version + 1


def test_what_is_proved_are_the_stored_bytes(
    system: System, case: UUID, made: BundleFile
) -> None:
    members = taken(made.content)
    stored = [one.state for one in system.disputes.recorder.select_events(case)]
    held = [members[name] for name in sorted(members) if name.startswith("events/")]
    assert held == stored


def test_texts_stay_sealed_unless_they_are_asked_for(
    system: System, case: UUID, made: BundleFile, asked: Asked
) -> None:
    for secret in SECRETS:
        assert all(str(secret).encode() not in b for b in taken(made.content).values())
    opened = make(system, case, files=True, opened=True)
    assert check(opened.content, asked).verdict == "valid"
    members = taken(opened.content)
    events = [body for name, body in members.items() if name.startswith("events/")]
    assert all(str(secret).encode() not in b"".join(events) for secret in SECRETS)
    texts = {one["text"] for one in json.loads(members["opened.json"])}
    assert texts.issuperset(SECRETS)
    assert PNG in members.values()
    assert str(REASON["finding"]) in members["timeline.en.html"].decode()


def test_files_come_sealed_as_they_are_stored(
    system: System, case: UUID, asked: Asked
) -> None:
    members = taken(make(system, case, files=True).content)
    files = {name for name in members if name.startswith("files/")}
    (exhibit,) = json.loads(members["evidence.json"])
    assert files == {f"files/{exhibit['version']:06d}.sealed"}
    assert PNG not in b"".join(members.values())
    assert check(make(system, case, files=True).content, asked).verdict == "valid"


def test_what_was_erased_is_listed_and_the_proofs_still_hold(
    system: System, case: UUID, asked: Asked
) -> None:
    with psycopg.connect(system.url, autocommit=True) as connection:
        connection.execute(
            "UPDATE redress_keys.data_keys SET wrapped = NULL"
            " WHERE subject LIKE '%,\"buyer\",%'"
        )
    fresh = wire(system.settings, system.url, system.url, system.clock)
    made = make(fresh, case, files=True, opened=True)
    fresh.close()
    report = check(made.content, asked)
    assert report.verdict == "valid"
    about = {one.name: one.about for one in report.found}
    assert "erased: 6 (1/contact" in about["erased"]
    assert about["evidence"].endswith("evidence: 1, files of theirs in the bundle: 0")
    members = taken(made.content)
    for secret in (FILING["facts"], FILING["contact"], REASON["finding"]):
        assert str(secret).encode() not in b"".join(members.values())
    assert "⌫" in members["timeline.zh.html"].decode()


def test_what_is_only_kept_stays_sealed_for_those_who_work_here(
    people: People, background: Worker, asked: Asked
) -> None:
    case = file_for(people)
    people.buyer.act(case, "withdrawal", {"reason": "We settled it."})
    background.catch_up()
    path = f"/v1/audit/disputes/{case}"
    between = {"from": "0", "to": "filed"}
    before = people.supervisor.get(f"{path}/difference", **between)
    assert FILING["facts"] in before.text
    about = {"party": "buyer", "basis": "Request 2026-12"}
    # What is restricted is not opened, although the log has not signed that yet.
    people.supervisor.act(case, "restriction", about)
    for reader, seen in ((people.supervisor, False), (people.regulator, True)):
        answer = reader.get(f"{path}/bundle", opened="true", with_files="true")
        assert check(answer.content, asked).verdict == "valid"
        content = b"".join(taken(answer.content).values()).decode()
        assert (FILING["facts"] in content) is seen
        told = reader.get(f"{path}/difference", **between)
        assert (FILING["facts"] in told.text) is seen
        for by in ("at", "recorded_at"):
            then = reader.get(f"{path}/case", as_of="2026-03-02T02:00:00Z", by=by)
            assert (FILING["facts"] in then.text) is seen


def test_the_rules_the_reasons_and_the_limits_are_told(made: BundleFile) -> None:
    members = taken(made.content)
    (rules,) = (
        json.loads(body)
        for name, body in members.items()
        if name.startswith("rules/sets/")
    )
    policy = members[f"rules/files/{rules['policy']['sha256']}"]
    assert b'name = "cn-default"' in policy
    proof = members[f"rules/files/{rules['proof']['sha256']}"]
    assert b'name = "proof"' in proof
    cited = {one["id"]: one["sha256"] for one in rules["regulations"]}
    assert set(cited) == {"proof/1", "sample-platform/1", "standard/1"}
    sample = members[f"rules/files/{cited['sample-platform/1']}"].decode()
    assert "示例平台纠纷处理规则" in sample
    days = members[f"rules/files/{rules['calendar']['years']['2026']}"]
    assert "2026-10-01" in json.loads(days)
    calendar = json.loads(members["rules/calendar.json"])
    assert calendar["named"] == [calendar["edition"]]
    (reasons,) = json.loads(members["reasons.json"])
    assert reasons["type"] == "ruled"
    assert reasons["zh"].startswith("争议焦点")
    assert reasons["en"].endswith("A person made this decision.")
    limits = json.loads(members["deadlines.json"])
    assert {one["awaited"] for one in limits} >= {"admission", "response", "evidence"}


def test_a_profile_that_was_taken_away_is_still_there(
    system: System, case: UUID, monkeypatch: pytest.MonkeyPatch, asked: Asked
) -> None:
    monkeypatch.setattr(type(system.rulebooks), "ids", ("jd-like/1",))
    assert check(make(system, case).content, asked).verdict == "valid"


def test_rules_whose_text_is_lost_are_named(
    people: People, system: System, case: UUID
) -> None:
    digest = system.rulebooks["cn-default/1"].digest
    assert digest is not None
    with psycopg.connect(system.url, autocommit=True) as connection:
        connection.execute("ALTER TABLE redress.rule_texts DISABLE TRIGGER ALL")
        query = "DELETE FROM redress.rule_texts WHERE sha256 = %s"
        connection.execute(query, (digest.hex(),))
    with pytest.raises(ProfileWrong, match=f"{digest.hex()}: the text of these rules"):
        make(system, case)
    answer = people.auditor.get(f"/v1/audit/disputes/{case}/bundle")
    assert answer.json()["type"] == "urn:redress:problem:no-bundle"


def test_a_renamed_log_lists_its_own_keys(
    system: System, case: UUID, asked: Asked, tmp_path: Any
) -> None:
    before = witness(tmp_path, "before.example")
    with system.database.get_connection() as connection:
        publish_keys(connection, before)
    made = make(system, case)
    assert check(made.content, asked).verdict == "valid"
    assert b"before.example" not in taken(made.content)["keys.json"]


def test_no_file_is_replaced_unless_that_is_said(
    system: System, case: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.zip"
    for command in (["bundle", str(case), "--out"], ["verifier"]):
        path.write_bytes(b"mine")
        done = CliRunner().invoke(redress, [*command, str(path)])
        assert (done.exit_code, path.read_bytes()) == (1, b"mine")
        assert f"{path} is there already" in str(done.exception)
        fresh = wire(system.settings, system.url, system.url, system.clock)
        monkeypatch.setattr(bundling, "build", lambda _, one=fresh: one)
        monkeypatch.setattr(bundling, "read", lambda: None)
        done = CliRunner().invoke(redress, [*command, str(path), "--force"])
        assert done.exit_code == 0, done.output
        assert path.read_bytes() != b"mine"
        fresh.close()


def test_over_http(people: People, case: UUID, asked: Asked, made: BundleFile) -> None:
    path = f"/v1/audit/disputes/{case}/bundle"
    answer = people.regulator.get(path)
    assert answer.status_code == 200
    assert answer.content == made.content
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["etag"] == f'"{made.version}"'
    opened = people.auditor.get(path, opened="true", with_files="true")
    assert check(opened.content, asked).verdict == "valid"
    assert "opened.json" in taken(opened.content)
    assert people.buyer.get(path).status_code == 403
    assert people.named("auditor", "a", "elsewhere").get(path).status_code == 404
    assert people.auditor.get(f"/v1/audit/disputes/{uuid4()}/bundle").status_code == 404
    assert people.auditor.get(path, more="x").status_code == 400


def test_the_verifier_is_served_apart(people: People) -> None:
    for name in ("redress_verify.py", "index.html", "verify.js"):
        assert people.buyer.http.get(f"/static/verifier/{name}").status_code == 200
