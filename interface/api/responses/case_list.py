"""Cases in lists, limited to what the caller may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from application.cases.awaited_sentence import awaited_sentence
from application.cases.readable_values import amount_in_words
from application.texts import say
from domain.case.context import Rulebook
from domain.case.dispute import Phase
from domain.case.outcome import Outcome
from domain.deadlines.waiting_on import Waiting
from domain.money import Money
from domain.policy.codes import Codes
from domain.roles import Party, Role
from interface.api.cursors import Begins, Page, page
from interface.api.responses.case_parts import AWAITED
from interface.api.responses.closed_codes import closed
from interface.bootstrap import System
from projections.case_view.shown_values import MoneyShown, shown_money
from projections.queue.case_conditions import Filters
from projections.queue.case_counts import counted
from projections.queue.case_pages import ListSort, Place
from projections.queue.case_search import listed, place
from projections.queue.queue_view import QueueRow


class OrderFound(Struct, frozen=True, kw_only=True):
    """The order line of a case in a list; title, SKU and shop as they were filed."""

    id: str | None
    line: str | None
    title: str | None
    sku: str | None
    shop: str | None


class CaseListed(Struct, frozen=True, kw_only=True):
    """A case in a list; `words` are its codes and what it waits for, for people."""

    id: UUID
    case_number: str
    version: int
    phase: Phase
    category: str
    reason: str
    buyer: str | None
    seller: str | None
    assignee: str | None
    claim: str | None
    amount: MoneyShown | None
    waiting_on: Party | None
    waiting_for: Annotated[str | None, closed(*AWAITED, None)]
    due: datetime | None
    overdue: bool
    opened_at: datetime
    closed_at: datetime | None
    outcome: Outcome | None
    imported_from: str | None
    href: str
    order: OrderFound
    changed_at: datetime
    tags: tuple[str, ...]
    words: dict[str, str]


class SampleDrawn(Struct, frozen=True, kw_only=True):
    """How a sample was drawn, so that it can be drawn again.

    Of the `population` of cases that `filters` found at `drawn_at`, those with the
    smallest SHA-256 of seed, ":" and id (in lower case, UTF-8).
    """

    size: int
    seed: str
    population: int
    filters: dict[str, str]
    drawn_at: datetime
    method: str = "smallest-sha256/1"


class CasesPage(Page[CaseListed], frozen=True, kw_only=True):
    """One page of cases; `total`: how many there are in all, if that was asked.

    `sample`: how the cases were drawn, if a sample was asked for.
    """

    total: int | None = None
    sample: SampleDrawn | None = None


def listing(
    system: System,
    filters: Filters,
    sort: ListSort,
    limit: int,
    begins: Begins[Place],
    *,
    language: str,
    count: bool = False,
) -> CasesPage:
    """Return one page of cases, and where the next begins; with `count`, how many."""
    says = Says(system, filters.now, language)
    reader = filters.reader
    is_party = reader is not None and reader.role in {Role.BUYER, Role.SELLER}

    def rows(after: Place | None, many: int) -> Sequence[QueueRow]:
        return listed(system.database, filters, sort=sort, limit=many, after=after)

    found = page(
        CasesPage,
        rows,
        lambda row: shown(row, says, tagged=not is_party),
        lambda row: place(row, sort),
        limit,
        begins,
    )
    if not count:
        return found
    total = sum(row.cases for row in counted(system.database, filters))
    return replace(found, total=total)


class Says(Struct, frozen=True):
    """What the codes of a row are put into words with; times are UTC."""

    system: System
    now: datetime
    language: str

    def words(self, row: QueueRow) -> dict[str, str]:
        """Return the words of a row: phase, reason, claim, what it waits for."""
        rules, codes = self._rules(row), self.system.rulebooks.codes
        return case_words(row, codes, self.language) | {
            "waiting_on": awaited_sentence(
                _waiting(row), rules.policy, self.now, self.language
            )
        }

    def _rules(self, row: QueueRow) -> Rulebook:
        """Return the rules of a case; of an imported one, those for new cases."""
        policy, rulebooks = row.policy, self.system.rulebooks
        if policy is not None:
            return rulebooks.for_case(policy, self.now)
        return rulebooks.for_new(self.system.settings.policy, self.now)


def case_words(row: QueueRow, codes: Codes, language: str) -> dict[str, str]:
    """Return the words for the codes of a case."""
    words = {"phase": say("phases", row.phase, language)}
    category = codes.categories.get(row.category)
    if category is not None:
        words["category"] = str(getattr(category, language))
        reason = category.reasons.get(row.reason)
        if reason is not None:
            words["reason"] = str(getattr(reason, language))
    remedy = codes.remedies.get(row.claim_kind or "")
    if remedy is not None:
        amount = _claimed(row)
        said = "" if amount is None else f" {amount_in_words(amount)}"
        words["claim"] = f"{getattr(remedy, language)}{said}"
    if row.outcome:
        words["outcome"] = say("outcomes", row.outcome, language)
    return words


def _waiting(row: QueueRow) -> Waiting | None:
    if row.waiting_party is None or row.waiting_for is None:
        return None
    return Waiting(Party(row.waiting_party), row.waiting_for, row.due)


def _claimed(row: QueueRow) -> Money | None:
    if row.claim_amount is None or row.currency is None:
        return None
    return Money(row.claim_amount, row.currency)


def shown(row: QueueRow, says: Says, *, tagged: bool) -> CaseListed:
    """Return a row as it is shown in a list; tags and drafts only to the desk."""
    now, words = says.now, says.words(row)
    if tagged and row.drafted_by is not None:
        words["draft"] = say("drafts", "waits", says.language)
    return CaseListed(
        id=row.case_id,
        case_number=row.case_number,
        version=row.version,
        phase=Phase(row.phase),
        category=row.category,
        reason=row.reason,
        buyer=row.buyer,
        seller=row.seller,
        assignee=row.assignee,
        claim=row.claim_kind,
        amount=shown_money(_claimed(row)),
        waiting_on=_code(Party, row.waiting_party),
        waiting_for=row.waiting_for,
        due=row.due,
        overdue=row.phase != "closed" and row.due is not None and row.due < now,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=_code(Outcome, row.outcome),
        imported_from=row.imported_from,
        href=f"/v1/disputes/{row.case_id}",
        order=OrderFound(
            id=row.order_id,
            line=row.order_line,
            title=row.title,
            sku=row.sku,
            shop=row.shop,
        ),
        changed_at=row.changed_at,
        tags=row.tags if tagged else (),
        words=words,
    )


C = TypeVar("C", bound=StrEnum)


def _code(kind: type[C], value: str | None) -> C | None:
    return None if value is None else kind(value)
