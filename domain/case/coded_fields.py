"""Which fields of events hold codes, and of which table; and what else they may hold.

Commands are checked where they are decided. History from elsewhere is decided by
nobody here: these tables say, for every kind of event, what a field may hold at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct

from domain.admission.decide import CAUSES
from domain.admission.events import ReferredToAuthority, Refused
from domain.appeal.events import AppealDecided
from domain.enforcement.events import (
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
)
from domain.evidence.events import EvidenceRequested, EvidenceSubmitted
from domain.filing.events import Filed
from domain.inquiries.events import InquirySent
from domain.names import quoted
from domain.negotiation.events import Attachment, SellerResponded
from domain.notices.events import NoticeServed, NoticeUndelivered
from domain.policy.codes import Codes
from domain.ruling.events import Ruled, RulingDrafted
from domain.sanctions.events import SanctionImposed
from domain.terms import Obligation, Terms

CODED: Mapping[type[Struct], Mapping[str, str]] = {
    Filed: {"channel": "channels", "category": "categories", "reason": "reasons"},
    Refused: {"ground": "grounds", "routes": "routes"},
    ReferredToAuthority: {"authority": "routes"},
    NoticeServed: {"channel": "channels"},
    NoticeUndelivered: {"channels": "channels"},
    SellerResponded: {"position": "positions"},
    Terms: {"kind": "remedies"},
    Obligation: {"duty": "duties"},
    EvidenceSubmitted: {"kind": "evidence"},
    EvidenceRequested: {"kinds": "evidence"},
    InquirySent: {"kind": "inquiries"},
    RulingDrafted: {"liability": "liabilities"},
    Ruled: {"liability": "liabilities"},
    AppealDecided: {"liability": "liabilities"},
    EnforcementOrdered: {"method": "methods"},
    EnforcementExecuted: {"method": "methods"},
    EnforcementFailed: {"method": "methods", "cause": "failures", "routes": "routes"},
    SanctionImposed: {"kind": "sanctions", "breach": "breaches"},
}
"""By type, and by its field: the table of codes (`domain.policy.codes.Codes`)."""

_NO_CODES: Mapping[str, str] = {}

COUNTED = frozenset(
    {
        "after",
        "days",
        "item",
        "items",
        "number",
        "obligation",
        "relied_on",
        "replaces",
        "set_aside",
    }
)
"""Fields whose numbers count from 1."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+", re.ASCII)
_FORMS = {"sha256": _SHA256, "sealed": _SHA256, "media_type": _MEDIA_TYPE}
_SAID = {
    "sha256": "is not a SHA-256 in 64 lower-case hex digits",
    "sealed": "is not a SHA-256 in 64 lower-case hex digits",
    "media_type": "is not a media type such as image/jpeg",
}
_OF_FILES = (EvidenceSubmitted, Attachment)


def codes_of(kind: type[Struct], name: str, codes: Codes) -> frozenset[str] | None:
    """Return the codes that a field of a type may hold; None: it holds no code."""
    table = _table(kind, name, codes)
    return None if table is None else frozenset(table)


def _table(kind: type[Struct], name: str, codes: Codes) -> Collection[str] | None:
    # Asked for every field of every imported event, so that nothing is copied here.
    if kind is ReferredToAuthority and name == "cause":
        return CAUSES
    table = CODED.get(kind, _NO_CODES).get(name)
    found: Collection[str] | None = None if table is None else getattr(codes, table)
    return found


def value_faults(record: Struct, codes: Codes, path: str = "") -> Iterator[str]:
    """Yield every value that a field of an event cannot hold, as "field: why"."""
    kind = type(record)
    for name in kind.__struct_fields__:
        value = getattr(record, name)
        if value is None:
            continue
        at = f"{path}{name}"
        for place, one in _each(at, value):
            if isinstance(one, Struct):
                yield from value_faults(one, codes, f"{place}.")
            elif said := _fault(kind, name, one, codes):
                yield f"{place}: {said}"
    if isinstance(record, Filed):
        yield from _reason_faults(record, codes)


def _each(at: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple):
        for number, one in enumerate(value, 1):
            yield f"{at}[{number}]", one
    else:
        yield at, value


def _fault(kind: type[Struct], name: str, value: Any, codes: Codes) -> str | None:
    known = _table(kind, name, codes)
    if known is not None and value not in known:
        return f"{quoted(value)} is none of {', '.join(sorted(known))}"
    if name in COUNTED and isinstance(value, int) and value < 1:
        return f"{value} is below 1"
    if kind in _OF_FILES and name == "size" and value < 0:
        return f"{value} is below 0"
    # Of a file that its source did not hand over, nobody may know the digest.
    if name == "sha256" and value == "" and kind is EvidenceSubmitted:
        return None
    form = _FORMS.get(name) if kind in _OF_FILES else None
    if form is not None and not form.fullmatch(value):
        return f"{quoted(value)} {_SAID[name]}"
    return None


def _reason_faults(filed: Filed, codes: Codes) -> Iterator[str]:
    """Yield that the reason is none of the category's."""
    category = codes.categories.get(filed.category)
    if category is not None and filed.reason not in category.reasons:
        reasons = ", ".join(sorted(category.reasons))
        yield f"reason: {filed.reason!r} is none of {filed.category}: {reasons}"
