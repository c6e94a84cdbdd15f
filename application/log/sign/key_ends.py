"""The end of a log's keys: up to which size of the log their signatures count.

A key that was retired, or stolen, still verifies. So newer keys of the log sign a note
that says where the older one ends: what it signs of a larger tree counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import scalar_row

from application.log.format.checkpoint import parse_size
from application.log.format.note import Note, NoteMalformed, parse_note
from application.log.format.verifier_keys import SignatureWrong, VerifierKey, parse_vkey
from application.log.sign.key_file import Key, KeyFile, retired

HEADING = "redress log keys end"
"""The first line of the note; the log's name, the size, and the keys follow."""


def ended(file: KeyFile, keys: Sequence[Key], size: int) -> KeyFile:
    """Return the file with keys that sign no more, and a note of where they ended.

    `size`: of the last tree whose signature counts. The keys that are left sign it.
    """
    kept = [key for key in file.active if key not in keys]
    vkeys = [file.verifier(key).vkey for key in keys]
    text = "".join(f"{line}\n" for line in (HEADING, file.name, str(size), *vkeys))
    note = Note(text, file.sign_text(text, kept))
    return replace(
        file,
        keys=tuple(retired(key) if key in keys else key for key in file.keys),
        ends=(*file.ends, str(note)),
    )


def ends_of(
    trusted: Iterable[VerifierKey], notes: Iterable[str]
) -> Mapping[VerifierKey, int]:
    """Return where trusted keys end, by notes that other trusted keys have signed."""
    signers, found = tuple(trusted), dict[VerifierKey, int]()
    for content in notes:
        try:
            size, keys = _ended(parse_note(content), signers)
        except (NoteMalformed, SignatureWrong, ValueError):
            continue
        for key in keys:
            found[key] = min(size, found.get(key, size))
    return found


def in_force(
    keys: Iterable[VerifierKey], ends: Mapping[VerifierKey, int], size: int
) -> tuple[VerifierKey, ...]:
    """Return the keys whose signatures count of a tree of a size."""
    return tuple(key for key in keys if size <= ends.get(key, size))


def _ended(
    note: Note, signers: Sequence[VerifierKey]
) -> tuple[int, tuple[VerifierKey, ...]]:
    heading, origin, size, *vkeys = note.text.removesuffix("\n").split("\n")
    keys = tuple(key for key in map(parse_vkey, vkeys) if key.name == origin)
    for signature in note.signatures:
        for key in signers:
            # No key ends itself: a stolen one could take the log out of service.
            if (
                heading == HEADING
                and key.name == origin
                and key not in keys
                and key.made(signature)
            ):
                key.verify_text(note.text, signature)
                return parse_size(size), keys
    return 0, ()


def publish(connection: Connection[object], file: KeyFile) -> None:
    """Publish the notes that are not published yet."""
    for note in file.ends:
        connection.execute(
            "INSERT INTO log_key_ends VALUES (%s) ON CONFLICT DO NOTHING", (note,)
        )


def published(connection: Connection[object]) -> list[str]:
    """Return the notes that are published."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        query = "SELECT note FROM log_key_ends ORDER BY note"
        return cursor.execute(query).fetchall()
