"""A full disk: one clear error, nothing half-written, and on it goes with room."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from msgspec.structs import replace

from application.cases.evidence_files import EvidenceFiles
from interface.bootstrap import System
from tests.http.conftest import FILING, People, file_for, full_health
from tests.http_app import serving

PNG = b"\x89PNG\r\n\x1a\n"


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Mount a file system that is soon full; skip where that is not allowed."""
    folder = Path(tempfile.mkdtemp(prefix="redress-small-"))
    folder.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


@pytest.fixture(autouse=True)
def only_where_mounting_is_possible() -> None:
    if not Path("/proc/mounts").exists() or os.geteuid() != 0:
        pytest.skip("file systems cannot be mounted here")


def test_evidence_on_a_full_disk(system: System) -> None:
    with small_disk(2) as folder:
        cramped = replace(system, evidence=EvidenceFiles(folder))
        with serving(cramped) as http:
            people = People(http, cramped)
            case = file_for(people)
            large = people.buyer.upload(case, PNG + os.urandom(3_000_000), key="u-1")
            assert (large.status_code, large.json()["type"]) == (
                507,
                "urn:redress:problem:storage-full",
            )
            assert [one for one in folder.rglob("*") if one.is_file()] == []
            assert people.buyer.get(f"/v1/disputes/{case}").json()["version"] == 1
            assert people.buyer.upload(case, PNG + b"small").status_code == 201


@contextmanager
def small_tablespace(url: str, folder: Path) -> Iterator[None]:
    """Let the record lie on a small disk that is nearly full."""
    name = f"small_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as owner:
        row = owner.execute("SHOW data_directory").fetchone()
        assert row is not None
        os.chown(folder, Path(row[0]).stat().st_uid, -1)
        owner.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'".encode())
        owner.execute(f"ALTER TABLE redress.events SET TABLESPACE {name}".encode())
        owner.execute(f"CREATE TABLE public.filler (t text) TABLESPACE {name}".encode())
        owner.execute("ALTER TABLE public.filler ALTER t SET STORAGE EXTERNAL")
        owner.execute(
            "INSERT INTO public.filler SELECT repeat('x', 7000)"
            " FROM generate_series(1, 350)"
        )
    try:
        yield
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("DROP TABLE IF EXISTS public.filler")
            owner.execute("ALTER TABLE redress.events SET TABLESPACE pg_default")
            owner.execute(f"DROP TABLESPACE {name}".encode())


def test_a_record_on_a_full_disk(people: People, system: System, url: str) -> None:
    long = {"facts": "长" * 5_000}

    def file(number: int) -> Any:
        order = FILING["order"] | {"id": f"o-{number}"}
        body = FILING | long | {"order": order}
        return people.buyer.post("/v1/disputes", body, key=f"k-{number}")

    with small_disk(4) as folder, small_tablespace(url, folder):
        number, response = 0, file(0)
        while response.status_code == 201 and number < 300:
            number += 1
            response = file(number)
        assert (response.status_code, response.json()["type"]) == (
            507,
            "urn:redress:problem:storage-full",
        )
        assert number > 0
        ready = full_health(people.buyer.http)
        assert ready.status_code == 503
        assert any("its disk is full" in one for one in ready.json()["wrong"])
        with psycopg.connect(url, autocommit=True) as owner:
            rows = owner.execute(
                "SELECT count(*) FROM redress.events WHERE topic = 'filed'"
            ).fetchone()
            keys = owner.execute("SELECT count(*) FROM redress.requests").fetchone()
            assert rows == keys == (number,)
            owner.execute("DROP TABLE public.filler")
        assert file(number).status_code == 201
        assert system.record.key_use(uuid4()) is None
