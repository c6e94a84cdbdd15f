"""The headers that requests take, as the OpenAPI document describes them."""

from __future__ import annotations

from litestar.openapi.spec import Example, OpenAPIType, Parameter, Schema

from interface.api.on_behalf_of import PATTERN

_TEXT = Schema(type=OpenAPIType.STRING)

IDEMPOTENCY_KEY = Parameter(
    name="Idempotency-Key",
    param_in="header",
    required=True,
    schema=Schema(type=OpenAPIType.STRING, pattern="^[!-~]{1,255}$"),
    description=(
        "1-255 visible characters of your choice. The same key with the same body "
        "gives the first answer again; with another body it is refused."
    ),
    examples={"key": Example(value="8c5f0a4e-5c0b-4f0c-9d52-0d6d0f7f6f11")},
)
IF_MATCH = Parameter(
    name="If-Match",
    param_in="header",
    required=True,
    schema=Schema(
        type=OpenAPIType.STRING,
        pattern=r'^(\*|"[0-9]{1,18}"( *, *"[0-9]{1,18}")*)$',
    ),
    description="The ETag of the case as you have read it, or several, or *.",
    examples={"version": Example(value='"3"'), "any": Example(value="*")},
)
ON_BEHALF_OF = Parameter(
    name="On-Behalf-Of",
    param_in="header",
    required=False,
    schema=Schema(type=OpenAPIType.STRING, pattern=PATTERN),
    description=(
        "For the role platform: the party for whom it acts, and the person if it says:"
        " then it may do and see what that person may."
    ),
    examples={
        "party": Example(value="buyer"),
        "person": Example(value='buyer; id="b-1"'),
    },
)
LANGUAGE = Parameter(
    name="Accept-Language",
    param_in="header",
    required=False,
    schema=_TEXT,
    description="zh-CN or en, for titles and words.",
)
REQUEST_ID = Parameter(
    name="X-Request-Id",
    param_in="header",
    required=False,
    schema=_TEXT,
    description=(
        "1-128 of A-Z a-z 0-9 . _ : -, else one is made. It comes back, stands in log "
        "lines and problems, and, if it is a UUID or 32 hexadecimal digits, in the "
        "events that the request leads to."
    ),
)
PREFER = Parameter(
    name="Prefer",
    param_in="header",
    required=False,
    schema=_TEXT,
    description=(
        "wait=N: how many seconds (0-30) to wait for what `after` or `min_version` asks"
        " for; `Preference-Applied` in the answer says so."
    ),
    examples={"wait": Example(value="wait=10")},
)

PURPOSE = Parameter(
    name="Purpose",
    param_in="header",
    required=False,
    schema=_TEXT,
    description=(
        "Why it is read: required of auditors and regulators, and recorded. "
        "1-200 characters of UTF-8, or percent-encoded."
    ),
    examples={"purpose": Example(value="Audit 2026-Q4")},
)
