"""The client: a server, who asks it, and what can be asked."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
from msgspec.structs import replace

from .answer_shape import read_answer
from .api_call import ApiCall, path_part
from .case_handle import CaseHandle
from .event_follow import EventFollow
from .file_download import save
from .generated.models import CaseListed, FilingBody
from .generated.operations import Operations
from .page_walk import Page, walk
from .party_header import Side, party_header
from .retry_rules import RetryRules
from .sender import Sender, Token

T = TypeVar("T")


class Redress(Operations):
    """A client of one server, as one caller.

    `token`: a bearer token, or what returns one whenever a request is sent; `api_key`:
    an API key instead (`rk_…`). `language`: zh-CN or en, of titles and words.
    `purpose`: why an auditor or a regulator reads. `timeout`: seconds of each
    attempt. `http`: your own client of httpx, with its certificates; it stays open.

    Every operation of the API is a method; those below are dressed. The methods may be
    used by several threads. Leave it with `close`, or use it in a `with` statement.

    >>> with Redress("http://127.0.0.1:8000", token=os.environ["BUYER"]) as redress:
    ...     [listed.id == case.id for listed in redress.cases()]
    [True]
    """

    def __init__(
        self,
        address: str,
        *,
        token: Token = None,
        api_key: str | None = None,
        language: str | None = None,
        purpose: str | None = None,
        timeout: float = 30.0,
        retries: RetryRules | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        if token is not None and api_key is not None:
            raise TypeError("token and api_key: say one of them")
        self._owns_http = http is None
        self.sender = Sender(
            address=address.rstrip("/").removesuffix("/v1"),
            http=http or httpx.Client(),
            token=api_key if token is None else token,
            timeout=timeout,
            rules=retries or RetryRules(),
            headers=_headers(language, purpose),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless `http` was handed in."""
        if self._owns_http:
            self.sender.http.close()

    def on_behalf_of(self, side: Side, person: str | None = None) -> Redress:
        """Return this client acting for a party, or for a person of it.

        For the platform's service client. Both are recorded with what it does.
        """
        return self._with({"On-Behalf-Of": party_header(side, person)})

    def speaking(
        self, language: str | None = None, *, purpose: str | None = None
    ) -> Redress:
        """Return this client with another language, or another purpose of reading."""
        return self._with(_headers(language, purpose))

    def answer(self, call: ApiCall, shape: Any) -> Any:
        """Send a call; return its answer in a shape, None for an empty one."""
        return read_answer(self.sender.send(call), shape, call.answer)

    def file(self, filing: FilingBody, *, key: str | None = None) -> CaseHandle:
        """File a dispute; return its case."""
        return CaseHandle(self, self.file_dispute(filing, idempotency_key=key))

    def case(self, dispute_id: UUID | str) -> CaseHandle:
        """Read a case."""
        return CaseHandle(self, self.read_dispute(UUID(str(dispute_id))))

    def cases(self, **filters: Any) -> Iterator[CaseListed]:
        """Yield the cases of `list_disputes`, over all pages."""
        return self.every(self.list_disputes, **filters)

    def every(self, listing: Callable[..., Page[T]], **query: Any) -> Iterator[T]:
        """Yield the items of a listing over all its pages.

        `limit` is how many a page holds: `redress.every(redress.read_queue, limit=50)`.
        """
        return walk(listing, query)

    def save_bundle(self, dispute_id: UUID, path: Path) -> Path:
        """Save a case with its proofs (auditors, regulators, supervisors)."""
        href = f"/v1/audit/disputes/{path_part(dispute_id)}/bundle"
        return save(self.sender, href, path, None)

    def follow(
        self,
        after: int = 0,
        *,
        wait: int = 20,
        is_endless: bool = True,
        type: str | None = None,  # noqa: A002 - the API's name
        dispute: UUID | None = None,
        platform: str | None = None,
        limit: int | None = None,
    ) -> EventFollow:
        """Return the feed of events behind a position, to be iterated.

        It waits for what comes, `wait` seconds with each request (30 at most). Without
        `is_endless` it ends where the feed ends now.
        """
        query = {
            "type": type,
            "dispute": dispute,
            "platform": platform,
            "limit": limit,
        }
        return EventFollow(
            self.sender, query, after=after, wait=wait, is_endless=is_endless
        )

    def _with(self, headers: dict[str, str]) -> Redress:
        other = copy.copy(self)
        # The connections are the first one's to close.
        other._owns_http = False  # noqa: SLF001 - its own copy
        other.sender = replace(self.sender, headers={**self.sender.headers, **headers})
        return other


def _headers(language: str | None, purpose: str | None) -> dict[str, str]:
    said = {}
    if language is not None:
        said["Accept-Language"] = language
    if purpose is not None:
        # The server reads it percent-encoded: a % would otherwise begin a letter.
        said["Purpose"] = quote(purpose, safe=" !'()*,-./:;<=>?@_")
    return said
