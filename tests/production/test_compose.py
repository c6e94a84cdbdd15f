"""The compose file has the production layout: who needs no secret has none.

No container engine runs here: it is held to its form, and to what it refers to.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from interface.cli.main import COMMANDS, redress
from interface.settings.env_file import read_env
from interface.settings.settings import Mode, read
from tests.production.test_shipped_files import DEPLOY

TEXT = Path("compose.yaml").read_text("utf-8")
WHOLE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = WHOLE["services"]
OURS = sorted(SERVICES.keys() - {"database", "proxy"})
RUNNING = ["signer", "web-1", "web-2", "worker"]


def mounted(service: str) -> dict[str, str]:
    """Return where what is mounted, without how."""
    found = (one.split(":") for one in SERVICES[service].get("volumes", ()))
    return {place: source for source, place, *_ in found}


def test_each_service_runs_a_command_that_there_is() -> None:
    found = {}
    for name in OURS:
        words = list(SERVICES[name]["command"])
        while words[0] == "--env-file":
            assert words[1] in mounted(name)
            del words[:2]
        found[name] = words[0]
        assert words[0] in COMMANDS
    assert found == {
        "init": "init",
        "migrate": "migrate",
        "signer": "sign",
        "web-1": "serve",
        "web-2": "serve",
        "witness": "witness",
        "worker": "work",
    }


def test_nothing_runs_in_development_mode_or_with_a_password_in_the_file() -> None:
    assert "development" not in TEXT
    assert not re.search(r"PASSWORD:|://[^\s]+:[^\s]+@", TEXT)
    environment = SERVICES["database"]["environment"]
    assert environment["POSTGRES_INITDB_ARGS"] == "--auth=scram-sha-256"


def test_who_needs_no_secret_has_none() -> None:
    holders: dict[str, set[str]] = {}
    for name in SERVICES:
        for place in mounted(name):
            holders.setdefault(place, set()).add(name)
    assert holders["/etc/redress/owner.env"] == {"migrate"}
    assert holders["/etc/redress/sign.env"] == {"signer"}
    assert holders["/var/lib/redress-sign"] == {"init", "signer"}
    assert holders["/etc/redress"] == {"init"}
    assert "signer" not in holders["/var/lib/redress"]
    assert "init" not in RUNNING


def test_only_the_proxy_and_a_witness_can_be_reached() -> None:
    open_to = {name for name, one in SERVICES.items() if "ports" in one}
    assert open_to == {"proxy", "witness"}
    apart = {
        name for name, one in SERVICES.items() if one.get("network_mode") == "none"
    }
    assert apart == {"database", "init", "migrate", "signer"}


def test_the_proxy_asks_the_two_servers_that_there_are() -> None:
    asked = re.findall(
        r"server (127\.0\.0\.1):(\d+) ", (DEPLOY / "nginx.conf").read_text()
    )
    found = [
        (one["environment"]["REDRESS_HOST"], one["environment"]["REDRESS_PORT"])
        for name, one in SERVICES.items()
        if name.startswith("web-")
    ]
    assert found == asked
    for name in ("web-1", "web-2"):
        assert SERVICES[name]["network_mode"] == "service:proxy"


@pytest.mark.parametrize("name", RUNNING)
def test_what_runs_is_confined_starts_again_and_has_time_to_end(name: str) -> None:
    one = SERVICES[name]
    assert one["restart"] == "unless-stopped"
    assert one["stop_grace_period"] == "90s"
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"}
    }


def test_init_makes_every_file_that_the_services_read(tmp_path: Path) -> None:
    url = "postgresql://redress_login:pw@/redress?host=/var/run/postgresql"
    done = CliRunner().invoke(
        redress,
        [
            *("init", "--folder", str(tmp_path / "settings")),
            *("--home", str(tmp_path / "home")),
            *("--signer-home", str(tmp_path / "signer")),
            *("--database", url, "--log-name", "shop.example/disputes"),
            *("--policy", "cn-default/1", "--jwks", "https://id.example/jwks"),
            *("--issuer", "https://id.example", "--audience", "redress"),
        ],
    )
    assert done.exit_code == 0, done.output
    needed = {
        source.removeprefix("./redress/")
        for name in [*RUNNING, "migrate", "database"]
        for source in mounted(name).values()
        if source.startswith("./redress/")
    }
    assert needed
    for one in needed:
        assert (tmp_path / one).exists(), one
    # Over the socket there is no network to encrypt for.
    found = read(read_env(tmp_path / "settings" / "redress.env"))
    assert found.mode is Mode.PRODUCTION
    sql = (tmp_path / "settings" / "database.sql").read_text()
    assert "redress_login" in sql
