"""From nothing to a case that was decided, backed up, restored and verified.

On Debian's PostgreSQL 15, with logins that may do no more than they need, and an
identity provider: what docs/installing.md tells an operator to do.
"""

from __future__ import annotations

import shutil
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from interface.settings.env_file import read_env
from tests.http.conftest import FILING
from tests.processes import http_client
from tests.production.debian_postgres import ACCOUNT, DebianServer, debian_server
from tests.production.identity_provider import AUDIENCE, NAME, IdentityProvider
from tests.production.operator import Operator, new_operator

PNG = b"\x89PNG\r\n\x1a\n a picture of the crack"
PATIENCE = 60.0


class Client:
    """Whoever has a token of the identity provider."""

    def __init__(self, api: str, token: str) -> None:
        self._api, self._token = api, token

    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._token}",
            "Idempotency-Key": str(uuid4()),
            "If-Match": "*",
            "Purpose": "Audit",
        }

    def get(self, path: str) -> httpx.Response:
        with http_client() as client:
            return client.get(f"{self._api}{path}", headers=self.headers())

    def post(self, path: str, **sent: Any) -> dict[str, Any]:
        with http_client() as client:
            answer = client.post(f"{self._api}{path}", headers=self.headers(), **sent)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def provider() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture(scope="module")
def jwks(provider: IdentityProvider) -> Iterator[str]:
    with provider.online() as url:
        yield url


@pytest.fixture(scope="module")
def debian() -> Iterator[DebianServer]:
    with debian_server() as server:
        yield server


@pytest.fixture(scope="module")
def other_debian() -> Iterator[DebianServer]:
    with debian_server() as server:
        yield server


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.2)
    return False


def folders(root: Path) -> tuple[str, ...]:
    return (
        *("--folder", str(root / "etc"), "--home", str(root / "home")),
        *("--signer-home", str(root / "sign")),
    )


def install(operator: Operator, debian: DebianServer, jwks: str) -> None:
    """Do what docs/installing.md says, in its order."""
    said = operator.run(
        "init",
        *folders(operator.root),
        "--database",
        f"postgresql://redress_login:pass+word@127.0.0.1:{debian.port}/redress",
        *("--log-name", "shop.example/disputes", "--jwks", jwks),
        *("--issuer", NAME, "--audience", AUDIENCE),
        files=(),
    )
    assert "Next, in this order:" in said
    run_script(operator, debian)
    said = operator.run("migrate", files=("redress.env", "owner.env"))
    assert "redress: 0001_record.sql" in said


def run_script(operator: Operator, debian: DebianServer) -> None:
    """Run the SQL of `redress init` twice: nothing that is there is in its way."""
    script = operator.env_file("database.sql").read_text()
    for _ in range(2):
        debian.client("psql", "-v", "ON_ERROR_STOP=1", "-d", ACCOUNT, given=script)
    operator.env_file("database.sql").unlink()


def story(operator: Operator, provider: IdentityProvider) -> tuple[str, str]:
    """Lead one case to its end, and another one to its evidence; return both."""

    def client(role: str, subject: str) -> Client:
        return Client(operator.api, provider.token(role, subject))

    buyer, seller = client("buyer", "b-1"), client("seller", "s-1")
    mediator = client("mediator", "m-1")

    def phase(case: str) -> str:
        return str(buyer.get(case).json()["phase"])

    def filed(order: str) -> str:
        # Of today: rules alone refuse a filing about an order of long ago.
        told = {k: v for k, v in FILING["order"].items() if k != "received_at"}
        changed = {"order": told | {"id": order}}
        case = f"/v1/disputes/{buyer.post('/v1/disputes', json=FILING | changed)['id']}"
        mediator.post(f"{case}/admission", json={})
        assert within(PATIENCE, lambda: phase(case) == "awaiting-response")
        return case

    closed = filed("o-1")
    seller.post(f"{closed}/seller-response", json={"position": "accept"})
    paid = {"obligation": 1, "reference": "pay-77"}
    assert within(PATIENCE, lambda: phase(closed) == "performing")
    seller.post(f"{closed}/fulfilments", json=paid)
    done = buyer.post(f"{closed}/fulfilments/1/confirmation", json={})
    assert done["phase"] == "closed"
    disputed = filed("o-2")
    seller.post(
        f"{disputed}/seller-response",
        json={"position": "contest", "statement": "It was whole when it was sent."},
    )
    buyer.post(f"{disputed}/escalation", json={"trigger": "no-agreement"})
    found = buyer.post(
        f"{disputed}/evidence",
        data={"kind": "photo"},
        files={"file": ("crack.png", PNG, "image/png")},
    )
    assert found["evidence"][0]["size"] == len(PNG)
    return closed, disputed


