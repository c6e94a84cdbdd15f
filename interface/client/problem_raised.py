"""What is raised: problems that the server tells (RFC 9457), and failures here."""

from __future__ import annotations

from collections.abc import Iterable

import httpx
import msgspec

from .generated.models import Fault, ProblemDetails


class RedressError(Exception):
    """Anything that this client raises."""


class Unreachable(RedressError):
    """No attempt was answered.

    `idempotency_key`: the call may have taken effect. Sent again under this key, it is
    answered as the first time.
    """

    def __init__(self, cause: Exception, idempotency_key: str | None) -> None:
        super().__init__(f"no answer: {cause!r}")
        self.idempotency_key = idempotency_key


class UnreadableAnswer(RedressError):
    """An answer that is not what the document promises."""


class DigestMismatch(RedressError):
    """The bytes that came are not those that the server or the case tells of."""


class NotOffered(RedressError, AttributeError):
    """An action that the case does not offer now; `possible` are those that it does."""

    def __init__(self, name: str, possible: Iterable[str]) -> None:
        self.possible = tuple(dict.fromkeys(possible))
        offered = ", ".join(self.possible) or "nothing"
        super().__init__(f"{name!r} is not possible now; possible: {offered}")


class ProblemRaised(RedressError):
    """The server refused, and says why.

    `type` is stable, `title` and `detail` are in the language asked for, `errors` name
    fields by JSON pointers, `possible` what the case offers instead, `request_id` the
    request in the server's log. `retry_after`: seconds, if the server said.
    """

    def __init__(self, problem: ProblemDetails, retry_after: float | None) -> None:
        words = f"{problem.status} {problem.title}"
        told = [f"{one.pointer} {one.detail}" for one in problem.errors]
        super().__init__(": ".join([words, *filter(None, [problem.detail]), *told]))
        self.problem, self.retry_after = problem, retry_after

    @property
    def type(self) -> str:
        """Return the stable name of the problem, such as urn:redress:problem:stale."""
        return self.problem.type

    @property
    def status(self) -> int:
        """Return the status of the answer."""
        return self.problem.status

    @property
    def title(self) -> str:
        """Return the problem in a few words."""
        return self.problem.title

    @property
    def detail(self) -> str:
        """Return what is wrong here, or nothing."""
        return self.problem.detail or ""

    @property
    def errors(self) -> tuple[Fault, ...]:
        """Return the fields that are wrong."""
        return self.problem.errors

    @property
    def possible(self) -> tuple[str, ...]:
        """Return the actions that the case offers instead."""
        return self.problem.possible or ()

    @property
    def request_id(self) -> str | None:
        """Return the id by which the server's log knows the request."""
        return self.problem.request_id


class NotAuthenticated(ProblemRaised):
    """401: no token, or one that does not count."""


class NotAllowed(ProblemRaised):
    """403: not with this role."""


class NotThere(ProblemRaised):
    """404: nothing is there, or nothing that you may see."""


class NotPossible(ProblemRaised):
    """409: the case is in another phase, or it was done already."""


class StaleCase(ProblemRaised):
    """412: the case has changed since it was read. `CaseHandle.refresh` reads it."""


class RuleBroken(ProblemRaised):
    """422: well-formed, but against the rules."""


class TooMany(ProblemRaised):
    """429: too many requests."""


class Unavailable(ProblemRaised):
    """5xx: the server cannot answer now."""


KINDS: dict[int, type[ProblemRaised]] = {
    401: NotAuthenticated,
    403: NotAllowed,
    404: NotThere,
    409: NotPossible,
    412: StaleCase,
    422: RuleBroken,
    429: TooMany,
}
FIRST_OF_SERVER = 500


def problem_of(response: httpx.Response, retry_after: float | None) -> ProblemRaised:
    """Return what a response that is no success is raised as."""
    status = response.status_code
    kind = KINDS.get(status, ProblemRaised)
    if status >= FIRST_OF_SERVER:
        kind = Unavailable
    return kind(_told(response), retry_after)


def _told(response: httpx.Response) -> ProblemDetails:
    try:
        return msgspec.json.decode(response.content, type=ProblemDetails)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # A proxy's own page.
        return ProblemDetails(
            type="about:blank",
            title=response.reason_phrase or "no problem details",
            status=response.status_code,
            request_id=response.headers.get("x-request-id"),
        )
