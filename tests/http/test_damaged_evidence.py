"""A file that is missing, cut or swapped: one clear answer, and a finding."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from application.cases.case_files import stored_files
from application.cases.evidence_files import CHECKED_BYTES
from application.cases.sealed_file import CHUNK_BYTES, HEADER_BYTES
from application.operator_error import OperatorError
from domain.roles import Role
from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from interface.cli.main import redress
from interface.run.worker import Worker
from tests.http.conftest import People, file_for, full_health
from tests.http.conftest import whole_worker as background
from tests.http.test_evidence import PNG
from tests.privacy.test_file_sweep import filed
from tests.processes import (
    Process,
    free_port,
    http_client,
    serving_environ,
    wait_until_ready,
)

__all__ = ["background"]

DAMAGED = "urn:redress:problem:file-damaged"


def cut(path: Path, left: int) -> None:
    with path.open("r+b") as out:
        out.truncate(left)


def touched(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


def piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


BREAKS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "cut to its header": (lambda path: cut(path, HEADER_BYTES), "not as long"),
    "emptied": (lambda path: cut(path, 0), "not as long"),
    "cut": (lambda path: cut(path, 1_000), "not as long"),
    "deleted": (Path.unlink, "is missing"),
    "touched": (touched, "was altered"),
    "a pipe": (piped, "cannot be read"),
}


def with_file(people: People, content: bytes, order: str = "o-1") -> tuple[str, str]:
    """File a case with a file; return its id and the path of the file."""
    case = file_for(people, order)
    (shown,) = people.buyer.upload(case, content).json()["evidence"]
    return case, str(shown["href"])


def path_of(system: System, case: str) -> Path:
    (file,) = stored_files(system.disputes.find(UUID(case)).events)
    assert file.sealed is not None
    return system.evidence.path(file)


def told(http: TestClient[Any]) -> list[str]:
    """Return what health says of files."""
    warnings = full_health(http).json()["warnings"]
    return [said for said in warnings if said.startswith("evidence: ")]


def refused(answer: httpx.Response, language: str = "en") -> None:
    assert (answer.status_code, answer.json()["type"]) == (500, DAMAGED)
    wanted = "文件已损坏" if language == "zh" else "The file is damaged"
    assert answer.json()["title"] == wanted


@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_file_is_one_answer_and_a_finding_until_it_is_right_again(
    http: TestClient[Any], people: People, system: System, how: str
) -> None:
    case, href = with_file(people, PNG + bytes(3 * CHUNK_BYTES))
    path = path_of(system, case)
    shutil.copy(path, whole := path.with_suffix(".whole"))
    damage, said = BREAKS[how]
    damage(path)
    refused(people.mediator.get(href))
    reader = people.mediator
    reader.headers["Accept-Language"] = "zh"
    refused(reader.get(href), "zh")
    (warning,) = told(http)
    assert case in warning
    assert "version 2" in warning
    assert said in warning
    path.unlink(missing_ok=True)
    whole.rename(path)
    assert people.mediator.get(href).status_code == 200


def test_two_files_that_were_swapped_are_given_to_nobody(
    http: TestClient[Any], people: People, system: System
) -> None:
    first, href = with_file(people, PNG + b"1" * 50_000)
    second, other = with_file(people, PNG + b"2" * 50_000, "o-2")
    one, two = path_of(system, first), path_of(system, second)
    aside = one.with_name("aside")
    one.rename(aside)
    two.rename(one)
    aside.rename(two)
    refused(people.mediator.get(href))
    refused(people.mediator.get(other))
    warnings = told(http)
    assert len(warnings) == 2
    assert all("is another file" in said for said in warnings)


def test_a_bundle_with_a_broken_file_is_one_answer_and_a_finding(
    http: TestClient[Any], people: People, system: System, background: Worker
) -> None:
    case, _ = with_file(people, PNG)
    background.catch_up()
    bundle = f"/v1/audit/disputes/{case}/bundle"
    whole = people.regulator.get(bundle, with_files="true", opened="true")
    assert whole.status_code == 200
    cut(path_of(system, case), HEADER_BYTES)
    for asked in ({"with_files": "true"}, {"with_files": "true", "opened": "true"}):
        refused(people.regulator.get(bundle, **asked))
    assert people.regulator.get(bundle).status_code == 200
    (warning,) = told(http)
    assert case in warning
    environ = {
        "DATABASE_URL": system.url,
        "REDRESS_HOME": str(system.settings.home),
    }
    ended = CliRunner(env=environ).invoke(redress, ["bundle", case, "--with-files"])
    # What a command ends with in one line.
    assert isinstance(ended.exception, OperatorError)
    assert case in str(ended.exception)


def test_a_large_file_that_is_swapped_while_it_streams_never_arrives_whole(
    url: str, tmp_path: Path
) -> None:
    """As a real client sees it: the answer breaks off, and does not hang."""
    port = free_port()
    environ = serving_environ(
        url, tmp_path, port, REDRESS_UPLOAD_LIMIT=str(2 * CHECKED_BYTES)
    )
    server = Process(environ, "serve")
    base = f"http://127.0.0.1:{port}"
    wait_until_ready(base)
    caller = Caller(subject="b-1", role=Role.BUYER, platform="shop")
    token = DevelopmentKey(tmp_path).token(caller, timedelta(hours=1))
    content = PNG + os.urandom(CHECKED_BYTES + 30 * CHUNK_BYTES)
    with http_client() as client:
        client.headers["Authorization"] = f"Bearer {token}"
        case = f"{base}/v1/disputes/{filed(port, token)}"
        uploaded = client.post(
            f"{case}/evidence",
            files={"file": ("a.png", content, "image/png")},
            data={"kind": "photo"},
            headers={"Idempotency-Key": "k-2", "If-Match": "*"},
        )
        (shown,) = uploaded.json()["evidence"]
        (path,) = (tmp_path / "evidence").glob("??/*")
        given = bytearray()
        with (
            pytest.raises(httpx.RemoteProtocolError),
            client.stream("GET", base + shown["href"]) as answer,
        ):
            assert answer.status_code == 200
            for chunk in answer.iter_bytes():
                if not given:
                    overwrite_the_end(path)
                given += chunk
    assert len(given) < len(content)
    assert content.startswith(given)
    assert server.stop() == 0


def overwrite_the_end(path: Path) -> None:
    with path.open("r+b") as out:
        out.seek(-CHUNK_BYTES, os.SEEK_END)
        out.write(bytes(1_000))
