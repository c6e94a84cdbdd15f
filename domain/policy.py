"""A policy profile: which limits hold and what silence leads to, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from domain.clock import Limit, LimitName, parse_limit


class Silence(StrEnum):
    """What the silence of the asked side leads to."""

    MAY_ESCALATE = "may-escalate"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"


class Silences(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What follows when nobody answers, nobody agrees, or nobody escalates."""

    response: Silence
    negotiation: Silence
    escalation: Silence


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules in force for a case. Read with `load`."""

    name: str
    version: int
    zone: str
    calendar: str
    currencies: tuple[str, ...]
    limits: Mapping[LimitName, Limit]
    silence: Silences

    @property
    def id(self) -> str:
        """Return name and version as facts carry them: "cn-default/1"."""
        return f"{self.name}/{self.version}"


def load(text: str) -> Policy:
    """Read a profile from TOML. Raises ValueError naming every mistake found."""
    raw = tomllib.loads(text)
    mistakes: list[str] = []
    raw["limits"] = _limits(raw.get("limits", {}), mistakes)
    if raw.get("silence", {}).get("escalation") == Silence.MAY_ESCALATE:
        mistakes.append("silence.escalation: the case would be left lying")
    try:
        policy = msgspec.convert(raw, Policy)
    except msgspec.ValidationError as error:
        raise ValueError("; ".join([*mistakes, str(error)])) from None
    if mistakes:
        raise ValueError("; ".join(mistakes))
    return policy


def _limits(raw: Mapping[str, Any], mistakes: list[str]) -> dict[str, Any]:
    """Parse the limits, collecting what is missing, unknown or unreadable."""
    names = {name.value for name in LimitName}
    mistakes += [f"limits.{name}: missing" for name in sorted(names - raw.keys())]
    mistakes += [f"limits.{name}: unknown" for name in sorted(raw.keys() - names)]
    limits = {}
    for name in sorted(raw.keys() & names):
        try:
            limit = parse_limit(str(raw[name]))
        except ValueError as error:
            mistakes.append(f"limits.{name}: {error}")
        else:
            limits[name] = {"amount": limit.amount, "unit": limit.unit}
    return limits
