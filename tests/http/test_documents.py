"""What the API says of itself: codes, words, OpenAPI and its examples."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar.testing import TestClient

from interface.api.api_key_terms import ApiKeyBody
from interface.api.commands.command_table import ROUTES
from interface.api.commands.fields import Body
from interface.api.commands.filing import FilingBody
from interface.api.commands.privacy import ErasureBody
from interface.api.routes.api_keys import RevocationBody
from interface.api.routes.grants import GrantBody
from interface.api.routes.operation import ClockBody
from interface.api.routes.published_reports import PublicationBody
from interface.api.routes.webhook_changes import RotationBody, WebhookChangeBody
from interface.api.routes.webhooks import WebhookBody


def test_codes_have_words_in_both_languages(http: TestClient[Any]) -> None:
    codes = http.get("/v1/codes").json()
    assert codes["categories"]["quality"]["reasons"]["defect"]["zh"] == "质量瑕疵"
    assert codes["remedies"]["refund"]["obligations"][0]["debtor"] == "seller"


def test_the_documents_load_nothing_from_elsewhere(http: TestClient[Any]) -> None:
    page = http.get("/schema")
    assert page.status_code == 200
    assert "https:" not in page.text
    assert "http:" not in page.text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    paths = [path for path in loaded if not path.startswith("data:")]
    assert len(paths) >= 3
    for path in paths:
        assert http.get(path).status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_token_that_is_typed_in_goes_with_the_page(http: TestClient[Any]) -> None:
    script = http.get("/static/docs.js").text
    assert "persistAuthorization: false" in script
    assert "Storage" not in script


def test_openapi_tells_the_truth_about_requests(http: TestClient[Any]) -> None:
    document = http.get("/schema/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    posts = {
        path: item["post"] for path, item in document["paths"].items() if "post" in item
    }
    assert len(posts) > 15
    for path, operation in posts.items():
        names = {one["name"] for one in operation.get("parameters", ())}
        if "sandbox" not in path and "eligibility" not in path:
            assert "Idempotency-Key" in names, path
        # A delivery is no part of the case: its version says nothing of it.
        if "{dispute_id}" in path and "{delivery_id}" not in path:
            assert "If-Match" in names, path
        assert operation["summary"]


OTHERS = (
    *(FilingBody, ClockBody, GrantBody, ErasureBody, PublicationBody),
    *(ApiKeyBody, RevocationBody),
    *(WebhookBody, WebhookChangeBody, RotationBody),
)


def test_the_examples_are_good_requests(http: TestClient[Any]) -> None:
    document = http.get("/schema/openapi.json").json()
    sent = (route.body for routes in ROUTES.values() for route in routes)
    bodies: dict[str, type[Body]] = {
        kind.__name__: kind for kind in (*sent, *OTHERS) if kind is not None
    }
    shown = 0
    for item in document["paths"].values():
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        for media in content.values():
            schema = media["schema"]
            for one in schema.get("allOf", ()):
                kind = bodies[one["$ref"].rpartition("/")[2]]
                for value in schema["examples"]:
                    msgspec.convert(value, kind)
                    shown += 1
    assert shown >= len(bodies)
