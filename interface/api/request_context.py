"""The context of a request: caller, language, precondition, idempotency key."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from contextlib import nullcontext
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import msgspec
from litestar import Response
from msgspec import Struct

from application.bundle.imported_case import ImportedCase
from application.cases.case import Case, CommandRequest, Readiness
from application.cases.filing_quota import FilingQuota
from application.cases.line_money import LineReader
from application.log.receipts import of_actor
from application.record.envelope import Recorded
from application.texts import LANGUAGES
from domain.case.command import Command
from domain.conflicts_of_interest import bar_to_reading
from domain.filing.commands import FileDispute
from domain.identity import NAMESPACE
from domain.refusals import Conflicted, Invalid, NotFound, NotNow, Refusal, Stale
from domain.roles import Actor
from interface.api.actions.action_list import names
from interface.api.cursors import list_named
from interface.api.links import receipt_href
from interface.api.on_behalf_of import OnBehalfOf
from interface.api.preconditions import case_tag, expected_versions
from interface.api.presentation import Viewer, now, shown
from interface.api.problems import Failure, Refused
from interface.api.rate_limits import rate_limit_headers
from interface.api.recorded_reads import WATCHED, Read, View, is_shown
from interface.api.responses.case import CaseShown
from interface.api.sent_command import as_asked
from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.callers.caller_scope import meeting_any_case
from interface.request_id import REQUEST_ID, TRACE, recordable

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


class RequestContext(Struct, frozen=True):
    """A request whose caller is known.

    `client` has sent it. `caller` is as whom it is seen: the client itself, or the
    person for whom it acts. `actor` is recorded, and names both. `loaded` is the case
    that the guard has loaded to record that it is read. `lines` keeps what is read of
    the order line.
    """

    system: System
    client: Caller
    caller: Caller
    actor: Actor
    language: str
    headers: Mapping[str, str]
    lines: LineReader
    method: str = "GET"
    path: str = ""
    query: str = ""
    loaded: Case | None = None
    on_behalf_of: OnBehalfOf | None = None

    @property
    def viewer(self) -> Viewer:
        """Return the reader of what is answered, and their language."""
        # What a command answers is what the person would read, too.
        named = self.actor.for_id is not None
        return Viewer(self.caller.actor() if named else self.actor, self.language)

    @property
    def list_name(self) -> str:
        """Return the list that is asked for: cursors of others are none of its own."""
        whose = f"{self.caller.platform or ''} {self.caller.role} {self.caller.subject}"
        return list_named(self.path, self.query, whose)

    def read(self, case: UUID) -> Case:
        """Return a case of this log that the caller may see. Raises NotFound."""
        found = self._loaded(case) or self._found(case)
        if isinstance(found, ImportedCase):
            raise NotFound
        return self._seen(found)

    def read_any(self, case: UUID) -> Case:
        """Return a case that the caller may see, also an imported one, or NotFound."""
        found = self._loaded(case) or self._found(case)
        return self._seen(found if found.events else self.system.find_case(case))

    def _found(self, case: UUID) -> Case:
        """Load a case of this log, also one that staff is told to keep out of."""
        with meeting_any_case(self.caller):
            return self.system.disputes.find(case)

    def _loaded(self, case: UUID) -> Case | None:
        return self.loaded if self.loaded and self.loaded.case == case else None

    def _seen(self, case: Case) -> Case:
        """Return a case if the caller may see it. Raises NotFound or Conflicted."""
        # One answer for both: a stranger must not learn that the case exists.
        if not case.events or not self.caller.may_see(case.dispute):
            raise NotFound
        # A person who is a party, or was recused, knows that it does.
        if relation := bar_to_reading(self.actor, case.dispute):
            raise Conflicted(relation=relation)
        return case

    def view(self, case: Case | None = None, read: Read = Read.OTHER) -> View:
        """Return what is read: one case, or all cases that the caller may see."""
        return View(
            method=self.method,
            path=self.path,
            query=self.query,
            platform=case.dispute.platform if case else self.caller.platform,
            case=case.case if case else None,
            read=read,
        )

    def act(self, case: UUID, command: Command) -> Response[Any]:
        """Send a command on a case, under If-Match and Idempotency-Key."""
        after = self.done(case, command)
        # A regulator may act without a grant, but not read without one by acting; and
        # who has just recused themselves reads the case no more.
        barred = bar_to_reading(self.actor, after.dispute)
        if barred is None and is_shown(self.system, self.caller, self.view(after)):
            return self.answer(after)
        return Response(None, status_code=204, headers={"ETag": f'"{after.version}"'})

    def done(
        self,
        case: UUID,
        command: Command,
        ready: Readiness = nullcontext,
    ) -> Case:
        """Send a command on a case; return the case as it left it.

        `ready` is entered before events are appended, never for a refused command.
        """
        # The guard records nothing about a case that these callers may not see, so
        # nothing may be done to it either.
        if self.caller.role in WATCHED:
            self.read(case)
        asked = self.request(case, command, self._expected(case))
        try:
            with meeting_any_case(self.caller):
                return self.system.disputes.handle(asked, command, ready, self.lines)
        except (NotNow, Invalid, Stale) as refusal:
            raise self.refused(case, refusal) from refusal

    def _expected(self, case: UUID) -> int | None:
        """Return the version that the caller expects: of several, the current one.

        If none of them is current, any does: the command is refused as stale.
        """
        versions = expected_versions(self.headers)
        if versions is None or len(versions) == 1:
            return versions[0] if versions else None
        present = self._found(case).version
        return present if present in versions else versions[0]

    def file(self, case: UUID, command: FileDispute) -> Response[CaseShown]:
        """Send the command that begins a case. Raises QuotaUsed."""
        limit = self.system.settings.limits.cases_a_day
        filings = FilingQuota(self.system.database, limit)
        whose, now = (command.platform, command.buyer), self.system.clock()
        request = self.request(case, command, None)
        after = self.system.disputes.handle(
            request,
            command,
            lambda: filings.counted(*whose, now),
            self.lines,
        )
        answer = self.answer(after, f"/v1/disputes/{after.case}")
        answer.headers.update(rate_limit_headers(filings.taken))
        return answer

    def answer(self, case: Case, made: str | None = None) -> Response[CaseShown]:
        """Present a case, with its version as ETag; `made`: what is new, and where."""
        read = self.method == "GET"
        headers = {
            "ETag": case_tag(case, self.system.clock() if read else None),
            "Content-Language": LANGUAGES[self.language],
        }
        if made is not None:
            headers["Location"] = made
        if not read and (done := self._done_in(case)):
            receipt = receipt_href(case.case, done[0].version)
            headers["Link"] = f'<{receipt}>; rel="receipt"'
        body = shown(self.system, case, self.viewer, self.lines)
        return Response(body, status_code=201 if made else 200, headers=headers)

    def _done_in(self, case: Case) -> tuple[Recorded, ...]:
        """Return the caller's events of this very command: what follows comes after."""
        asked = self.command_id()
        own = of_actor(case, self.actor)
        return tuple(one for one in own if one.command_id == asked)

    def request(
        self, case: UUID, command: Command, expected: int | None
    ) -> CommandRequest:
        """Return what goes with the command. Raises Failure without a key."""
        return CommandRequest(
            case=case,
            actor=self.actor,
            platform=self.caller.platform,
            command_id=self.command_id(),
            digest=self.digest(case, self.actor, *as_asked(command)),
            expected=expected,
            request_id=recordable(REQUEST_ID.get()),
            trace=TRACE.get(),
        )

    def command_id(self) -> UUID:
        """Return the command id that the caller's key stands for. Raises Failure."""
        key = self.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(key):
            raise Failure("missing-key")
        # With the caller, because two clients may choose the same key.
        client = self.client
        who = [client.platform, client.role, client.subject, key]
        return uuid5(NAMESPACE, msgspec.json.encode(who).decode())

    def digest(self, *asked: Any) -> bytes:
        """Hash the request, so that its key can be told from a reused one.

        Keyed: short personal texts could be guessed from a plain hash, which an erasure
        does not reach.
        """
        text = msgspec.json.encode(asked)
        return hmac.digest(self.system.keys.master.digest, text, sha256)

    def refused(self, case_id: UUID, refusal: Refusal) -> Refused:
        """Return a refusal with where the case stands and what is possible instead."""
        # What refused the command may be younger than what the guard has loaded.
        case = self._seen(self._found(case_id))
        context = self.system.disputes.context(case, self.actor)
        dispute = now(case, context)
        return Refused(refusal, dispute.phase, names(dispute, context), case.version)
