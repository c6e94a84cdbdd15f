"""What a kill leaves in folders is swept; nothing that an event names is touched."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.cases.orphan_files import OLD_SECONDS, orphan_files, remove_orphan
from application.cases.sealed_file import file_name
from application.jobs.file_sweep import (
    DRAFT_SECONDS,
    MOST_ORPHANS,
    FileSweep,
    sweep_drafts,
)
from domain.roles import Role
from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from tests.http.conftest import FILING, People, file_for, http, people, system
from tests.http.test_evidence import PNG
from tests.processes import (
    PATIENCE,
    Process,
    free_port,
    http_client,
    serving_environ,
    wait_until_ready,
)
from tests.test_startup_checks import redress

__all__ = ["http", "people", "system"]


@pytest.fixture
def sweep(system: System) -> Iterator[FileSweep]:
    one = FileSweep(system.url, system.evidence, system.keys, [system.settings.home])
    one.tick()
    yield one
    one.close()


def files_of(system: System) -> list[Path]:
    folder = system.evidence.folder
    return sorted(one for one in folder.rglob("*") if one.is_file())


def aged(path: Path, seconds: float) -> Path:
    moment = time.time() - seconds
    os.utime(path, (moment, moment))
    return path


def test_a_draft_is_swept_an_hour_after_its_last_byte(tmp_path: Path) -> None:
    names = {
        f".incoming.{'a' * 16}": 0,
        f".check.{'b' * 16}": 0,
        f".incoming.{'c' * 16}x": 1,
        "incoming": 1,
        ".bashrc": 1,
    }
    for name in names:
        (tmp_path / name).write_text("x")
        aged(tmp_path / name, DRAFT_SECONDS + 60)
    young = tmp_path / f".incoming.{'d' * 16}"
    young.write_text("x")
    assert sweep_drafts(tmp_path) == 2
    left = {one.name for one in tmp_path.iterdir()}
    assert left == {name for name, stays in names.items() if stays} | {young.name}
    assert sweep_drafts(tmp_path / "nowhere") == 0


def test_an_upload_that_a_kill_cut_off_is_swept_by_the_next_worker(
    url: str, tmp_path: Path
) -> None:
    port = free_port()
    environ = serving_environ(url, tmp_path, port)
    server = Process(environ, "serve")
    wait_until_ready(f"http://127.0.0.1:{port}")
    caller = Caller(subject="b-1", role=Role.BUYER, platform="shop")
    token = DevelopmentKey(tmp_path).token(caller, timedelta(hours=1))
    case = filed(port, token)
    half = (
        f"POST /v1/disputes/{case}/evidence HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {token}\r\nIdempotency-Key: k-2\r\nIf-Match: *\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n"
        "Content-Length: 900000\r\n\r\n"
        "--b\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n"
        "Content-Type: text/plain\r\n\r\nthe beginning"
    )
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(half.encode())
        folder = tmp_path / "evidence"
        until = time.monotonic() + PATIENCE
        while not list(folder.glob(".incoming.*")):
            assert time.monotonic() < until
            time.sleep(0.05)
        server.kill()
    (draft,) = folder.glob(".incoming.*")
    aged(draft, DRAFT_SECONDS + 1)
    worker = Process(environ, "work")
    until = time.monotonic() + PATIENCE
    while draft.exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    assert worker.stop() == 0


def filed(port: int, token: str) -> str:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k-1"}
    order = FILING["order"] | {"received_at": None}
    body = FILING | {"order": order}
    with http_client() as client:
        url = f"http://127.0.0.1:{port}/v1/disputes"
        return str(client.post(url, json=body, headers=headers).json()["id"])


def orphan(system: System, key: UUID, content: bytes = b"nobody's") -> Path:
    """Place a file as an upload does whose server is killed before its event."""
    cipher = system.keys.cipher(key)
    assert cipher is not None
    with system.evidence.receiving(key, cipher, 10**6) as received:
        received.incoming.write(content)
        kept = received.keep()
    name = file_name(kept.sha256, kept.sealed, key)
    return system.evidence.folder / name[:2] / name


def test_only_old_files_that_no_event_names_are_deleted(
    people: People, system: System, sweep: FileSweep
) -> None:
    case = file_for(people)
    assert people.buyer.upload(case, PNG).status_code == 201
    named = files_of(system)
    assert len(named) == 1
    (subject_key,) = {UUID(one.suffix[1:]) for one in named}
    lost = orphan(system, subject_key)
    stranger = lost.with_name(f"{lost.stem}.{uuid4().hex}")
    shutil.copy(lost, stranger)
    (lost.parent / "notes.txt").write_text("an operator's own")
    assert sweep.sweep_orphans() == 0
    assert lost.exists()
    # Old by now, as all the others are, too.
    assert sweep.sweep_orphans(older=-1) == 1
    assert not lost.exists()
    assert stranger.exists()
    assert (lost.parent / "notes.txt").exists()
    (shown,) = people.buyer.get(f"/v1/disputes/{case}").json()["evidence"]
    assert people.buyer.get(shown["href"]).content == PNG
    assert sweep.sweep_orphans(older=-1) == 0
    assert timedelta(days=1).total_seconds() == OLD_SECONDS


def test_a_file_that_gets_its_event_meanwhile_stays(
    people: People, system: System, sweep: FileSweep
) -> None:
    case = file_for(people)
    assert people.buyer.upload(case, PNG).status_code == 201
    (named,) = files_of(system)
    lost = orphan(system, UUID(named.suffix[1:]), content=PNG + b"again")
    with system.database.get_connection() as connection:
        (found,) = orphan_files(system.evidence, connection, older=-1)
    assert found.path == lost
    # The same bytes are handed in before the sweep gets to the file.
    assert people.buyer.upload(case, PNG + b"again").status_code == 201
    assert not remove_orphan(found, sweep.connection, 0)
    for one in people.buyer.get(f"/v1/disputes/{case}").json()["evidence"]:
        assert people.buyer.get(one["href"]).status_code == 200
    # Each has its own file; that of the digest which an event names stays, too.
    assert len(files_of(system)) == 3


def test_many_orphans_are_reported_and_kept(
    people: People,
    system: System,
    sweep: FileSweep,
    caplog: pytest.LogCaptureFixture,
) -> None:
    case = file_for(people)
    assert people.buyer.upload(case, PNG).status_code == 201
    (named,) = files_of(system)
    key = UUID(named.suffix[1:])
    for number in range(MOST_ORPHANS + 1):
        orphan(system, key, content=b"%d" % number)
    assert sweep.sweep_orphans(older=-1) == 0
    assert "too many" in caplog.text
    assert len(files_of(system)) == MOST_ORPHANS + 2


def test_the_doctor_tells_of_them(people: People, system: System) -> None:
    case = file_for(people)
    assert people.buyer.upload(case, PNG).status_code == 201
    (named,) = files_of(system)
    lost = orphan(system, UUID(named.suffix[1:]))
    doctor = redress(system.settings.home, system.url, "doctor").stdout
    assert "ok   evidence files: ok" in doctor
    with system.database.get_connection() as connection:
        assert orphan_files(system.evidence, connection) == ()
        (found,) = orphan_files(system.evidence, connection, older=-1)
    assert found.path == lost
