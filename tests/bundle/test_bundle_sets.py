"""Several cases in one file: both verifiers give each a verdict, and one to all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner

from application.bundle.archive import TooLarge
from application.bundle.bundle_set import Listed, pack_set
from application.bundle.maker import BundleRequest
from application.log.sign import key_file
from interface.bootstrap import System, wire
from interface.cli.main import redress
from interface.run.worker import Worker
from interface.verifier.redress_verify import (
    Asked,
    SetReport,
    canonical,
    check_any,
    main,
    read_zip,
    write_zip,
)
from tests.bundle.made_bundle import make
from tests.bundle.node_verifier import NODE, NodeVerifier, outcomes, second_trusting
from tests.conftest import Clock
from tests.http import lasting
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for

url = lasting.url
clock = lasting.clock
home = lasting.home
system = lasting.system
http = lasting.http
people = lasting.people
background = lasting.background


@pytest.fixture(scope="module")
def case(people: People, background: Worker, clock: Clock) -> UUID:
    """A case that was ruled, with evidence, in a log that is signed."""
    story = CaseStory(people, background, clock).ruled()
    background.catch_up()
    return UUID(story.id)


@pytest.fixture(scope="module")
def cases(people: People, case: UUID, background: Worker) -> list[UUID]:
    more = [UUID(file_for(people, f"o-{n}")) for n in (2, 3)]
    background.catch_up()
    return [case, *more]


@pytest.fixture(scope="module")
def several(system: System, cases: list[UUID]) -> bytes:
    found = [system.find_case(one) for one in cases]
    made = system.bundle_maker.make_set(found, BundleRequest())
    return b"".join(made.archive.read())


@pytest.fixture(scope="module")
def second(
    system: System, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NodeVerifier | None]:
    if NODE is None:
        yield None
        return
    log = key_file.read(system.settings.log.key).verifiers[0].vkey
    told = {"log": [log], "witnesses": [], "quorum": None}
    with second_trusting(tmp_path_factory.mktemp("second"), told) as running:
        yield running


def checked(data: bytes, asked: Asked, other: NodeVerifier | None) -> SetReport:
    """Check with both, and hold them against each other."""
    report = check_any(data, asked)
    assert isinstance(report, SetReport)
    if other is not None:
        theirs = other.check(data)
        assert theirs["kind"] == "set"
        assert theirs["verdict"] == report.verdict
        assert theirs["sha256"] == report.digest
        mine = {one.name: one.code or one.state for one in report.found}
        assert outcomes(theirs) == mine
        assert [one["name"] for one in theirs["bundles"]] == [
            name for name, _ in report.reports
        ]
        for row, (_, one) in zip(theirs["bundles"], report.reports, strict=True):
            assert (row["verdict"], row["case"], row["version"]) == (
                *(one.verdict, one.case, one.version),
            )
    return report


def test_each_case_has_a_verdict_and_all_have_one(
    several: bytes, cases: list[UUID], asked: Asked, second: NodeVerifier | None
) -> None:
    report = checked(several, asked, second)
    assert report.verdict == "valid"
    assert {one.state for one in report.found} == {"holds"}
    assert {one.case for _, one in report.reports} == set(map(str, cases))
    assert {one.verdict for _, one in report.reports} == {"valid"}


def test_each_member_is_the_bundle_of_its_case(
    several: bytes, system: System, cases: list[UUID]
) -> None:
    members = read_zip(several)
    for case in cases:
        assert members[f"bundles/{case}.zip"] == make(system, case).content


def changed(data: bytes, how: str, cases: list[UUID], other: bytes) -> bytes:
    members = read_zip(data)
    manifest = json.loads(members["manifest.json"])
    name = f"bundles/{cases[1]}.zip"
    match how:
        case "left out":
            del members[name]
        case "left out of the list too":
            del members[name], manifest["bundles"][name]
        case "another bundle":
            members[name] = other
        case "another bundle, listed":
            members[name] = other
            row = manifest["bundles"][name]
            row["size"] = len(other)
        case "one more":
            members[f"bundles/{uuid4()}.zip"] = other
        case "something else":
            members["notes.txt"] = b"x"
        case "no signature":
            del members["manifest.sig"]
        case "another signature":
            members["manifest.sig"] = b"A" * 91 + b"=\n"
        case "a version":
            manifest["bundles"][name]["version"] += 1
        case "nothing listed":
            manifest["bundles"] = {}
        case "another field":
            manifest["drawn"] = 1
    if how not in {"left out", "another bundle", "one more", "something else"}:
        members["manifest.json"] = canonical(manifest)
    return write_zip(members)


@pytest.mark.parametrize(
    ("how", "verdict"),
    [
        ("left out", "missing-member"),
        ("left out of the list too", "manifest-forged"),
        ("another bundle", "altered-member"),
        ("another bundle, listed", "altered-member"),
        ("one more", "unknown-member"),
        ("something else", "unknown-member"),
        ("no signature", "missing-member"),
        ("another signature", "manifest-foreign"),
        ("a version", "altered-member"),
        ("nothing listed", "manifest-wrong"),
        ("another field", "manifest-wrong"),
    ],
)
def test_what_was_changed_is_named(
    how: str,
    verdict: str,
    several: bytes,
    system: System,
    cases: list[UUID],
    asked: Asked,
    second: NodeVerifier | None,
) -> None:
    other = make(system, cases[2]).content
    data = changed(several, how, cases, other)
    assert checked(data, asked, second).verdict == verdict


def test_a_bundle_that_fails_fails_all(
    several: bytes, asked: Asked, second: NodeVerifier | None
) -> None:
    at = several.index(b"order-page")
    data = several[:at] + b"Order" + several[at + 5 :]
    report = checked(data, asked, second)
    assert report.verdict != "valid"
    verdicts = [one.verdict for _, one in report.reports]
    assert sorted(one != "valid" for one in verdicts) == [False, False, True]


def test_a_truncated_file_is_no_set(several: bytes, asked: Asked) -> None:
    assert check_any(several[:1_000], asked).verdict == "truncated"
    # Cut within its bundles, it may end after the end of one of them.
    half = several[: len(several) // 2]
    assert check_any(half, asked).verdict in {"truncated", "not-alone"}


def test_the_command_line_makes_it_and_the_program_says_it(
    system: System,
    cases: list[UUID],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    again = wire(system.settings, system.url, system.url, system.clock)
    monkeypatch.setattr("interface.cli.bundle.build", lambda _: again)
    monkeypatch.setattr("interface.cli.bundle.read", lambda: None)
    path = tmp_path / "x.zip"
    ids = [str(case) for case in cases]
    done = CliRunner().invoke(redress, ["bundle", *ids, ids[0], "--out", str(path)])
    assert done.exit_code == 0, done.output
    assert "bundles of 3 cases" in done.output
    log = key_file.read(system.settings.log.key).verifiers[0].vkey
    assert main([str(path), "--key", log, "--lang", "en", "--timeline"]) == 0
    said = capfdbinary.readouterr().out.decode()
    assert said.count(": valid (0)") == 3
    assert "which bundles it holds: holds" in said
    assert said.count("buyer: Dispute filed") == 3
    assert main([str(path), "--key", log, "--json"]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert [one["verdict"] for one in told["bundles"]] == ["valid"] * 3
    assert (told["kind"], told["verdict"], told["status"]) == ("set", "valid", 0)


def test_over_http_each_case_is_recorded(
    people: People, cases: list[UUID], several: bytes
) -> None:
    ids = ",".join(map(str, cases))
    answer = people.auditor.get("/v1/audit/bundle", cases=ids)
    assert answer.status_code == 200, answer.text
    assert answer.content == several
    assert int(answer.headers["content-length"]) == len(several)
    reads = people.supervisor.get("/v1/audit/access-log").json()["items"]
    events = [one["event"] for one in reads]
    recorded = {one.get("case") for one in events if one.get("what") == "bundle"}
    assert recorded == set(map(str, cases))
    supervised = people.supervisor.get("/v1/audit/bundle", cases=ids)
    assert supervised.status_code == 200


@pytest.mark.parametrize(
    ("ids", "status"),
    [
        ("x", 400),
        ("", 400),
        (str(UUID(int=1)), 404),
        (",".join(str(UUID(int=n)) for n in range(101)), 400),
    ],
)
def test_what_is_no_case_is_refused(people: People, ids: str, status: int) -> None:
    answer = people.auditor.get("/v1/audit/bundle", cases=ids)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["errors"][0]["pointer"] == "/cases"
    assert people.analyst.get("/v1/audit/bundle", cases=ids).status_code == 403


def test_more_than_a_hundred_are_too_large(system: System, case: UUID) -> None:
    made = make(system, case)
    listed = Listed(made.archive, made.version)
    rows: Any = ((uuid4(), listed) for _ in range(101))
    with pytest.raises(TooLarge):
        pack_set(rows, system.statement_key, files=False)
