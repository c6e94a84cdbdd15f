"""The embedded PostgreSQL starts in odd places and harms nothing outside its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from interface.run.embedded_postgres import EmbeddedServer
from interface.run.folder_users import FolderUsers
from interface.run.postgres_programs import EmbeddedUnavailable
from tests.processes import adopted

pytestmark = pytest.mark.long


@pytest.fixture
def home() -> Iterator[Path]:
    one = Path(tempfile.mkdtemp(prefix="redress-home-"))
    one.chmod(0o755)
    yield one
    shutil.rmtree(one, ignore_errors=True)


@pytest.fixture
def cluster(home: Path) -> Iterator[EmbeddedServer]:
    one = EmbeddedServer(home / "db")
    yield one
    one.stop()


def doctor(home: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_")}
    return subprocess.run(
        [sys.executable, "-m", "interface", "doctor"],
        env=kept | {"REDRESS_HOME": str(home)} | environ,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def answers(cluster: EmbeddedServer) -> bool:
    with psycopg.connect(cluster.start()) as session:
        return session.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    "environ",
    [
        {"LC_ALL": "xx_YY.UTF-8", "LANG": "xx_YY.UTF-8"},
        {"PGPORT": "5439", "PGDATA": "/nowhere", "PGOPTIONS": "-c nonsense=1"},
    ],
    ids=["a locale that is not installed", "variables of another PostgreSQL"],
)
def test_it_starts_whatever_the_environment_says(
    home: Path, environ: dict[str, str]
) -> None:
    if "PGOPTIONS" in environ:
        environ = environ | {"PGOPTIONS": "-c work_mem=4MB"}
    done = doctor(home, **environ)
    assert done.stderr == ""
    assert "ok   settings, keys, database, schema" in done.stdout


@pytest.mark.parametrize("name", ["a b", "it's", "a,b", "#;&|", "长" * 30])
def test_it_starts_in_a_folder_of_any_name(home: Path, name: str) -> None:
    done = doctor(home / name)
    assert done.stderr == ""
    assert "ok   settings, keys, database, schema" in done.stdout
    (folder,) = [one for one in (home / name).iterdir() if one.name == "db"]
    assert not (folder / "postmaster.pid").exists()


@pytest.mark.parametrize("name", ['a"b', "$(touch x)", "a`b", "a\\b"])
def test_a_path_that_a_shell_would_read_otherwise_is_refused(
    home: Path, name: str
) -> None:
    done = doctor(home / name)
    assert done.returncode == 1
    assert "takes no path with" in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_nobody_else_may_open_its_socket(cluster: EmbeddedServer) -> None:
    assert answers(cluster)
    (socket,) = cluster.folder.glob(".s.PGSQL.5432")
    assert socket.stat().st_mode & 0o077 == 0


def test_a_lasting_failure_is_not_tried_again_and_its_reason_is_the_line(
    home: Path, cluster: EmbeddedServer
) -> None:
    cluster.start()
    cluster.stop()
    with (cluster.folder / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = lots\n")
    since = time.monotonic()
    done = doctor(home)
    assert time.monotonic() - since < 20
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert "does not start: configuration file" in line
    assert "contains errors" in line


def test_a_folder_of_another_version_or_of_other_things_is_named(home: Path) -> None:
    (home / "db").mkdir()
    (home / "db" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedUnavailable, match="data are of PostgreSQL 9"):
        EmbeddedServer(home / "db").start()
    (home / "db" / "PG_VERSION").unlink()
    (home / "db" / "letters").write_text("mine")
    with pytest.raises(EmbeddedUnavailable, match="db: Directory not empty"):
        EmbeddedServer(home / "db").start()
    assert (home / "db" / "letters").read_text() == "mine"


@pytest.mark.parametrize("content", ["", "garbage\n", "-1\n", "99999999999\n"])
def test_an_empty_or_odd_file_of_a_server_does_not_keep_it_from_starting(
    cluster: EmbeddedServer, content: str
) -> None:
    cluster.start()
    cluster.stop()
    (cluster.folder / "postmaster.pid").write_text(content)
    assert answers(cluster)


def test_a_process_that_got_the_number_of_a_killed_server_is_not_hurt(
    cluster: EmbeddedServer,
) -> None:
    cluster.start()
    left = (cluster.folder / "postmaster.pid").read_text()
    os.kill(cluster.pid, signal.SIGKILL)
    # As root may be any other process: here one that runs a program of that name.
    bystander = adopted(subprocess.Popen(["sleep", "300"], start_new_session=True))
    lines = [str(bystander.pid), *left.splitlines()[1:]]
    (cluster.folder / "postmaster.pid").write_text("\n".join(lines) + "\n")
    try:
        cluster.stop()
        assert bystander.poll() is None
        assert answers(cluster)
        assert cluster.pid != bystander.pid
        cluster.stop()
        with pytest.raises(LookupError):
            _ = cluster.pid
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_another_server_of_ours_is_not_taken_for_this_one(
    home: Path, cluster: EmbeddedServer
) -> None:
    other = EmbeddedServer(home / "other")
    other.start()
    cluster.start()
    os.kill(cluster.pid, signal.SIGKILL)
    file = cluster.folder / "postmaster.pid"
    rest = file.read_text().splitlines()[1:]
    file.write_text("\n".join([str(other.pid), *rest]) + "\n")
    try:
        assert answers(cluster)
        assert cluster.pid != other.pid
        cluster.stop()
        assert psutil.pid_exists(other.pid)
    finally:
        other.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")
def test_no_permission_of_a_parent_is_changed(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    done = doctor(closed / "inner")
    assert done.returncode == 1
    assert f"{closed} has mode 700" in done.stdout
    assert closed.stat().st_mode & 0o777 == 0o700
    assert "chmod o+x" in done.stdout
    closed.chmod(0o711)
    assert "ok   settings" in doctor(closed / "inner").stdout
    assert closed.stat().st_mode & 0o777 == 0o711
    assert (closed / "inner").stat().st_mode & 0o777 == 0o755


def test_the_last_process_that_uses_it_stops_it(home: Path) -> None:
    folder = home / "db"
    first, second = FolderUsers(folder), FolderUsers(folder)
    ended: list[str] = []
    for one in (first, second):
        with one.alone():
            one.join()
    first.leave(lambda: ended.append("first"))
    first.leave(lambda: ended.append("first again"))
    second.leave(lambda: ended.append("second"))
    assert ended == ["second"]


def test_users_that_were_killed_do_not_keep_it_running(
    cluster: EmbeddedServer,
) -> None:
    script = (
        "import sys,time; from pathlib import Path;"
        "from interface.run.embedded_postgres import EmbeddedServer;"
        "EmbeddedServer(Path(sys.argv[1])).start(); print('up', flush=True);"
        "time.sleep(float(sys.argv[2]))"
    )
    words = [sys.executable, "-c", script, str(cluster.folder)]
    killed = adopted(subprocess.Popen([*words, "300"], stdout=subprocess.PIPE))
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"up\n"
    pid = cluster.pid
    killed.kill()
    killed.communicate()
    assert psutil.pid_exists(pid)
    subprocess.run([*words, "0"], check=True, timeout=60, stdout=subprocess.DEVNULL)
    with pytest.raises(LookupError):
        _ = cluster.pid


def test_several_that_start_it_at_once_get_one_server(cluster: EmbeddedServer) -> None:
    urls: list[str] = []
    starts = [
        threading.Thread(
            target=lambda: urls.append(EmbeddedServer(cluster.folder).start())
        )
        for _ in range(4)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(urls) == 4
    assert len(set(urls)) == 1
