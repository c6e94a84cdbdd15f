"""Rule sets: all rules that decide a case, named by the hash of what they say.

An id such as "cn-default/1" names rules, and does not say what they are: its file can
be changed in place. So each event also names the SHA-256 of a rule set, a small JSON
text that has the hash of every rule that counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256

from msgspec import Struct

from application.record.canonical_json import canonical_json
from application.texts import texts
from domain.deadlines.time_limits import Calendar

REASONS = "decision-texts/4"
"""The edition of the texts that put the reasons of decisions into words. What changes
their words takes the next number."""


class RulePart(Struct, frozen=True, kw_only=True):
    """A part of a rule set: of which kind, its id, its text, and where that is from.

    `kind`: "calendar", "codes", "policy", "proof", "regulation" or "texts".
    """

    kind: str
    id: str
    text: bytes
    source: str

    @property
    def sha256(self) -> str:
        """Return the hash of its text (hex)."""
        return sha256(self.text).hexdigest()


class RuleSet(Struct, frozen=True, kw_only=True):
    """A rule set: the JSON text that events name by its hash, and its parts."""

    text: bytes
    parts: tuple[RulePart, ...]

    @property
    def digest(self) -> bytes:
        """Return what events name it by: the SHA-256 of its text."""
        return sha256(self.text).digest()


def rule_set(
    policy: RulePart,
    proof: RulePart,
    codes: RulePart,
    calendar: Calendar,
    regulations: Iterable[RulePart],
) -> RuleSet:
    """Return the set of a profile with what it counts by, and what may be cited."""
    days = calendar_part(calendar)
    words = decision_texts()
    cited = tuple(sorted(regulations, key=lambda one: one.id))
    stated = {
        "calendar": {
            "edition": days.id,
            "sha256": days.sha256,
            "years": dict(year_digests(calendar.days_off)),
            "zone": str(calendar.zone),
        },
        **{
            one.kind: {"id": one.id, "sha256": one.sha256}
            for one in (codes, policy, proof, words)
        },
        "regulations": [{"id": one.id, "sha256": one.sha256} for one in cited],
    }
    return RuleSet(
        text=canonical_json(stated),
        parts=(policy, proof, codes, words, days, *cited),
    )


def calendar_part(calendar: Calendar) -> RulePart:
    """Return a calendar as a part: the list of all its days off."""
    return RulePart(
        kind="calendar",
        id=calendar.name,
        text=_listed(calendar.days_off),
        source="the library of holidays",
    )


# Profiles share few calendars, of thousands of days: what is said of one is kept.
@lru_cache(maxsize=32)
def _listed(days_off: frozenset[date]) -> bytes:
    return canonical_json(sorted(days_off))


@lru_cache(maxsize=32)
def year_digests(days_off: frozenset[date]) -> tuple[tuple[str, str], ...]:
    """Return each year with the hash of its days off, as a bundle holds them."""
    years: Mapping[int, list[str]] = defaultdict(list)
    for day in sorted(days_off):
        years[day.year].append(day.isoformat())
    return tuple(
        (str(year), sha256(canonical_json(days)).hexdigest())
        for year, days in years.items()
    )


def decision_texts() -> RulePart:
    """Return the words that reasons are put into, in all languages."""
    said = {table: texts()[table] for table in ("parties", "reasons")}
    return RulePart(
        kind="texts", id=REASONS, text=canonical_json(said), source="texts.toml"
    )
