"""The lake's dimensions: codes with their words, policies, rules, and the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated

from application.rules.rulebook import Rulebooks
from application.texts import texts
from domain.policy.codes import Codes
from projections.lake.lake_row import LakeRow, told

SAID: Mapping[str, Sequence[str]] = {
    "accounts": ("accounts",),
    "appeal-grounds": ("appeal_grounds",),
    "appeal-results": ("appeal_results",),
    "automation": ("automation",),
    "awaited": ("awaited",),
    "causes": ("causes",),
    "claims": ("claims",),
    "deadline-states": ("deadline_states",),
    "events": ("facts", "record_events"),
    "limits": ("limits",),
    "notice-channels": ("notice_channels",),
    "notices": ("notices",),
    "obligation-states": ("obligation_states", "obligation_ends"),
    "offer-states": ("offer_states",),
    "outcomes": ("outcomes",),
    "parties": ("parties",),
    "phases": ("phases",),
    "precisions": ("precisions",),
    "review-results": ("review_results",),
    "roles": ("roles",),
    "suspension-causes": ("suspension_causes",),
    "triggers": ("triggers",),
}
"""Kinds of codes beside the code tables, and where the words of the pages are."""

FIRST_DAY, LAST_DAY = date(2015, 1, 1), date(2035, 12, 31)
"""The days of the calendar's table."""


class CodeRow(LakeRow, frozen=True, kw_only=True):
    """A code that columns of other tables hold, and its words."""

    kind: Annotated[str, told("Which code table", "categories, reasons, remedies …")]
    code: Annotated[str, told("The code")]
    under: Annotated[str | None, told("The category of a reason", source="codes.code")]
    zh: Annotated[str, told("Its words in Chinese")]
    en: Annotated[str, told("Its words in English")]


class PolicyRow(LakeRow, frozen=True, kw_only=True):
    """A limit of a policy profile; one for a category or a reason comes before it."""

    policy: Annotated[str, told("The profile", "id", "cases.policy")]
    in_force_from: Annotated[str, told("The first day it is in force", "YYYY-MM-DD")]
    limit: Annotated[
        str, told("The limit's name", "code", "deadlines.limit", codes="limits")
    ]
    category: Annotated[
        str | None, told("Only for cases of this category", "code", codes="categories")
    ]
    reason: Annotated[
        str | None, told("Only for cases of this reason", "code", codes="reasons")
    ]
    amount: Annotated[int, told("Its length", "units")]
    unit: Annotated[str, told("hour, day, working day or window hour")]
    extension: Annotated[str | None, told("By how much it may be extended, once")]


class RuleRow(LakeRow, frozen=True, kw_only=True):
    """An article of a rule that decisions cite."""

    rule: Annotated[str, told("The rule's id", source="reasons.rule")]
    version: Annotated[str, told("Its version", source="reasons.rule_version")]
    article: Annotated[str, told("The article", source="reasons.article")]
    title_zh: Annotated[str, told("The article's title in Chinese")]
    title_en: Annotated[str, told("The article's title in English")]
    in_force_from: Annotated[str, told("The first day in force", "YYYY-MM-DD")]
    in_force_until: Annotated[str | None, told("The last day", "YYYY-MM-DD")]


class CalendarRow(LakeRow, frozen=True, kw_only=True):
    """A day of an edition of a calendar that time limits are counted by."""

    calendar: Annotated[str, told("The edition", source="deadlines.calendar")]
    day: Annotated[str, told("The day", "YYYY-MM-DD")]
    is_working_day: Annotated[bool, told("It counts as a working day")]


def dimension_rows(books: Rulebooks) -> Mapping[str, list[LakeRow]]:
    """Return the rows of all dimensions, by their tables, in an order of their own."""
    return {
        "codes": list(_codes(books.codes)),
        "policies": list(_policies(books)),
        "rules": list(_rules(books)),
        "calendar": list(_calendar(books)),
    }


def _codes(codes: Codes) -> Iterator[CodeRow]:
    for table in codes.__struct_fields__:
        rows = getattr(codes, table)
        if not isinstance(rows, Mapping):
            continue
        for code, label in rows.items():
            yield CodeRow(kind=table, code=code, under=None, zh=label.zh, en=label.en)
    for category, row in codes.categories.items():
        for code, label in row.reasons.items():
            yield CodeRow(
                kind="reasons", code=code, under=category, zh=label.zh, en=label.en
            )
    for kind, tables in SAID.items():
        for name in tables:
            for code, said in texts()[name].items():
                # Not what differs by role or number of people: a code has one row.
                words = {"zh": said["zh"], "en": said["en"]}
                yield CodeRow(kind=kind, code=code, under=None, **words)


def _policies(books: Rulebooks) -> Iterator[PolicyRow]:
    for policy in (books[one].policy for one in books.ids):
        own = [
            (None, None, policy.limits),
            *((name, None, limits) for name, limits in policy.by_category.items()),
            *((None, name, limits) for name, limits in policy.by_reason.items()),
        ]
        for category, reason, limits in own:
            for name, limit in limits.items():
                extension = policy.extensions.get(name)
                yield PolicyRow(
                    policy=policy.id,
                    in_force_from=policy.in_force_from.isoformat(),
                    limit=name,
                    category=category,
                    reason=reason,
                    amount=limit.amount,
                    unit=limit.unit,
                    extension=str(extension) if extension else None,
                )


def _rules(books: Rulebooks) -> Iterator[RuleRow]:
    for one in books.regulations.citable:
        until = one.in_force_until
        for article, provision in one.articles.items():
            yield RuleRow(
                rule=one.name,
                version=str(one.version),
                article=article,
                title_zh=provision.title.zh,
                title_en=provision.title.en,
                in_force_from=one.in_force_from.isoformat(),
                in_force_until=until.isoformat() if until else None,
            )


def _calendar(books: Rulebooks) -> Iterator[CalendarRow]:
    for one in books.calendars:
        for number in range((LAST_DAY - FIRST_DAY).days + 1):
            day = FIRST_DAY + timedelta(days=number)
            yield CalendarRow(
                calendar=one.name,
                day=day.isoformat(),
                is_working_day=day not in one.days_off,
            )
