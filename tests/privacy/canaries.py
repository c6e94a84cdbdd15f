"""Plants canaries in every personal field there is, and searches for them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args
from uuid import UUID, uuid4

from msgspec.structs import replace

from application.cases.disputes import Disputes
from application.cases.evidence_files import EvidenceFiles, Kept
from application.privacy.sealing_keys import subject_of, with_keys
from application.record.codec import chained
from application.record.envelope import Recorded, decode
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.evidence.events import EvidenceSubmitted
from domain.filing.events import Filed
from domain.identity import natural_key
from domain.negotiation.events import Attachment, MessagePosted
from domain.performance.events import Closed, FulfilmentContested
from domain.personal import holds_personal, map_personal
from domain.privacy.data_subjects import data_subject
from domain.roles import Actor, Party, Role
from domain.ruling.events import Ruled

MARK = "CANARY-b7Zq-"
GOLDEN = Path(__file__).parents[1] / "store" / "golden"
KINDS = [kind for kind in get_args(DisputeEvent) if holds_personal(kind)]
CLOSED = Closed(outcome=Outcome.RULED, claim=ClaimResult.MET)
STAFF = Actor(role=Role.MEDIATOR, id="m-1")


@cache
def samples() -> tuple[DisputeEvent, ...]:
    """Return events that hold every personal field of every kind, filing first."""
    found = [
        decode(path.read_bytes()).event
        for kind in KINDS
        for path in sorted(GOLDEN.glob(f"{kind.__struct_config__.tag}-[0-9].json"))
    ]
    filed = [one for one in found if isinstance(one, Filed)][-1]
    ruled = [one for one in found if isinstance(one, Ruled)][-1]
    owed = ruled.obligations[0].number
    contested = [
        replace(one, obligation=owed)
        for one in found
        if isinstance(one, FulfilmentContested)
    ]
    rest = [
        one for one in found if not isinstance(one, Filed | Ruled | FulfilmentContested)
    ]
    return (filed, ruled, *contested, *rest)


def share(number: int, of: int) -> tuple[DisputeEvent, ...]:
    """Return filing, ruling and a share of the rest, another one in the next case."""
    filed, ruled, *rest = samples()
    return (filed, ruled, *rest[number % of :: of])


def personal_fields() -> set[tuple[str, str]]:
    """Name every personal field that `samples` fill in."""
    fields: set[tuple[str, str]] = set()
    for event in samples():
        name = type(event).__name__

        def note(path: str, text: str, name: str = name) -> str:
            fields.add((name, path.rpartition(".")[2]))
            return text

        map_personal(event, note)
    return fields


def plant(
    disputes: Disputes,
    files: EvidenceFiles,
    number: int,
    buyer: str,
    *,
    bodies: bool,
    shares: int = 1,
) -> UUID:
    """Append a closed case full of canaries; with bodies, files hold them too.

    With `shares`, that many cases in turn hold every kind of event between them.
    """
    case = natural_key("shop", buyer, f"canary-{number}", "1", "defect", 1)
    events = [_planted(event, case, buyer) for event in share(number, shares)]
    dispute = fold([*events, CLOSED])
    if bodies:
        subject = subject_of(case, Party.BUYER, dispute)
        key = disputes.keys.current([subject])[subject]
        events = [_with_body(event, files, disputes, key) for event in events]
    recorded = tuple(
        Recorded(
            case=case,
            version=version,
            at=disputes.clock(),
            recorded_at=disputes.clock(),
            actor=STAFF,
            command_id=uuid4(),
            policy="cn-default/1",
            event=event,
        )
        for version, event in enumerate([*events, CLOSED], 1)
    )
    keyed = with_keys(recorded, dispute, disputes.keys)
    disputes.recorder.insert_events(chained(disputes.mapper, keyed, None))
    return case


def _planted(event: DisputeEvent, case: UUID, buyer: str) -> DisputeEvent:
    whose = "S" if data_subject(event) is Party.SELLER else "B"

    def mark(path: str, _: str) -> str:
        return f"{MARK}{whose}-{case.hex[:12]}-{type(event).__name__}-{path}-漏"

    planted = map_personal(event, mark)
    if isinstance(planted, Filed):
        parties = {"platform": "shop", "buyer": buyer, "seller": "s-1"}
        pinned = {"policy": "cn-default/1", "deadlines": ()}
        return replace(planted, **parties, **pinned)
    if isinstance(planted, EvidenceSubmitted | MessagePosted):
        return replace(planted, by=Party.BUYER)
    return planted


def _with_body(
    event: DisputeEvent, files: EvidenceFiles, disputes: Disputes, key: UUID
) -> DisputeEvent:
    body = f"{MARK}B-body-{uuid4()}".encode() * 50
    match event:
        case EvidenceSubmitted():
            kept = keep(files, disputes, key, body)
            told = {"sha256": kept.sha256, "size": kept.size, "sealed": kept.sealed}
            return replace(event, **told)
        case MessagePosted():
            kept = keep(files, disputes, key, body)
            attachment = Attachment(
                sha256=kept.sha256,
                size=kept.size,
                sealed=kept.sealed,
                media_type="text/plain",
                name=f"{MARK}B-name",
            )
            return replace(event, attachment=attachment)
        case _:
            return event


def keep(files: EvidenceFiles, disputes: Disputes, key: UUID, body: bytes) -> Kept:
    cipher = disputes.keys.cipher(key)
    assert cipher is not None
    with files.receiving(key, cipher, 1_000_000) as coming:
        coming.incoming.write(body)
        return coming.keep()


@cache
def needles() -> tuple[bytes, ...]:
    """Return the mark as it would look in UTF-8, hex, base64 and JSON escapes."""
    raw = MARK.encode()
    wide = "".join(MARK).encode("utf-16-le")
    return (raw, wide, raw.hex().encode(), raw.hex().upper().encode(), *_base64(raw))


def _base64(raw: bytes) -> Iterator[bytes]:
    """Yield what base64 makes of it wherever it begins in a longer text."""
    for before in range(3):
        padded = bytes(before) + raw + bytes(3)
        begins = -(-before * 8 // 6)
        ends = (before + len(raw)) * 8 // 6
        yield base64.b64encode(padded)[begins:ends]


def found_in(content: bytes) -> list[bytes]:
    return [needle for needle in needles() if needle in content]


def found_under(*folders: Path) -> list[Path]:
    """Return every file that holds a canary."""
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and found_in(_read(path))
    ]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, PermissionError):
        return b""
