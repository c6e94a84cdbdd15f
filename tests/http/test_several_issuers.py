"""Several issuers: each with its own keys, claims, roles and platforms."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from interface.bootstrap import System, wire
from interface.callers.issuer_file import issuers_in
from interface.health import health
from interface.settings import settings
from interface.settings.settings import SettingError
from tests.http.conftest import FILING
from tests.http.issuer import Issuer
from tests.http_app import serving
from tests.processes import PATIENCE

STAFF, SHOP, STATE = (
    "https://sso.example",
    "https://shop.example",
    "https://gov.example",
)
FILE = """
[[issuer]]
name = "staff"
issuer = "https://sso.example"
audience = "redress"
jwks = "{staff}"
roles = ["mediator", "supervisor"]
platforms = ["shop-cn", "shop-eu"]
subject_prefix = "staff:"
claims = {{ role = "realm_access.roles", platform = "https://shop.example/site" }}
values = {{ cs-agent = "mediator", cs-lead = "supervisor" }}

[[issuer]]
name = "shop"
issuer = "https://shop.example"
audience = "redress"
jwks = "{shop}"
role = "buyer"
platform = "shop-cn"
token_lifetime = 3600
claims = {{ subject = ["user.id", "code"] }}

[[issuer]]
name = "state"
issuer = "https://gov.example"
audience = "redress-audit"
jwks = "{state}"
roles = ["auditor", "regulator"]
every_platform = true
"""


@pytest.fixture
def issuers() -> dict[str, Issuer]:
    return {name: Issuer() for name in ("staff", "shop", "state")}


@pytest.fixture
def system(url: str, tmp_path: Path, issuers: dict[str, Issuer]) -> Iterator[System]:
    with ExitStack() as stack:
        where = {k: stack.enter_context(v.online()) for k, v in issuers.items()}
        file = tmp_path / "issuers.toml"
        file.write_text(FILE.format(**where))
        environ = {
            "REDRESS_HOME": str(tmp_path),
            "REDRESS_ISSUERS": str(file),
            "DATABASE_URL": url,
        }
        one = wire(settings.read(environ), url, url)
        yield one
        one.close()


@pytest.fixture
def http(system: System) -> Iterator[TestClient[Any]]:
    with serving(system) as client:
        yield client


class Minted:
    """Tokens of each issuer, as that issuer writes them."""

    def __init__(self, issuers: dict[str, Issuer]) -> None:
        self.issuers = issuers

    def staff(self, *roles: str, site: str | None = "shop-cn", **more: Any) -> str:
        claims: dict[str, Any] = {
            "iss": STAFF,
            "realm_access": {"roles": ["offline_access", *roles]},
            "https://shop.example/site": site,
        }
        return self.issuers["staff"].token(**(claims | more))

    def shop(self, code: Any = "b-1", **more: Any) -> str:
        claims = {"iss": SHOP, "user.id": {"code": code}} | more
        return self.issuers["shop"].token(**claims)

    def state(self, **more: Any) -> str:
        claims = {"iss": STATE, "aud": "redress-audit", "role": "regulator"}
        return self.issuers["state"].token(**(claims | {"sub": "r-1"} | more))


@pytest.fixture
def minted(issuers: dict[str, Issuer]) -> Minted:
    return Minted(issuers)


def sent(token: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": "k",
        "Purpose": "Audit",
        "Accept-Language": "en",
    }


def asked(http: TestClient[Any], token: str) -> httpx.Response:
    answer: httpx.Response = http.get("/v1/disputes", headers=sent(token))
    return answer


def detail(http: TestClient[Any], token: str) -> str:
    answer = asked(http, token)
    assert answer.status_code == 401, answer.text
    return str(answer.json()["detail"])


def test_each_issuers_claims_are_read_by_its_own_map(
    http: TestClient[Any], minted: Minted, system: System
) -> None:
    buyer = sent(minted.shop())
    filed = http.post("/v1/disputes", json=FILING, headers=buyer)
    assert filed.status_code == 201, filed.text
    case = filed.json()
    assert (case["buyer"], case["platform"]) == ("b-1", "shop-cn")
    # A mediator by the issuer's own word for it, found in a nested claim.
    href = f"/v1/disputes/{case['id']}"
    assert http.get(href, headers=sent(minted.staff("cs-agent"))).status_code == 200
    elsewhere = sent(minted.staff("cs-agent", site="shop-eu"))
    assert http.get(href, headers=elsewhere).status_code == 404
    assert asked(http, minted.state(platform=None)).status_code == 200
    header = f"Bearer {minted.staff('cs-lead')}"
    caller = system.tokens.caller(header)
    assert (caller.subject, caller.role) == ("staff:m-1", "supervisor")


def test_an_issuer_gives_only_its_own_roles_and_platforms(
    http: TestClient[Any], minted: Minted
) -> None:
    # Names of our roles that its table does not hold are roles of other systems.
    said = detail(http, minted.staff("regulator", "mediator"))
    assert said == "The token has none of the roles mediator, supervisor."
    said = detail(http, minted.staff("cs-agent", "cs-lead"))
    assert said.startswith("The token may have one role only")
    said = detail(http, minted.staff("cs-agent", site="shop-us"))
    assert said.startswith("The issuer may not issue tokens for the platform")
    said = detail(http, minted.staff("cs-agent", site=None))
    assert said == "A token of this issuer has to name a platform."
    said = detail(http, minted.state(role="mediator"))
    assert said == "The issuer may not issue tokens of the role mediator."


def test_what_a_shop_claims_beyond_its_constants_counts_for_nothing(
    system: System, minted: Minted
) -> None:
    claims = {"role": "regulator", "roles": ["regulator"], "platform": "shop-eu"}
    caller = system.tokens.caller(f"Bearer {minted.shop(**claims)}")
    assert (caller.role, caller.platform) == ("buyer", "shop-cn")


@pytest.mark.parametrize("code", [5, ["b-1"], {"id": "b-1"}, True, "", "a\0b"])
def test_a_mapped_claim_of_another_form_is_refused(
    http: TestClient[Any], minted: Minted, code: Any
) -> None:
    assert "user.id.code of the token" in detail(http, minted.shop(code))


def test_a_claim_where_an_object_should_be_is_refused(
    http: TestClient[Any], minted: Minted
) -> None:
    odd: Any
    for odd in ("cs-agent", ["cs-agent"], 5):
        assert "realm_access" in detail(http, minted.staff(realm_access=odd))
    for odd in ({"cs-agent": 1}, [5], [["cs-agent"]], [None]):
        said = detail(http, minted.staff(realm_access={"roles": odd}))
        assert "realm_access.roles" in said
    assert "none of the roles" in detail(http, minted.staff(realm_access=None))


def test_one_issuers_keys_verify_nothing_of_another(
    http: TestClient[Any], issuers: dict[str, Issuer]
) -> None:
    wrong = "The token's signature is wrong."
    # Both publish a key of the id "old".
    claims = {"iss": STATE, "aud": "redress-audit", "role": "regulator", "sub": "r-1"}
    assert detail(http, issuers["shop"].token(**claims)) == wrong
    assert detail(http, issuers["shop"].token(iss=STAFF)) == wrong
    # The id of a key that only the shop has, in a token that says it is the state's.
    issuers["shop"].published = ["new"]
    unknown = "The token's key is none of the issuer's."
    assert detail(http, issuers["shop"].token("new", **claims)) == unknown
    # And the other way: the shop's key, with the id of one of the state's.
    assert detail(http, issuers["shop"].token("old", "new", **claims)) == wrong
    for nobody in ("https://evil.example", "", "https://sso.example/"):
        said = detail(http, issuers["shop"].token(iss=nobody))
        assert said == "The token is of another issuer."


def test_an_audience_and_a_lifetime_are_each_issuers_own(
    http: TestClient[Any], minted: Minted
) -> None:
    said = detail(http, minted.state(aud="redress"))
    assert said == "The token is for another audience."
    now = int(time.time())
    long = {"iat": now, "exp": now + 7_200}
    said = detail(http, minted.shop(**long))
    assert said == "The token is valid for more than 3600 seconds."
    assert asked(http, minted.state(**long)).status_code == 200


def test_an_outage_of_one_issuer_does_not_touch_the_others(
    http: TestClient[Any],
    minted: Minted,
    issuers: dict[str, Issuer],
    system: System,
) -> None:
    issuers["shop"].status = 503
    assert asked(http, minted.shop()).status_code == 503
    assert asked(http, minted.staff("cs-agent")).status_code == 200
    found = health(system)
    (said,) = [one for one in found.warnings if "keys" in one]
    assert said == "REDRESS_ISSUERS: shop: the keys cannot be read; none hold"
    # The metrics say it too, and an alert can be set to it.
    metrics = http.get("/metrics").text
    wanted = 'redress_finding{kind="problem",part="issuer shop",severity="warning"} 1.0'
    assert wanted in metrics
    assert not [one for one in found.wrong if "issuer" in one.lower()]


def test_a_slow_issuer_holds_up_nobody_else(
    http: TestClient[Any], minted: Minted, issuers: dict[str, Issuer]
) -> None:
    issuers["shop"].delay = 2.0
    waiting = threading.Thread(target=asked, args=(http, minted.shop()))
    waiting.start()
    begun = time.monotonic()
    assert asked(http, minted.staff("cs-agent")).status_code == 200
    assert time.monotonic() - begun < 1.5
    waiting.join()


def test_health_reads_keys_before_anybody_calls(
    system: System, issuers: dict[str, Issuer]
) -> None:
    issuers["state"].status = 500
    until = time.monotonic() + PATIENCE
    while not health(system).warnings and time.monotonic() < until:
        time.sleep(0.05)
    assert health(system).warnings == (
        "REDRESS_ISSUERS: state: the keys cannot be read; none hold",
    )


GOOD = FILE.format(staff="staff.json", shop="shop.json", state="state.json")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "shop"', 'name = "staff"', "issuer[1].name: is that of issuer[0] too"),
        ("shop.json", "staff.json", "issuer[1].jwks: is that of issuer[0] too"),
        (
            'issuer = "https://gov.example"',
            'issuer = "https://sso.example"',
            "issuer[2].issuer: is that of issuer[0] too",
        ),
        ('role = "buyer"', "", "issuer[1].roles: name the roles"),
        ('role = "buyer"', 'role = "clock"', "issuer[1].role: clock is no caller"),
        ('role = "buyer"', 'role = "boss"', "issuer[1].role: Invalid enum value"),
        ('cs-lead = "supervisor"', 'cs-lead = "regulator"', "issuer[0].values.cs-lead"),
        ("every_platform = true", "", "issuer[2].platform: give one of platform"),
        (
            "every_platform = true",
            'every_platform = true\nplatform = "a"',
            "issuer[2].platform: give one of platform",
        ),
        (
            'platforms = ["shop-cn", "shop-eu"]',
            'platform = "shop-cn"',
            "issuer[0].platform: is that of every token",
        ),
        ('"shop-eu"]', '"sh\\u200bop"]', "issuer[0].platforms: "),
        ("platforms = [", "platfroms = [", "issuer[0].platfroms: unknown"),
        ('audience = "redress-audit"', "", "issuer[2].audience: missing"),
        ('audience = "redress-audit"', 'audience = ""', "issuer[2].audience: "),
        ("3600", "36000000", "issuer[1].token_lifetime: REDRESS_TOKEN_LIFETIME is"),
        ("state.json", "ftp://a/b", "issuer[2].jwks: is neither"),
        ("[[issuer]]\nname", "[[issuer]\nname", "not TOML: "),
    ],
)
def test_every_mistake_in_the_file_is_named_with_its_place(
    tmp_path: Path, url: str, old: str, new: str, said: str
) -> None:
    assert old in GOOD
    file = tmp_path / "issuers.toml"
    # The last one: names of the first ones are compared with it.
    head, _, tail = GOOD.rpartition(old)
    file.write_text(head + new + tail)
    environ = {
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_ISSUERS": str(file),
        "DATABASE_URL": url,
    }
    with pytest.raises(SettingError) as error:
        wire(settings.read(environ), url, url)
    assert str(error.value).startswith(f"REDRESS_ISSUERS: {file}: ")
    assert said in str(error.value)


def test_a_file_of_keys_that_is_missing_stops_the_start(
    tmp_path: Path, url: str
) -> None:
    file = tmp_path / "issuers.toml"
    file.write_text(GOOD)
    environ = {"REDRESS_HOME": str(tmp_path), "REDRESS_ISSUERS": str(file)}
    with pytest.raises(SettingError, match=r"REDRESS_ISSUERS: staff: .*staff\.json"):
        wire(settings.read(environ), url, url)
    with pytest.raises(SettingError, match=r"no-file\.toml: No such file"):
        wire(settings.read(environ | {"REDRESS_ISSUERS": "no-file.toml"}), url, url)


def test_the_file_takes_the_place_of_the_one_issuer() -> None:
    several = {"REDRESS_ISSUERS": "issuers.toml"}
    for name in ("REDRESS_JWKS", "REDRESS_ISSUER", "REDRESS_AUDIENCE"):
        with pytest.raises(SettingError, match=f"{name}: REDRESS_ISSUERS names all"):
            settings.read(several | {name: "x"})
    production = {
        "REDRESS_MODE": "production",
        "DATABASE_URL": "postgresql:///redress",
        "REDRESS_MASTER_KEY": "master.json",
        "REDRESS_STATEMENT_KEY": "statements.json",
    }
    assert settings.read(production | several).callers.issuers == Path("issuers.toml")
    with pytest.raises(SettingError, match="REDRESS_AUDIENCE: has to be set"):
        settings.read(production)


def test_keys_are_not_fetched_in_clear_in_production(tmp_path: Path, url: str) -> None:
    file = tmp_path / "issuers.toml"
    file.write_text(FILE.format(staff="http://a.example/", shop="b", state="c"))
    environ = {
        "REDRESS_MODE": "production",
        "DATABASE_URL": url,
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_ISSUERS": str(file),
        "REDRESS_MASTER_KEY": "master.json",
        "REDRESS_STATEMENT_KEY": "statements.json",
    }
    with pytest.raises(SettingError, match=r"issuer\[0\]\.jwks: a.example is across"):
        issuers_in(file, settings.read(environ))
