"""The rules of a profile in rows of words, so that two of them can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from application.texts import say
from interface.api.responses.policy_profile import LengthShown, LimitShown, PolicyShown
from interface.pages.charts.public_words import Wording


class RuleRow(Struct, frozen=True, kw_only=True):
    """A rule: its section, what it is about, what it says, and by which clock."""

    section: str
    name: str
    said: str
    clock: str = ""


class RuleDifference(Struct, frozen=True, kw_only=True):
    """A rule that two profiles have otherwise; "" where one of them has it not."""

    section: str
    name: str
    before: str
    after: str


def rule_rows(policy: PolicyShown, words: Wording) -> list[RuleRow]:
    """Return the limits, silences and other rules of a profile, in their order."""
    rows = (
        *(row for limit in policy.limits for row in _limit(limit, words)),
        *_silences(policy, words),
        *_others(policy, words),
    )
    # Elsewhere the names of limits stand within sentences.
    return [replace(row, name=row.name[:1].upper() + row.name[1:]) for row in rows]


def rule_differences(
    before: list[RuleRow], after: list[RuleRow]
) -> list[RuleDifference]:
    """Return the rules that differ, in the order of the second profile."""
    old, new = _by_name(before), _by_name(after)
    return [
        RuleDifference(
            section=key[0], name=key[1], before=old.get(key, ""), after=new.get(key, "")
        )
        for key in [*new, *(one for one in old if one not in new)]
        if old.get(key) != new.get(key)
    ]


def _by_name(rows: list[RuleRow]) -> Mapping[tuple[str, str], str]:
    return {
        (row.section, row.name): " · ".join(filter(None, (row.said, row.clock)))
        for row in rows
    }


def _limit(limit: LimitShown, words: Wording) -> Iterator[RuleRow]:
    name = getattr(limit, words.language)
    yield _length("limits", name, limit.length, words)
    if limit.extension is not None:
        extended = words.say("rules", "extension", name=name)
        yield _length("limits", extended, limit.extension, words)
    for one in limit.overrides:
        where = (
            words.label("categories", one.category)
            if one.category
            else words.reason(one.reason or "")
        )
        named = words.say("rules", "override", name=name, where=where)
        yield _length("limits", named, one.length, words)


def _length(section: str, name: str, length: LengthShown, words: Wording) -> RuleRow:
    return RuleRow(
        section=section,
        name=name,
        said=getattr(length, words.language),
        clock=words.say("clocks", length.clock),
    )


def _silences(policy: PolicyShown, words: Wording) -> Iterator[RuleRow]:
    for one in policy.silence:
        yield RuleRow(
            section="silences",
            name=say("awaited", one.on, words.language),
            said=getattr(one, words.language),
        )


def _others(policy: PolicyShown, words: Wording) -> Iterator[RuleRow]:
    def row(code: str, **filling: Any) -> RuleRow:
        told = {name: str(value) for name, value in filling.items()}
        return RuleRow(
            section="others",
            name=words.say("rules", code),
            said=words.say("rules", f"{code}-said", **told),
        )

    yield row("window", opens=f"{policy.opens:%H:%M}", closes=f"{policy.closes:%H:%M}")
    yield row("facts", n=policy.facts_minimum)
    yield row("points", n=policy.standing_points)
    yield row("retention", n=policy.retention)
    for currency, amount in policy.four_eyes.items():
        yield row("four-eyes", amount=words.money(amount, currency))
    yield RuleRow(
        section="others",
        name=words.say("rules", "above-line"),
        said=words.say("rules", policy.above_line),
    )
    yield RuleRow(
        section="others",
        name=words.say("rules", "transition"),
        said=getattr(policy.transition, words.language),
    )
