"""A filing that is being written: what was typed, what is wrong, what it leads to.

The same body, rules and eligibility as the API's. A step that is not reached yet is
filled in with what raises no objection, so that the steps before can be judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from application.cases.eligibility import Foreseen, foresee
from domain.case.context import Rulebook
from domain.filing.commands import FileDispute
from domain.refusals import Invalid, Problem
from interface.api.actions.body_fields import fields_of
from interface.api.body_faults import body_faults
from interface.api.commands.filing import FilingBody
from interface.api.commands.id_fields import in_one_form
from interface.api.problems import Failure, fault
from interface.api.request_context import RequestContext
from interface.api.routes.filing import buyer_of
from interface.pages.forms.action_form import field_name
from interface.pages.forms.form_body import body_of
from interface.pages.forms.sent_form import SentForm
from interface.pages.forms.told_problem import in_words
from interface.pages.forms.typed_amount import plain_amount
from interface.pages.page_texts import page_words
from interface.pages.party.filing_gaps import (
    amount_problems,
    broken_rules,
    merged,
    name_problems,
)

STEPS: Mapping[int, tuple[str, ...]] = {
    1: (
        "order.id",
        "order.line",
        "seller",
        "order.paid.amount",
        "order.paid.currency",
        "arrived",
        "day",
        "moment",
        "order.snapshot.title",
        "order.snapshot.shop",
    ),
    2: ("category", "reason", "facts"),
    3: ("claim.kind", "claim.amount.amount", "claim.freight", "contact"),
    4: ("evidence_note",),
}
"""The fields of each step; those of the other steps go along, unseen."""

LAST = 4
CHANNEL = "order-page"

_PLACES = {
    "order.received_at": "day",
    "order.promised_at": "day",
    "order.paid": "order.paid.amount",
    "order.paid.currency": "order.paid.amount",
    "claim": "claim.kind",
    "claim.amount": "claim.amount.amount",
    "claim.amount.currency": "claim.amount.amount",
}
"""Where a fault is shown that is about no field of the form."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Judged(Struct, frozen=True):
    """What is wrong by the names of fields, and what filing would lead to if nothing.

    `found` is None while what was typed cannot be judged.
    """

    faults: dict[str, str]
    found: Foreseen | None

    @property
    def first_step(self) -> int | None:
        """Return the first step that has to be mended."""
        wrong = (n for n, names in STEPS.items() if self.faults.keys() & set(names))
        return next(wrong, LAST if self.faults else None)


class FilingDraft(Struct, frozen=True):
    """A filing as far as it is written; `form` is what all its steps have said."""

    context: RequestContext
    form: SentForm

    @property
    def rules(self) -> Rulebook:
        """Return the rules that a case filed now would have."""
        disputes = self.context.system.disputes
        return disputes.books.for_new(disputes.policy, disputes.clock())

    def timed(self) -> FilingDraft:
        """Return the draft with the moment that its day stands for.

        It is found out once: sent again tomorrow, the form says the same.
        """
        values = dict(self.form.values)
        values["moment"] = (self._moment(),)
        return FilingDraft(self.context, SentForm(values))

    def judge(self, upto: int) -> Judged:
        """Judge the first steps. Raises NotAllowed for whoever may not file."""
        places = {name for n in range(1, upto + 1) for name in STEPS[n]}
        sent = self._sent()
        whole = merged(self._unobjectionable(), sent, self._paths(places))
        problems: tuple[Problem, ...] = (
            *body_faults(sent, FilingBody),
            *amount_problems(sent),
            *name_problems(whole),
        )
        found = None
        if self._faults(problems, places):
            problems += broken_rules(whole, lambda body: self._foreseen(body)[1])
        else:
            found, problems = self._foreseen(whole)
        faults = self._faults(problems, places)
        if self.form.was_cut and not faults:
            raise Failure("malformed", faults=[Problem("", "truncated")])
        return Judged(faults, found)

    def _foreseen(
        self, body: dict[str, Any]
    ) -> tuple[Foreseen | None, tuple[Problem, ...]]:
        """Return what a body would lead to, and the rules that it breaks."""
        disputes, actor = self.context.system.disputes, self.context.actor
        try:
            found = foresee(disputes, actor, self.command(body))
        except Invalid as refusal:
            return None, tuple(refusal.problems)
        return found, found.problems

    def command(self, body: dict[str, Any] | None = None) -> FileDispute:
        """Return the command that files. Raises Invalid or msgspec.ValidationError."""
        sent = self._sent() if body is None else body
        made = in_one_form(msgspec.convert(sent, FilingBody))
        platform = self.context.caller.platform or ""
        return made.filing(platform, buyer_of(self.context, made))

    def _faults(
        self, problems: tuple[Problem, ...], places: set[str]
    ) -> dict[str, str]:
        language = self.context.language
        faults: dict[str, str] = {}
        if "day" in places and not self.form.get("moment"):
            faults["day"] = page_words("filing.no-day", language)
        for problem in problems:
            told = in_words(fault(problem, language), language)
            name = field_name(told.pointer)
            name = _PLACES.get(name, name)
            if name in places or not name:
                faults.setdefault(name, told.detail)
        if "category" in faults:
            # One choice to the reader: what is wrong with it is told once.
            faults.pop("reason", None)
        # As the fields stand on the page; what is about none of them comes last.
        order = [name for names in STEPS.values() for name in names]
        return {name: faults[name] for name in (*order, "") if name in faults}

    def _sent(self) -> dict[str, Any]:
        body = body_of(fields_of(FilingBody), self.form)
        body["channel"] = CHANNEL
        order = body.setdefault("order", {})
        at = "received_at" if self.form.get("arrived") != "no" else "promised_at"
        if moment := self.form.get("moment"):
            order[at] = moment
        claim = body.get("claim")
        if isinstance(claim, dict):
            self._tidy(claim)
        return body

    def _tidy(self, claim: dict[str, Any]) -> None:
        """Leave out of a claim what does not go with its kind."""
        remedy = self.rules.codes.remedies.get(str(claim.get("kind")))
        amount = self.form.get("claim.amount.amount").strip()
        claim.pop("amount", None)
        if amount and (remedy is None or remedy.amount):
            currency = self.form.get("order.paid.currency")
            plain = plain_amount(amount, currency)
            claim["amount"] = {"amount": plain, "currency": currency}
        if remedy is not None and not remedy.freight:
            claim.pop("freight", None)

    def _unobjectionable(self) -> dict[str, Any]:
        codes = self.rules.codes
        category, group = next(iter(codes.categories.items()))
        plain = (one for one in codes.claims if not codes.remedies[one].amount)
        return {
            "category": category,
            "reason": next(iter(group.reasons)),
            "facts": "facts" * self.rules.policy.facts_minimum,
            "claim": {"kind": next(plain)},
            "contact": "somebody@example.com",
            "evidence_note": "-",
        }

    def _paths(self, places: set[str]) -> set[str]:
        return {name.partition(".")[0] for name in places}

    def _moment(self) -> str:
        day = self.form.get("day").strip()
        zone = ZoneInfo(self.rules.policy.zone)
        now = self.context.system.clock().astimezone(zone)
        try:
            if not _DAY.fullmatch(day):
                return ""
            begin = datetime.combine(
                datetime.fromisoformat(day).date(), time(), tzinfo=zone
            )
            # Nobody says at which hour: to the buyer's advantage, the last of the day.
            is_over = begin.date() < now.date() or self.form.get("arrived") == "no"
            moment = begin + timedelta(days=1, seconds=-1) if is_over else begin
            return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        except (ValueError, OverflowError):
            return ""
