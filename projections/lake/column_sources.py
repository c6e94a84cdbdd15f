"""From which events columns of the lake come that are worked out of several."""

from __future__ import annotations

from collections.abc import Mapping

ANY = "every event"
INSTALLATION = "the installation's rules"
LOG = "the log"

_LIMITS = "deadline-missed, deadline-extended, clocks-paused, clocks-resumed"
_STILL = "clocks-paused, clocks-resumed, suspended, resumed, appeal-filed"
_AGREED = "seller-responded, offer-accepted, ruled, appeal-decided"
_DUTIES = "fulfilled, fulfilment-contested, obligation-confirmed, defaulted"
_ENFORCED = "enforcement-ordered, enforcement-executed, enforcement-failed"
_PAID = "obligation-confirmed, enforcement-executed, advance-recovered"
_DECIDED = "ruled, appeal-decided"
_WHOLE: Mapping[str, str] = {
    "events": ANY,
    "deadlines": f"{ANY} that begins or ends a limit; {_LIMITS}",
    "rulings": _DECIDED,
    "reasons": _DECIDED,
    "obligations": f"{_AGREED}, {_DUTIES}, {_ENFORCED}",
    "money": _PAID,
    "codes": INSTALLATION,
    "policies": INSTALLATION,
    "rules": INSTALLATION,
    "calendar": INSTALLATION,
    "log_batches": LOG,
    "checkpoints": LOG,
    "offers": "offer-made, offer-accepted, offer-declined, offer-lapsed",
    "evidence": "evidence-submitted, evidence-handed-in",
    "sanctions": "sanction-imposed",
}
_CASES: Mapping[str, str] = {
    **dict.fromkeys(("system", "zone", "case_number"), "filed"),
    **dict.fromkeys(("policy", "phase", "events"), ANY),
    "reviewed": "review-requested",
    **dict.fromkeys(("appealed_decider", "appealed_cited"), "ruled, refused"),
    **dict.fromkeys(("performance_missed", "platform_missed"), "deadline-missed"),
    "confirmed_by_silence": "deadline-missed, obligation-confirmed",
    "claim": "closed",
    **dict.fromkeys(("sanctions", "sanction_kinds"), "sanction-imposed"),
    **dict.fromkeys(("owed", "awarded"), _AGREED),
    **dict.fromkeys(("paid", "unpaid"), f"{_AGREED}, {_PAID}"),
    "advanced": "enforcement-executed",
    "recovered": "advance-recovered",
    "currency": f"filed, {_AGREED}",
}


def source_of(table: str, column: str) -> str:
    """Return the events that a column comes from, if its row does not tell them."""
    if table in _WHOLE:
        return _WHOLE[table]
    if column in {"case", "bucket"}:
        return "filed"
    if "paus" in column:
        return _STILL
    if column.startswith("late_"):
        return _WHOLE["deadlines"]
    return _CASES[column]