@pytest.mark.long
@pytest.mark.kill
def test_from_nothing_to_a_restored_backup(
    tmp_path: Path,
    debian: DebianServer,
    other_debian: DebianServer,
    provider: IdentityProvider,
    jwks: str,
) -> None:
    operator = new_operator(tmp_path / "one")
    install(operator, debian, jwks)
    with operator.running():
        closed, disputed = story(operator, provider)
        auditor = Client(operator.api, provider.token("auditor", "a-1", None))
        assert within(PATIENCE, lambda: auditor.get("/health/ready").status_code == 200)
        check_doctor(operator)
        check_sessions(operator)
        interrupt(operator, debian)
        assert within(PATIENCE, lambda: auditor.get("/health/ready").status_code == 200)
    assert "intact" in operator.run("verify")
    restored = restore(operator, debian, other_debian, tmp_path / "two")
    assert "intact: " in restored.run("verify")
    # Every text opens, and every file is there.
    for case in (closed, disputed):
        number = case.rpartition("/")[2]
        file = tmp_path / f"{number}.zip"
        restored.run("bundle", number, "--out", str(file))
        assert file.stat().st_size > 1_000
    with restored.running():
        buyer = Client(restored.api, provider.token("buyer", "b-1"))
        assert buyer.get(f"{disputed}/evidence/1").content == PNG
        assert buyer.get(closed).json()["facts"] == FILING["facts"]


def check_doctor(operator: Operator) -> None:
    """The doctor finds nothing wrong, and names what an operator should think of."""
    said = operator.run("doctor", "--production").splitlines()
    marks = {line[5:].partition(":")[0]: line[:4].strip() for line in said}
    assert "BAD" not in marks.values(), said
    for part in ("statement key", "clock", "identity provider", "trust policy"):
        assert part in marks, said
    for name in ("serve", "work", "sign"):
        assert marks[f"process redress {name}"] == "ok"
    assert marks["logins"] == "note"
    (logins,) = [line for line in said if line.startswith("note logins")]
    assert "postgres (superuser)" in logins
    assert "redress_owner (owner)" in logins
    assert "redress_login" not in logins
    key = operator.root / "home" / "keys" / "master.json"
    key.chmod(0o644)
    assert "BAD  key files: REDRESS_MASTER_KEY: others" in operator.run(
        "doctor", "--production", code=1
    )
    key.chmod(0o600)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def check_sessions(operator: Operator) -> None:
    url = read_env(operator.env_file("redress.env"))["DATABASE_URL"]
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT application_name FROM pg_stat_activity"
            " WHERE usename = 'redress_login' AND pid <> pg_backend_pid()"
        ).fetchall()
    found = {name for (name,) in rows}
    assert {
        "redress work views",
        "redress sign signer",
        "redress serve revocations",
    } <= found
    assert all(one.startswith("redress ") for one in found), found


def interrupt(operator: Operator, debian: DebianServer) -> None:
    """Restart the database: each process tells of it once, and that it is back."""
    debian.pg_ctl("stop")
    down = "database: down, noticed by"
    names = ("work", "serve")
    assert within(PATIENCE, lambda: all(down in operator.log(one) for one in names))
    debian.pg_ctl("start")
    back = "database: back, was down for"
    assert within(PATIENCE, lambda: all(back in operator.log(one) for one in names))
    for one in names:
        assert operator.log(one).count(down) == 1


def restore(
    operator: Operator, debian: DebianServer, other: DebianServer, root: Path
) -> Operator:
    """Back up, and restore on another server of databases, and in other folders."""
    dump = debian.folder / "redress.dump"
    debian.client("pg_dump", "--format=custom", f"--file={dump}", "redress")
    restored = new_operator(root)
    for name in ("etc", "home", "sign"):
        shutil.copytree(operator.root / name, root / name)
    for path in (root / "etc").glob("*.env"):
        text = path.read_text().replace(str(operator.root), str(root))
        path.write_text(text.replace(f":{debian.port}/", f":{other.port}/"))
    # The old ones are gone: what is verified is what was restored.
    shutil.rmtree(operator.root / "home")
    debian.client("dropdb", "--force", "redress")
    restored.run("init", "--write-sql", *folders(root), files=())
    run_script(restored, other)
    other.client("pg_restore", "--dbname=redress", "--exit-on-error", str(dump))
    said = restored.run("migrate", files=("redress.env", "owner.env"))
    assert "nothing to do" in said
    return restored
