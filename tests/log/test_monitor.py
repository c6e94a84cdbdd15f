"""A monitor without the database: it checks all that a log publishes, from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.format.checkpoint import Checkpoint
from application.log.format.note import Note
from application.log.monitor.entry_check import Contradiction
from application.log.monitor.entry_source import EntrySource
from application.log.monitor.log_monitor import LogMonitor, NotTrusted
from application.log.monitor.memory import Memory, MemoryUnusable, Progress
from application.log.sign.statement_keys import StatementKey, endorsed
from application.log.witness import http_client
from application.log.witness.http_client import Answer, Unreachable
from application.log.witness.remote_log import RemoteLog
from application.log.witness.trust_policy import parse_policy
from domain.mediators.events import NoteAdded
from domain.roles import CLOCK
from interface.cli.main import redress
from tests.log.entry_server import Edit, entry_paths
from tests.log.http_servers import serving
from tests.log.log_fixture import STORY, LogFixture
from tests.log.owner_edits import cut_log, owner_without_triggers
from tests.log.signer_fixture import ORIGIN, SignerFixture
from tests.log.test_statements import put_in
from tests.samples import MEDIATOR
from tests.statement_key_file import made_statement_key

App = Connection[TupleRow]
HEAD = b'{"type":"case-head"'


class Watched:
    """A signed log of some cases, and monitors that look at what it publishes."""

    def __init__(
        self, log: LogFixture, signer: SignerFixture, folder: Path, stack: ExitStack
    ) -> None:
        self.log, self.signer, self.folder = log, signer, folder
        self._stack, self.number = stack, 0
        self.key: StatementKey = made_statement_key(folder, ORIGIN)
        signer.keys = endorsed(signer.keys, [self.key.vkey])
        log.sign_as(self.key.sign)
        self.grow()

    def grow(self, cases: int = 6) -> None:
        self.log.tell_mixed(cases)
        self.sign()

    def sign(self) -> None:
        self.log.build()
        self.signer.sign()

    def monitor(
        self, edit: Edit = lambda _, one: one, *, fresh: bool = True
    ) -> LogMonitor:
        url = self._stack.enter_context(serving(entry_paths(self.log.url, edit)))
        self.number += fresh
        memory = Memory(self.folder / f"memory-{self.number}.db", ORIGIN)
        self._stack.callback(memory.close)
        lines = [f"log {one.vkey} {url}\n" for one in self.signer.keys.verifiers]
        policy = parse_policy("".join([*lines, "quorum none\n"]).encode())
        return LogMonitor(RemoteLog(url), EntrySource(url), policy, memory)


@pytest.fixture
def watched(
    log: LogFixture, signer: SignerFixture, tmp_path: Path
) -> Iterator[Watched]:
    with ExitStack() as stack:
        yield Watched(log, signer, tmp_path, stack)


def test_it_follows_a_log_that_is_in_order(watched: Watched) -> None:
    one = watched.monitor()
    first = one.look()
    assert first.size > 100
    assert first.since == 0
    assert one.look() == first
    watched.grow(20)
    assert one.look().size > first.size
    assert watched.monitor().look().size == one.look().size


def test_it_goes_on_where_it_stopped(watched: Watched) -> None:
    seen: list[int] = []

    def noted(index: int, entry: bytes) -> bytes:
        seen.append(index)
        return entry

    one = watched.monitor()
    size = one.look().size
    one._memory.close()  # noqa: SLF001 - as the end of its process does
    watched.grow()
    again = watched.monitor(noted, fresh=False)
    assert again.look().size > size
    # From the bundle on that it had not seen the end of.
    assert min(seen) == size // 256 * 256


def found(monitor: LogMonitor) -> str:
    with pytest.raises(Contradiction) as error:
        monitor.look()
    # It stays: a log that is in order again has been out of order all the same.
    with pytest.raises(Contradiction) as again:
        monitor.look()
    assert str(again.value) == str(error.value)
    return str(error.value)


def other(character: int) -> bytes:
    """Return another character of base64: signatures differ in every run."""
    return b"B" if character == ord("A") else b"A"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda i, e: b"{}" if i == 7 else e, "log entry 7: no event"),
        (lambda i, e: b"\xff" if i == 7 else e, "log entry 7: no event"),
        (
            lambda i, e: e[:-40] + other(e[-40]) + e[-39:] if i == 9 else e,
            "no trusted key of the application has signed it",
        ),
        (
            lambda i, e: e.replace(b'"version":1,', b'"version":3,') if i == 0 else e,
            "no trusted key",
        ),
        (
            lambda _, e: e.replace(b"case-head", b"case-tail"),
            "no event",
        ),
        (
            lambda _, e: (
                e.replace(b'"version":', b'"version":1')
                if e.startswith(b'{"type"')
                else e
            ),
            "the head says that case",
        ),
    ],
)
def test_an_entry_that_is_not_what_was_signed_is_named(
    watched: Watched, edit: Edit, said: str
) -> None:
    assert said in found(watched.monitor(edit))


def test_entries_in_another_order_do_not_give_the_signed_root(
    watched: Watched,
) -> None:
    entries: dict[int, bytes] = {}

    def noted(index: int, entry: bytes) -> bytes:
        entries[index] = entry
        return entry

    watched.monitor(noted).look()
    first, second = [n for n, one in entries.items() if one.startswith(HEAD)][:2]
    turned = {first: entries[second], second: entries[first]}
    said = found(watched.monitor(turned.get))
    assert "entries give the root" in said
    assert "the log has signed" in said


def test_an_event_put_in_by_sql_is_told_apart(
    watched: Watched, log: LogFixture, app: App
) -> None:
    case = log.tell()
    put_in(app, case, NoteAdded(text="by telephone"), MEDIATOR)
    watched.sign()
    said = found(watched.monitor())
    assert f"case {case}, version {len(STORY) + 1}: " in said
    assert "the application has not signed it" in said


def test_what_the_lifecycle_does_not_allow_is_named_even_with_a_statement(
    watched: Watched, log: LogFixture, app: App
) -> None:
    case = log.tell()
    put_in(app, case, STORY[-1], CLOCK, sign=watched.key.sign)
    watched.sign()
    said = found(watched.monitor())
    assert f"case {case}, version {len(STORY) + 1}: " in said
    assert "does not allow 'closed' by clock" in said


def test_a_log_that_shrank_or_forked_is_named(
    watched: Watched, log: LogFixture
) -> None:
    one = watched.monitor()
    size = one.look().size
    watched.grow()
    larger = one.look().size
    with owner_without_triggers(log.url) as owner:
        cut_log(owner, size)
    watched.signer.path.unlink()
    watched.signer.sign(adopt=True)
    assert found(one) == (
        f"the log shrank: it had signed {larger} entries, and shows {size}"
    )


def test_a_fork_is_named_by_both_roots(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = watched.monitor()
    size = one.look().size
    fork = Checkpoint(ORIGIN, size, bytes(32))
    note = Note(fork.text, watched.signer.keys.signatures(fork, 1_800_000_000))
    monkeypatch.setattr(RemoteLog, "checkpoint", lambda _: (fork, note))
    said = found(one)
    assert said.startswith(f"the log forked: of {size} entries it has signed the roots")
    assert bytes(32).hex() in said


def test_a_longer_fork_is_named_by_both_roots_and_both_heads(
    watched: Watched, log: LogFixture
) -> None:
    one = watched.monitor()
    before = one.look().size
    watched.grow()
    seen = one.look()
    with owner_without_triggers(log.url) as owner:
        cut_log(owner, before)
    log.close()
    watched.signer.path.unlink()
    watched.signer.sign(adopt=True)
    watched.grow(20)
    forked = found(one)
    assert forked.startswith(f"the log forked: of {seen.size} entries")
    assert str(seen.note).splitlines()[2] in forked


def test_a_checkpoint_of_strangers_is_not_looked_at(
    watched: Watched, tmp_path: Path
) -> None:
    one = watched.monitor()
    stranger = SignerFixture(
        watched.log.url, tmp_path / "stranger", watched.signer.clock
    )
    watched.signer.keys = stranger.keys
    other = watched.monitor()
    with pytest.raises(NotTrusted, match="no trusted key"):
        other.look()
    # Nothing of it is remembered.
    assert one.look().contradiction is None


@pytest.mark.parametrize("content", [b"\x00", b"\x00\x02x", b"", b"\x00\x01x"])
def test_nonsense_for_entries_is_no_contradiction(
    watched: Watched, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = watched.monitor()
    fetched = http_client.fetch

    def nonsense(url: str, *more: Any, **how: Any) -> Answer:
        if "/entries/" in url:
            return Answer(200, content)
        return fetched(url, *more, **how)

    monkeypatch.setattr("application.log.monitor.entry_source.fetch", nonsense)
    with pytest.raises(Unreachable):
        one.look()
    monkeypatch.undo()
    assert one.look().size > 0


def test_a_memory_that_is_no_memory_is_named(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    path.write_bytes(b"not a database, and longer than a header of one" * 50)
    with pytest.raises(MemoryUnusable, match=r"memory\.db: "):
        Memory(path, ORIGIN)
    other = Memory(tmp_path / "other.db", ORIGIN)
    other.keep(Progress(origin="another.example/log"))
    with pytest.raises(MemoryUnusable, match=r"is about the log another\.example/log"):
        _ = other.progress
    with pytest.raises(MemoryUnusable, match="locked"):
        Memory(tmp_path / "other.db", ORIGIN)
    other.close()


def test_the_command_says_what_it_found(
    watched: Watched, log: LogFixture, app: App, tmp_path: Path
) -> None:
    with serving(entry_paths(log.url)) as url:
        policy = tmp_path / "policy"
        lines = [f"log {one.vkey} {url}\n" for one in watched.signer.keys.verifiers[:1]]
        policy.write_text("".join([*lines, "quorum none\n"]))
        asked = ["monitor", str(policy), "--home", str(tmp_path / "home"), "--once"]
        fine = CliRunner().invoke(redress, asked)
        assert fine.exit_code == 0, fine.output
        assert "entries give the signed root" in fine.output
        case = log.tell()
        put_in(app, case, STORY[-1], CLOCK)
        watched.sign()
        wrong = CliRunner().invoke(redress, asked)
        assert wrong.exit_code == 1
        assert f"{ORIGIN}: contradiction: log entry " in wrong.output
        assert str(case) in wrong.output
    unreachable = CliRunner().invoke(
        redress, [*asked[:-3], "--home", str(tmp_path / "new"), "--once"]
    )
    assert unreachable.exit_code == 2
    assert "not checked: " in unreachable.output
