"""Sends calls: with the token, and again where that is safe and may help."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count

import httpx
import msgspec
from msgspec import Struct

from .api_call import ApiCall
from .file_source import is_repeatable, opened
from .problem_raised import Unreachable, problem_of
from .retry_rules import AGAIN, RetryRules, asked_pause

FIRST_NO_SUCCESS = 300
HOPELESS = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.DecodingError)
"""Errors that the next attempt would meet as well."""
NAME = "redress-client/0.1.0"

Token = str | Callable[[], str] | None
"""A token or API key, or what returns one whenever a request is sent."""


class Sender(Struct, frozen=True):
    """A server, how to reach it, who asks, and what holds for all requests.

    `timeout` is in seconds, for each attempt. `headers`: language, purpose, party.
    """

    address: str
    http: httpx.Client
    token: Token
    timeout: float
    rules: RetryRules
    headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        # What is logged of it holds no token.
        return f"<sender to {self.address}>"

    def send(self, call: ApiCall, *, waits: float = 0.0) -> httpx.Response:
        """Return the answer, whole. Raises ProblemRaised or Unreachable.

        `waits`: seconds that the server may take longer, because it was asked to wait.
        """
        return self._answered(call, waits=waits, is_streamed=False)

    @contextmanager
    def stream(self, call: ApiCall) -> Iterator[httpx.Response]:
        """Yield the answer, of which the body is still to be read."""
        response = self._answered(call, waits=0.0, is_streamed=True)
        try:
            yield response
        finally:
            response.close()

    def _answered(
        self, call: ApiCall, *, waits: float, is_streamed: bool
    ) -> httpx.Response:
        # Made once: all attempts are one request of the caller's, under one key.
        headers = {
            "User-Agent": NAME,
            "X-Request-Id": str(uuid.uuid4()),
            **self.headers,
            **call.headers(),
        }
        until = time.monotonic() + self.rules.total
        may_repeat = call.is_safe and is_repeatable(call.file)
        for attempt in count(1):
            try:
                response = self._attempt(call, headers, waits)
                if not is_streamed or response.status_code >= FIRST_NO_SUCCESS:
                    response.read()
            except httpx.RequestError as error:
                asked, answers = None, isinstance(error, HOPELESS)
                cause: Exception = Unreachable(error, headers.get("Idempotency-Key"))
            else:
                if response.status_code < FIRST_NO_SUCCESS:
                    return response
                asked = asked_pause(response)
                answers = response.status_code not in AGAIN
                cause = problem_of(response, asked)
            pause = self.rules.pause_before(attempt + 1, asked)
            is_late = time.monotonic() + pause > until
            if answers or not may_repeat or attempt >= self.rules.attempts or is_late:
                raise cause
            time.sleep(pause)
        raise AssertionError

    def _attempt(
        self, call: ApiCall, shared: Mapping[str, str], waits: float
    ) -> httpx.Response:
        headers = {name.encode(): one.encode() for name, one in shared.items()}
        if (token := self.token() if callable(self.token) else self.token) is not None:
            headers[b"Authorization"] = b"Bearer " + _checked(token)
        with ExitStack() as stack:
            content, files = None, None
            if call.file is not None:
                files = {"file": stack.enter_context(opened(call.file))}
            elif call.body is not None:
                content = msgspec.json.encode(call.body)
                headers[b"Content-Type"] = b"application/json"
            request = self.http.build_request(
                call.method,
                f"{self.address}{call.path}",
                params=dict(call.parameters()) if call.query else None,
                content=content,
                data={
                    name: one for name, one in call.fields.items() if one is not None
                },
                files=files,
                headers=headers,
                timeout=httpx.Timeout(self.timeout, read=self.timeout + waits),
            )
            # No redirects: the token belongs to this server alone.
            return self.http.send(request, stream=True, follow_redirects=False)


def _checked(token: str) -> bytes:
    """Return a token as bytes. Raises ValueError, which does not show it."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("the token is empty, or has letters that no token has")
    return token.encode("ascii")
