"""Key rotation: each generation of a log's keys endorses the next in a signed note."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from application.log.format.note import Note, NoteMalformed, parse_note
from application.log.format.verifier_keys import SignatureWrong, VerifierKey, parse_vkey
from application.log.sign import statement_keys
from application.log.sign.key_file import KeyFile, make_key, retired

HEADING = "redress log keys"
"""The first line of an endorsement; origin and verifier keys follow, a line each.

Only Ed25519 signs such a text: C2SP's ML-DSA-44 signs checkpoints and nothing else.
"""


def rotated(file: KeyFile, now: datetime) -> KeyFile:
    """Return the file with a new generation of keys, endorsed by those that sign now.

    So are the application's keys, anew, by both generations. Both sign from then on,
    until `without_old` retires the old one.
    """
    # A generation is two keys, one of each algorithm.
    fresh = tuple(make_key(key.algorithm, now) for key in file.active[-2:])
    vkeys = [file.verifier(key).vkey for key in fresh]
    text = "".join(f"{line}\n" for line in (HEADING, file.name, *vkeys))
    # By the new key itself, too: whoever is given it alone trusts the other one, which
    # signs no texts.
    note = Note(text, file.sign_text(text, (*file.active, *fresh)))
    both = replace(
        file,
        keys=(*file.keys, *fresh),
        endorsements=(*file.endorsements, str(note)),
    )
    return statement_keys.endorsed(both, statement_keys.named(file))


def without_old(file: KeyFile) -> KeyFile:
    """Return the file with all keys retired but those of the newest generation."""
    newest = file.active[-2:]
    keys = (key if key in newest else retired(key) for key in file.keys)
    return replace(file, keys=tuple(keys))


def followed(
    pinned: Iterable[VerifierKey], endorsements: Iterable[str]
) -> tuple[VerifierKey, ...]:
    """Return the pinned keys, the keys that they have endorsed, and so on.

    The endorsements are in order, the oldest first. Those that no trusted key has
    signed are ignored: they come from the database, or from another machine.
    """
    trusted = list(dict.fromkeys(pinned))
    for content in endorsements:
        try:
            note = parse_note(content)
            fresh = _endorsed(note, trusted)
        except (NoteMalformed, SignatureWrong):
            continue
        trusted += [key for key in fresh if key not in trusted]
    return tuple(trusted)


def _endorsed(note: Note, trusted: list[VerifierKey]) -> list[VerifierKey]:
    """Return the keys that a note endorses. Raises NoteMalformed or SignatureWrong."""
    heading, origin, *vkeys = note.text.removesuffix("\n").split("\n")
    # A log endorses keys of its own name only.
    signers = [key for key in trusted if key.name == origin]
    for signature in note.signatures:
        for key in signers:
            if heading == HEADING and key.made(signature):
                key.verify_text(note.text, signature)
                found = [parse_vkey(vkey) for vkey in vkeys]
                return [key for key in found if key.name == origin]
    return []
