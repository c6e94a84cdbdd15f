"""A policy profile as it is shown: every limit with its clock, in zh and en."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import Annotated

from msgspec import Meta, Struct

from application.texts import LANGUAGES, say
from domain.case.context import Rulebook
from domain.deadlines.time_limits import Limit, LimitName, LimitUnit
from domain.money import Money
from domain.policy.calendar_additions import AddedDays, CalendarAddition, added_days
from domain.policy.profile import Policy

CLOCKS = {
    LimitUnit.HOUR: "calendar",
    LimitUnit.DAY: "calendar",
    LimitUnit.WORKING_DAY: "working-days",
    LimitUnit.WINDOW_HOUR: "business-window",
}

# The framework documents a time as a duration.
TimeOfDay = Annotated[
    time,
    Meta(
        extra_json_schema={
            "extra": {"format": None, "pattern": "^[0-9]{2}:[0-9]{2}:[0-9]{2}$"}
        }
    ),
]


class Shown(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something with its words."""

    zh: str
    en: str


class LengthShown(Shown, frozen=True, kw_only=True):
    """How long: `clock` is "calendar", "working-days" or "business-window"."""

    length: str
    amount: int
    unit: LimitUnit
    clock: str


class OverrideShown(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a category or a reason has instead of the general limit."""

    length: LengthShown
    category: str | None = None
    reason: str | None = None


class LimitShown(Shown, frozen=True, kw_only=True):
    """A limit, what it may be extended by, and where another holds; a reason first."""

    name: LimitName
    length: LengthShown
    extension: LengthShown | None = None
    overrides: tuple[OverrideShown, ...] = ()


class SilenceShown(Shown, frozen=True, kw_only=True):
    """What silence leads to at one of the steps where somebody is asked."""

    on: str
    leads_to: str


class TransitionShown(Shown, frozen=True, kw_only=True):
    """What cases pending under an older version do."""

    rule: str


class PolicyShown(Struct, frozen=True, kw_only=True):
    """A profile in one version. `opens` and `closes` bound the business window.

    `calendar_edition` counts working days now; deadlines keep the one they name.
    `four_eyes` are the amounts above which a ruling needs a second person,
    `retention` the years that cases are kept after closing.
    """

    id: str
    name: str
    version: int
    in_force_from: date
    transition: TransitionShown
    zone: str
    calendar: str
    calendar_edition: str
    calendar_additions: tuple[AddedDays, ...]
    opens: TimeOfDay
    closes: TimeOfDay
    currencies: tuple[str, ...]
    proof: str
    facts_minimum: int
    above_line: str
    standing_points: int
    retention: int
    four_eyes: Mapping[str, str]
    limits: tuple[LimitShown, ...]
    silence: tuple[SilenceShown, ...]


def shown(book: Rulebook, additions: Sequence[CalendarAddition] = ()) -> PolicyShown:
    """Return a profile as it is shown; `additions` are those to its calendar."""
    policy = book.policy
    return PolicyShown(
        id=policy.id,
        name=policy.name,
        version=policy.version,
        in_force_from=policy.in_force_from,
        transition=TransitionShown(
            rule=policy.transition, **_words("transitions", policy.transition)
        ),
        zone=policy.zone,
        calendar=policy.calendar,
        calendar_edition=book.calendar.name,
        calendar_additions=tuple(added_days(additions)),
        opens=policy.window.opens,
        closes=policy.window.closes,
        currencies=policy.currencies,
        proof=policy.proof,
        facts_minimum=policy.facts_minimum,
        above_line=policy.above_line,
        standing_points=policy.standing_points,
        retention=policy.retention,
        four_eyes={
            currency: str(Money(amount, currency))
            for currency, amount in policy.four_eyes.items()
        },
        limits=tuple(_limit(name, policy) for name in LimitName),
        silence=tuple(_silences(policy)),
    )


def _limit(name: LimitName, policy: Policy) -> LimitShown:
    extension = policy.extensions.get(name)
    return LimitShown(
        name=name,
        length=_length(policy.limit(name)),
        extension=None if extension is None else _length(extension),
        overrides=tuple(_overrides(name, policy)),
        **_words("limits", name),
    )


def _overrides(name: LimitName, policy: Policy) -> Iterator[OverrideShown]:
    # A reason's limit goes before a category's, as in `Policy.limit`.
    for reason, limits in policy.by_reason.items():
        if name in limits:
            yield OverrideShown(reason=reason, length=_length(limits[name]))
    for category, limits in policy.by_category.items():
        if name in limits:
            yield OverrideShown(category=category, length=_length(limits[name]))


def _length(limit: Limit) -> LengthShown:
    words = {
        language: say(
            "units", limit.unit, language, n=str(limit.amount), length=str(limit)
        )
        for language in LANGUAGES
    }
    return LengthShown(
        length=str(limit),
        amount=limit.amount,
        unit=limit.unit,
        clock=CLOCKS[limit.unit],
        **words,
    )


def _silences(policy: Policy) -> Iterator[SilenceShown]:
    steps = {
        "response": policy.silence.response,
        "negotiation": policy.silence.negotiation,
        "escalation": policy.silence.escalation,
    }
    for step, silence in steps.items():
        yield SilenceShown(on=step, leads_to=silence, **_words("silence", silence))


def _words(table: str, code: str) -> dict[str, str]:
    return {language: say(table, code, language) for language in LANGUAGES}
