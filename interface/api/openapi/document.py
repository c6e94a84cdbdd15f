"""The OpenAPI document, and a page to browse it without any outside host."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import (
    Components,
    License,
    SecurityScheme,
    Tag,
)

from interface.api.recorded_reads import public

API_VERSION = "0.2.0"
"""The version of the API: it changes when clients have to be generated anew."""

# Nothing from elsewhere. Swagger UI sets styles on its elements, so these alone may be
# inline.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; font-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Redress API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/swagger-ui/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/static/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/static/docs.js"></script>
</body>
</html>
"""

_TAGS = {
    "disputes": "File, read and list cases.",
    "parties": "What buyer and seller ask for.",
    "staff": "What mediators and supervisors do.",
    "sellers": "Standing and sanctions.",
    "audit": "The whole history of cases, a search over it, and who read what.",
    "privacy": "Legal holds, restricted data, and erasure.",
    "log": "The log that makes changes of the record visible.",
    "transparency": "Figures with their definitions.",
    "feed": "What happened, in the order of all events.",
    "webhooks": "What a platform's systems are told, and what they have not taken.",
    "api-keys": "Keys by which programs call.",
    "operation": "Health and readiness.",
    "public": "For everyone.",
    "sandbox": "In development mode only.",
}

_ABOUT = """\
Redress is a backend for e-commerce disputes: a buyer files, the seller answers, they
negotiate, the platform steps in, gathers evidence, rules, and sees to it that the
ruling is performed. Every step is an immutable event.

Every POST (but that of the sandbox's clock) takes an `Idempotency-Key`; commands on a
case take `If-Match` with the ETag of the case as it was read.
Errors are RFC 9457 problem details. A case says in `actions` what the caller can do
now, and in `waiting_on` whom it waits for.
"""


class DocsPage(OpenAPIRenderPlugin):
    """Swagger UI from our own files."""

    def __init__(self) -> None:
        super().__init__(path=["/", "/docs"])

    def render(self, request: Request[Any, Any, Any], _: dict[str, Any]) -> bytes:
        """Return the page; the browser reads the document itself."""
        del request
        return _PAGE


def openapi() -> OpenAPIConfig:
    """Return the configuration of the OpenAPI document."""
    bearer = SecurityScheme(
        type="http",
        scheme="bearer",
        bearer_format="JWT",
        description="A token of the platform; in a sandbox, of `redress token`.",
    )
    api_key = SecurityScheme(
        type="http",
        scheme="bearer",
        bearer_format="rk_…",
        description=(
            "A key of `POST /v1/api-keys` or `redress api-key create`, sent like a"
            " token; its scopes say which operations it is for."
        ),
    )
    return OpenAPIConfig(
        title="Redress",
        version=API_VERSION,
        description=_ABOUT,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        openapi_router=Router(
            "/schema",
            route_handlers=[],
            after_request=_with_policy,
            include_in_schema=False,
            opt=public("the API's own description tells nothing of its cases"),
        ),
        render_plugins=[DocsPage()],
        components=Components(security_schemes={"bearer": bearer, "apiKey": api_key}),
        tags=[Tag(name=name, description=words) for name, words in _TAGS.items()],
        use_handler_docstrings=True,
    )


async def _with_policy(response: Response[Any]) -> Response[Any]:
    """Forbid the page to load anything from elsewhere."""
    response.headers["Content-Security-Policy"] = _POLICY
    return response
