"""What the OpenAPI document says beyond the signatures: headers, problems, examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Example,
    OpenAPIFormat,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)
from msgspec import Raw, Struct, json

from interface.api.openapi.answer_links import answer_links
from interface.api.openapi.case_examples import CASE
from interface.api.openapi.header_parameters import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    LANGUAGE,
    ON_BEHALF_OF,
    PREFER,
    PURPOSE,
    REQUEST_ID,
)
from interface.api.problems import ProblemDetails

_TEXT = Schema(type=OpenAPIType.STRING)
_HEADERS = {
    "ETag": OpenAPIHeader(schema=_TEXT, description='The version, such as "3".'),
    "Location": OpenAPIHeader(schema=_TEXT, description="Where it is."),
    "Link": OpenAPIHeader(
        schema=_TEXT, description='The receipt of what was done (`rel="receipt"`).'
    ),
}


class Answer(Struct, frozen=True):
    """A route's answer: an example, and whether it has an ETag and a Location.

    `tables`: as which it is also answered to those who accept it. `is_case`: it is a
    case, which leads to all that can be asked of one.
    """

    example: Any
    etag: bool = False
    location: bool = False
    tables: tuple[str, ...] = ()
    is_case: bool = False


CASE_ANSWER = Answer(CASE, etag=True, is_case=True)
NEW_CASE_ANSWER = Answer(CASE, etag=True, location=True, is_case=True)


@dataclass
class Answered(Operation):
    """A request whose successful answer has an example, named by the route."""

    answer: ClassVar[Answer | None] = None
    is_public: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Add what is said of the answer, and whether a token is needed."""
        self.describe_answer()

    def describe_answer(self) -> None:
        """Add the example, the headers and the links to the successful answer."""
        if self.is_public:
            self.security = self.security or []
        if self.answer is None:
            return
        if self.answer.etag and isinstance(self, Reading):
            unchanged = OpenAPIResponse(
                description="What If-None-Match names is still as it was."
            )
            self.responses = {**(self.responses or {}), "304": unchanged}
        for status, response in (self.responses or {}).items():
            content = getattr(response, "content", None) or {}
            if status not in {"200", "201"}:
                continue
            if links := answer_links(self.operation_id, is_case=self.answer.is_case):
                response.links = {**links}  # type: ignore[union-attr]
            # Raw: Litestar would drop every null of the example, also a required one.
            value = Raw(json.encode(self.answer.example))
            for media in content.values():
                media.examples = {"answer": Example(value=value)}
            for table in self.answer.tables:
                content[table] = OpenAPIMediaType(schema=_TEXT)
            has = {
                "ETag": self.answer.etag,
                "Location": self.answer.location,
                "Link": self.answer.etag and not isinstance(self, Reading),
            }
            headers = {
                name: _HEADERS[name] for name, is_there in has.items() if is_there
            }
            if headers:
                response.headers = (response.headers or {}) | headers  # type: ignore[union-attr]


K = TypeVar("K", bound=Answered)


def answering(kind: type[K], answer: Any) -> type[K]:
    """Return a kind of request for a route that answers with this example."""
    if not isinstance(answer, Answer):
        answer = Answer(answer)
    # A class for each route: Litestar makes the operation itself and takes a class.
    return type(kind.__name__, (kind,), {"answer": answer})


def for_everyone(kind: type[Operation]) -> type[Answered]:
    """Return a kind of request for a route that needs no token."""
    answered = kind if issubclass(kind, Answered) else Answered
    return type(kind.__name__, (answered,), {"is_public": True})


WAITS_BY = frozenset({"after", "min_version"})
"""The parameters by which a request may have to wait."""


@dataclass
class Reading(Answered):
    """A request that changes nothing."""

    def __post_init__(self) -> None:
        """Add the headers that such a request takes."""
        taken = self.parameters or ()
        waits = any(getattr(one, "name", "") in WAITS_BY for one in taken)
        own = PURPOSE, LANGUAGE, REQUEST_ID, *((PREFER,) if waits else ())
        self.parameters = [*taken, *own]
        self.describe_answer()


@dataclass
class Writing(Answered):
    """A request that may record events."""

    def __post_init__(self) -> None:
        """Add the headers that such a request takes."""
        own = IDEMPOTENCY_KEY, ON_BEHALF_OF, LANGUAGE, REQUEST_ID
        self.parameters = [*(self.parameters or ()), *own]
        self.describe_answer()


@dataclass
class Acting(Answered):
    """A command on a case; it answers with the case."""

    answer = CASE_ANSWER

    def __post_init__(self) -> None:
        """Add the headers that such a request takes."""
        own = IDEMPOTENCY_KEY, IF_MATCH, ON_BEHALF_OF, LANGUAGE, REQUEST_ID
        self.parameters = [*(self.parameters or ()), *own]
        self.describe_answer()


@dataclass
class Uploading(Acting):
    """A command that brings a file as evidence."""

    answer = NEW_CASE_ANSWER

    def __post_init__(self) -> None:
        """Add the headers and the parts that such a request takes."""
        super().__post_init__()
        sent = {"kind": "photo", "note": "The crack.", "file": "(the bytes)"}
        parts = {"kind": _TEXT, "note": _TEXT, "draft": _TEXT}
        self.request_body = _form(parts, ["file", "kind"], sent)


@dataclass
class Attaching(Acting):
    """A message that brings a file."""

    answer = NEW_CASE_ANSWER

    def __post_init__(self) -> None:
        """Add the headers and the parts that such a request takes."""
        super().__post_init__()
        sent = {"text": "Here is the slip.", "file": "(the bytes)"}
        self.request_body = _form({"text": _TEXT}, ["file", "text"], sent)


def _form(
    parts: dict[str, Schema], required: list[str], sent: dict[str, str]
) -> RequestBody:
    file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
    form = Schema(
        type=OpenAPIType.OBJECT, required=required, properties={"file": file, **parts}
    )
    media = OpenAPIMediaType(schema=form, examples={"file": Example(value=sent)})
    content = {"multipart/form-data": media}
    return RequestBody(content=content, required=True)


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the problems with which a request may be answered, for the document."""
    words = {
        400: "Malformed",
        401: "No valid bearer token",
        403: "Not for this role",
        404: "No such case, or not yours to see",
        410: "Erased",
        409: "Not possible in this phase, or a duplicate",
        408: "The body arrived too slowly",
        412: "Stale If-Match",
        413: "Too large",
        414: "The query is too long",
        415: "Not a type that is taken",
        422: "Against the rules",
        428: "If-Match is missing",
        429: "Too many requests at once, or too many cases today",
        431: "The headers are too large",
        503: "Database out of reach or busy, or a view lags",
        507: "The storage is full",
    }
    return {
        status: ResponseSpec(
            data_container=ProblemDetails,
            description=words[status],
            media_type="application/problem+json",
            generate_examples=False,
        )
        for status in statuses
    }


READ_PROBLEMS = problems(400, 401, 403, 404, 503)
WRITE_PROBLEMS = problems(400, 401, 403, 404, 409, 422, 503)
UNSHOWN = ResponseSpec(
    None,
    description="Done; the caller may not read the case",
    generate_examples=False,
)
ACT_PROBLEMS = problems(400, 401, 403, 404, 409, 412, 422, 428, 503) | {204: UNSHOWN}


def example(summary: str, value: dict[str, Any]) -> Example:
    """Return an example of a body."""
    return Example(summary=summary, value=value)
