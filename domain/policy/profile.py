"""A policy profile: which limits hold and what silence leads to, as data."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from domain.deadlines.time_limits import Limit, LimitName
from domain.policy import limit_tables, toml_decoder
from domain.policy.codes import Codes
from domain.policy.policy_validation import contradictions
from domain.policy.toml_decoder import Mistakes

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
LocalTime = Annotated[time, Meta(tz=False)]
Limits = Mapping[LimitName, Limit]

_VERSIONED = re.compile(r"[a-z][a-z0-9-]*/[1-9][0-9]*", re.ASCII)


class Silence(StrEnum):
    """What the silence of the asked side leads to."""

    MAY_ESCALATE = "may-escalate"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"


class Silences(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What follows when the seller does not answer, or nobody agrees or escalates."""

    response: Silence
    negotiation: Silence
    escalation: Silence


class Window(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The business hours of every day, in the local time of the profile's zone."""

    opens: LocalTime = time(9)
    closes: LocalTime = time(18)


class Transition(StrEnum):
    """Which version pending cases follow when a newer one comes into force."""

    KEEP_OLD = "pending-keep-old"
    TAKE_NEW = "pending-take-new"


class AboveLine(StrEnum):
    """What happens where an order line would get back more than it cost, in all."""

    REFUSE = "refuse"
    SECOND_PERSON = "second-person"


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules in force for a case. Read with `load`.

    `extensions` says which limits may be extended, once, and by how much; `four_eyes`
    above which amount (minor units, by currency) a ruling needs a second person;
    `facts_minimum` how many letters and digits the facts of a filing need at least,
    where a Chinese character counts twice; `above_line` what becomes of a ruling that
    would give back more than the order line cost, over all its cases;
    `standing_points` what a ruling costs a seller that it finds liable; `proof` which
    rules of proof hold; `retention` how many years cases are kept after closing.
    """

    name: Name
    version: Annotated[int, Meta(ge=1)]
    in_force_from: date
    transition: Transition
    zone: str
    calendar: str
    window: Window = Window()
    currencies: Annotated[tuple[Currency, ...], Meta(min_length=1)]
    proof: str
    facts_minimum: Annotated[int, Meta(ge=1)]
    standing_points: Annotated[int, Meta(ge=0)]
    retention: Annotated[int, Meta(ge=1, le=100)]
    limits: Limits
    by_category: Mapping[str, Limits] = {}
    by_reason: Mapping[str, Limits] = {}
    extensions: Limits = {}
    silence: Silences
    four_eyes: Mapping[str, int] = {}
    above_line: AboveLine = AboveLine.REFUSE

    @property
    def id(self) -> str:
        """Return name and version as events carry them: "cn-default/1"."""
        return f"{self.name}/{self.version}"

    def limit(self, name: LimitName, category: str = "", reason: str = "") -> Limit:
        """Return a limit: the reason's own, else the category's, else the general."""
        general = self.limits[name]
        own = self.by_category.get(category, {}).get(name, general)
        return self.by_reason.get(reason, {}).get(name, own)


def load(
    text: str,
    codes: Codes,
    *,
    proofs: Collection[str] | None = None,
    calendars: Collection[str] | None = None,
) -> Policy:
    """Read a profile from TOML. Raises Mistaken, a ValueError, with every mistake.

    `proofs` and `calendars` name the ones that exist; None leaves them unchecked.
    """
    raw = toml_decoder.parsed(text)
    mistakes = Mistakes()
    parsers = {
        "limits": limit_tables.all_limits,
        "extensions": limit_tables.some_limits,
        "by_category": limit_tables.overrides("category", codes.categories),
        "by_reason": limit_tables.overrides("reason", codes.reasons),
        "four_eyes": limit_tables.amounts,
        "silence": _silences,
        "proof": _versioned,
    }
    values = toml_decoder.fields(raw, Policy, "", mistakes, parsers)
    _look_up(values.get("proof"), proofs, "proof", mistakes)
    _look_up(values.get("calendar"), calendars, "calendar", mistakes)
    for at, wrong in contradictions(values):
        mistakes.add(at, wrong)
    mistakes.refuse()
    return Policy(**values)


def _silences(raw: Any, at: str, mistakes: Mistakes) -> Silences | None:
    # The buyer let the time to escalate pass. Given the same time again and again, the
    # case would never come to an end.
    if isinstance(raw, dict) and raw.get("escalation") == Silence.MAY_ESCALATE:
        mistakes.add(
            toml_decoder.place(at, "escalation"), "the case would be left lying"
        )
    return toml_decoder.struct(raw, Silences, at, mistakes)


def _versioned(raw: Any, at: str, mistakes: Mistakes) -> str | None:
    if isinstance(raw, str) and _VERSIONED.fullmatch(raw):
        return raw
    mistakes.add(at, f"{raw!r} names no version, as 'proof/1' does")
    return None


def _look_up(
    name: str | None, known: Collection[str] | None, at: str, mistakes: Mistakes
) -> None:
    if name is not None and known is not None and name not in known:
        mistakes.add(at, f"there is no {name!r}")
