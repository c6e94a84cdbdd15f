"""Checks a Redress bundle without Redress: one file, standard library only.

    python redress_verify.py BUNDLE --key VKEY [--witness VKEY ... --quorum N]

Get this file and the verifier keys from somewhere else than the bundle. Each property
is stated by itself; the exit status is 0 only if all that was asked holds, else the
number of the first verdict that went against the bundle (`--codes` lists them).

In this order: the zip, the manifest, events, notes and proofs, keys and signatures,
what is beside the events, time, the verdict, the command line.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from base64 import b64decode, b64encode
from calendar import timegm
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import new, sha256, sha512
from pathlib import Path
from struct import pack, unpack_from
from time import gmtime, strftime
from typing import Any, NamedTuple
from zlib import crc32

FORMAT = "redress-bundle/1"
FILE_LIMIT = 1 << 30
RATIO_LIMIT = 100
NOTE_LIMIT = 1_000_000
DEPTH_LIMIT = 64
LOG_KEY, WITNESS_KEY = 1, 4
CLOCK_SLACK = 600
"""Seconds by which the clocks of platform, witnesses and time stamps may differ."""

PROPERTIES = {
    "bundle": ("the file is whole, and as it was made", "文件完整且未被改动"),
    "events": ("the events follow one another", "各事件首尾相接"),
    "complete": ("nothing is missing at the end", "末尾没有缺失"),
    "logged": ("all of it is in the log", "全部内容都在日志中"),
    "signed": ("the log has signed it", "日志已签名"),
    "witnessed": ("witnesses have co-signed it", "见证方已共同签名"),
    "timed": ("the time is bounded", "时间有据可依"),
    "erased": ("sealed and erased texts are named", "密封和已删除的文字均已列明"),
    "evidence": ("the evidence is what was handed in", "证据与提交时一致"),
}
STATES = {
    "holds": ("holds", "成立"),
    "fails": ("FAILS", "不成立"),
    "unknown": ("unknown", "无法判断"),
    "none": ("nothing to check", "无可核对"),
}
CODES: dict[str, tuple[int, str, str]] = {
    "valid": (0, "every property that was asked for holds", "所要求的各项均成立"),
    "unreadable": (3, "the file cannot be read: {0}", "文件无法读取：{0}"),
    "truncated": (10, "the file is cut off, or no bundle", "文件被截断或不是证据包"),
    "too-large": (11, "larger than allowed, or a zip bomb: {0}", "过大或压缩炸弹：{0}"),
    "path-outside": (12, "a path leads out of the bundle: {0}", "路径越出证据包：{0}"),
    "doubled-member": (13, "a member is there twice: {0}", "成员重复：{0}"),
    "unknown-member": (14, "a member that does not belong: {0}", "多余的成员：{0}"),
    "missing-member": (15, "a member is missing: {0}", "缺少成员：{0}"),
    "other-format": (16, "another format than this one: {0}", "格式版本不同：{0}"),
    "manifest-wrong": (17, "the manifest is not in order: {0}", "清单有误：{0}"),
    "altered-member": (18, "not as the manifest says: {0}", "与清单不符：{0}"),
    "not-canonical": (
        19,
        "packed otherwise than bundles are: {0}",
        "打包方式不符：{0}",
    ),
    "event-malformed": (20, "not an event: {0}", "不是事件：{0}"),
    "event-elsewhere": (21, "an event of another place: {0}", "事件不属于此处：{0}"),
    "broken-chain": (22, "does not name the one before: {0}", "与前一事件不相接：{0}"),
    "incomplete": (30, "the case head does not close it: {0}", "案件末端不符：{0}"),
    "proof-malformed": (40, "not a proof: {0}", "不是证明：{0}"),
    "other-log": (41, "a proof of another log or checkpoint: {0}", "证明属于他处：{0}"),
    "not-in-log": (42, "the log does not hold it: {0}", "日志中没有：{0}"),
    "checkpoint-wrong": (50, "not a checkpoint: {0}", "不是检查点：{0}"),
    "foreign-log": (51, "the checkpoint is of another log: {0}", "属于另一日志：{0}"),
    "foreign-key": (52, "not signed with the key given: {0}", "并非所给密钥签名：{0}"),
    "signature-wrong": (53, "a signature does not verify: {0}", "签名不成立：{0}"),
    "quorum-missed": (60, "too few witnesses: {0}", "见证方不足：{0}"),
    "cosignature-wrong": (61, "a cosignature is wrong: {0}", "见证签名不成立：{0}"),
    "time-order": (70, "times out of order: {0}", "时间先后不符：{0}"),
    "timestamp-malformed": (71, "not a time stamp: {0}", "不是时间戳：{0}"),
    "timestamp-elsewhere": (
        72,
        "a stamp on something else: {0}",
        "时间戳另有所指：{0}",
    ),
    "timestamp-wrong": (73, "the time stamp does not verify: {0}", "时间戳不成立：{0}"),
    "redactions-wrong": (
        80,
        "sealed texts are not as listed: {0}",
        "密封清单不符：{0}",
    ),
    "opened-wrong": (81, "an opened text does not belong: {0}", "公开文字不对应：{0}"),
    "evidence-wrong": (90, "evidence is not as listed: {0}", "证据清单不符：{0}"),
    "unexpected": (99, "unlike any bundle: {0}", "与任何证据包都不同：{0}"),
    "file-altered": (91, "a file is not what was handed in: {0}", "文件已被改动：{0}"),
}
BESIDE = (
    (
        "Not proved, as the platform states it: rules, reasons, deadlines, timeline,"
        " keys' dates, opened texts, which texts were erased."
    ),
    (
        "以下内容由平台陈述，未经证明：规则、理由、期限、时间线、密钥日期、"
        "公开的文字、哪些文字已删除。"
    ),
)


class Refused(Exception):
    """A property does not hold: the code of the verdict, and what it is about."""

    def __init__(self, code: str, about: object = "") -> None:
        super().__init__(code, about)
        self.code, self.about = code, str(about)[:200]


class Asked(NamedTuple):
    """Whom to trust: keys of the log, of witnesses, how many, and time stampers."""

    keys: tuple[Key, ...]
    witnesses: tuple[Key, ...] = ()
    quorum: int | None = None
    stampers: tuple[bytes, ...] = ()


class Found(NamedTuple):
    """What became of one property."""

    name: str
    state: str
    code: str | None = None
    about: str = ""


def read_zip(data: bytes) -> dict[str, bytes]:
    """Return the members by name, in order. Nothing is ever inflated."""
    if len(data) > FILE_LIMIT:
        raise Refused("too-large", f"{len(data)} bytes")
    if len(data) < 22 or data[-22:-18] != b"PK\x05\x06":
        raise Refused("truncated")
    count, size, start = unpack_from("<HII", data, len(data) - 12)
    if start + size != len(data) - 22:
        raise Refused("truncated")
    members: dict[str, bytes] = {}
    place, expected = start, 0
    for _ in range(count):
        name, offset, length, place = _entry(data, place)
        if name in members:
            raise Refused("doubled-member", name)
        begin = offset + 30 + len(name.encode("latin-1"))
        if begin + length > start:
            raise Refused("truncated", name)
        if offset != expected:
            raise Refused("not-canonical", name)
        members[name] = data[begin : begin + length]
        expected = begin + length
    return members


def _entry(data: bytes, place: int) -> tuple[str, int, int, int]:
    """Read one line of the central directory: name, offset, length, the next line."""
    if place + 46 > len(data) - 22 or data[place : place + 4] != b"PK\x01\x02":
        raise Refused("not-canonical", "directory")
    method, packed, length = unpack_from("<10xH8xII", data, place)
    many, extra, comment = unpack_from("<28xHHH", data, place)
    (offset,) = unpack_from("<42xI", data, place)
    name = data[place + 46 : place + 46 + many].decode("latin-1")
    if _leads_outside(name):
        raise Refused("path-outside", name)
    if length > len(data) or length > RATIO_LIMIT * max(packed, 1):
        raise Refused("too-large", f"{name}: {packed} to {length} bytes")
    if method or packed != length or extra or comment:
        raise Refused("not-canonical", name)
    return name, offset, length, place + 46 + many


def _leads_outside(name: str) -> bool:
    parts = name.split("/")
    return (
        "\\" in name
        or name[1:2] == ":"
        or "\0" in name
        or any(part in {"", ".", ".."} for part in parts)
    )


def write_zip(members: dict[str, bytes]) -> bytes:
    """Return the one zip that bundles of these members are."""
    bodies, directory, offset = [], [], 0
    for name in sorted(members, key=lambda name: (name != "manifest.json", name)):
        body = members[name]
        path = name.encode("latin-1")
        about = pack(
            "<HHHHIIIHH",
            0,
            0,
            0,
            0x21,
            crc32(body),
            len(body),
            len(body),
            len(path),
            0,
        )
        bodies += [b"PK\x03\x04" + pack("<H", 20) + about, path, body]
        line = b"PK\x01\x02" + pack("<HH", 0x314, 20) + about
        line += pack("<HHHII", 0, 0, 0, 0o100644 << 16, offset)
        directory.append(line + path)
        offset += 30 + len(path) + len(body)
    lines, many = b"".join(directory), len(members)
    end = pack("<HHHHIIH", 0, 0, many, many, len(lines), offset, 0)
    return b"".join([*bodies, lines, b"PK\x05\x06", end])


_ALWAYS = frozenset(
    {
        "checkpoint.txt",
        "deadlines.json",
        "evidence.json",
        "head.json",
        "keys.json",
        "proofs/head.tlog-proof",
        "reasons.json",
        "redactions.json",
        "rules/calendar.json",
        "rules/codes.toml",
        "timeline.en.html",
        "timeline.zh.html",
    }
)
_PERHAPS = re.compile(
    r"opened\.json|timestamp\.tsr|files/\d{6}\.(sealed|opened)"
    r"|rules/(policy|proof)/[a-z0-9-]{1,64}\.toml",
    re.ASCII,
)


def numbered(version: int) -> tuple[str, str]:
    """Return the names of a version's event and of its proof."""
    return f"events/{version:06d}.json", f"proofs/{version:06d}.tlog-proof"


class Bundle:
    """The members of a bundle, and what its manifest says of the case."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self.members = members
        manifest = _manifest(members)
        self.case: str = manifest["case"]
        self.version: int = manifest["version"]
        self.checkpoint: dict[str, Any] = manifest["checkpoint"]
        self.listed: dict[str, Any] = manifest["members"]
        self._check_names()
        self._told: list[tuple[int, dict[str, Any]]] = []

    @property
    def events(self) -> list[bytes]:
        """Return the stored bytes of every event, in order."""
        return [self.members[numbered(n)[0]] for n in range(1, self.version + 1)]

    @property
    def told(self) -> list[tuple[int, dict[str, Any]]]:
        """Return every version with the envelope of its event."""
        if not self._told:
            states = enumerate(self.events, 1)
            self._told = [(version, envelope(one, version)) for version, one in states]
        return self._told

    def text(self, name: str, code: str) -> str:
        """Return a member as text."""
        try:
            return self.members[name].decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(code, name) from None

    def check_digests(self) -> None:
        """Refuse a member that is not as long, or not what, the manifest says."""
        for name, body in self.members.items():
            if name == "manifest.json":
                continue
            stated = {"sha256": sha256(body).hexdigest(), "size": len(body)}
            if self.listed[name] != stated:
                raise Refused("altered-member", name)
        checkpoint = _checkpoint(self)
        stated = {"origin": checkpoint.origin, "size": checkpoint.size}
        if self.checkpoint != dict(stated, root=b64encode(checkpoint.root).decode()):
            raise Refused("manifest-wrong", "checkpoint")

    def _check_names(self) -> None:
        present, listed = set(self.members) - {"manifest.json"}, set(self.listed)
        needed = set(_ALWAYS)
        for version in range(1, self.version + 1):
            needed.update(numbered(version))
        for name in sorted(present | listed):
            if name not in listed or not (name in needed or _PERHAPS.fullmatch(name)):
                raise Refused("unknown-member", name)
        for name in sorted(listed | needed):
            if name not in present:
                raise Refused("missing-member", name)


def canonical(value: Any) -> bytes:
    """Write JSON in its one form here: sorted, without spaces, one final newline."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


def _manifest(members: dict[str, bytes]) -> dict[str, Any]:
    if "manifest.json" not in members:
        raise Refused("missing-member", "manifest.json")
    content = members["manifest.json"]
    try:
        manifest = parse_json(content)
        same = canonical(manifest) == content
    except ValueError:
        raise Refused("manifest-wrong", "not JSON") from None
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise Refused("manifest-wrong", "format")
    if manifest["format"] != FORMAT:
        raise Refused("other-format", manifest["format"])
    if not same or set(manifest) != set(_MANIFEST) | {"format"}:
        raise Refused("manifest-wrong", "not in its one form")
    for name, kind in _MANIFEST.items():
        if type(manifest[name]) is not kind:
            raise Refused("manifest-wrong", name)
    if not 0 < manifest["version"] < 1_000_000:
        raise Refused("manifest-wrong", "version")
    return manifest


_MANIFEST = {"case": str, "version": int, "checkpoint": dict, "members": dict}


def parse_json(content: bytes) -> Any:
    """Read JSON. Raises ValueError for whatever is not."""
    try:
        value = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deep") from None
    level = [value]
    for _ in range(DEPTH_LIMIT):
        level = [part for one in level for part in _parts(one)]
        if not level:
            return value
    raise ValueError("nested too deep")


def _parts(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _no_number(name: str) -> None:
    raise ValueError(name)


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a log entry (RFC 6962)."""
    return sha256(b"\0" + entry).digest()


def check_events(bundle: Bundle) -> None:
    """Refuse events that are not versions 1 to N of this case, chained by hash."""
    before = None
    for (version, event), state in zip(bundle.told, bundle.events):
        name = numbered(version)[0]
        if event.get("case") != bundle.case or event.get("version") != version:
            raise Refused("event-elsewhere", name)
        if event.get("prev") != before:
            raise Refused("broken-chain", name)
        before = b64encode(leaf_hash(state)).decode()


def envelope(state: bytes, version: int) -> dict[str, Any]:
    """Read the envelope of an event."""
    try:
        event = parse_json(state)
    except ValueError:
        event = None
    if not isinstance(event, dict) or not isinstance(event.get("event"), dict):
        raise Refused("event-malformed", numbered(version)[0])
    return event


def check_complete(bundle: Bundle) -> None:
    """Refuse a case whose end is not the one that its head in the log states."""
    leaf = b64encode(leaf_hash(bundle.events[-1])).decode()
    head = '{"type":"case-head","case":"%s","version":%d,"leaf":"%s"}'
    if bundle.members["head.json"] != (
        head % (bundle.case, bundle.version, leaf)
    ).encode("utf-8"):
        raise Refused("incomplete", f"version {bundle.version}")


class Signature(NamedTuple):
    """A signature line: by whom, with which key, its bytes."""

    name: str
    key_id: bytes
    value: bytes


class Checkpoint(NamedTuple):
    """A log's tree as it says it is, and who signed that."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...]


_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


def parse_note(content: str) -> tuple[str, tuple[Signature, ...]]:
    """Read a signed note. Raises ValueError."""
    text, blank, signed = content.rpartition("\n\n")
    lines = signed.split("\n")
    if len(content) > NOTE_LIMIT or _CONTROL.search(content) or not blank:
        raise ValueError("note")
    if lines.pop() or not 0 < len(lines) <= 128:
        raise ValueError("signatures")
    return text + "\n", tuple(map(_signature, lines))


def _signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError("signature line")
    blob = base64(found.group(2))
    if len(blob) <= 4:
        raise ValueError("signature")
    return Signature(found.group(1), blob[:4], blob[4:])


def base64(text: str) -> bytes:
    """Decode base64 in its one canonical form. Raises ValueError."""
    content = b64decode(text.encode("utf-8"), validate=True)
    if b64encode(content).decode() != text:
        raise ValueError("base64")
    return content


def _checkpoint(bundle: Bundle) -> Checkpoint:
    code = "checkpoint-wrong"
    try:
        text, signatures = parse_note(bundle.text("checkpoint.txt", code))
        origin, size, root, *more = text[:-1].split("\n")
        if not origin or not _SIZE.fullmatch(size) or len(base64(root)) != 32:
            raise ValueError("lines")
        if not all(more) or int(size) >= 1 << 63:
            raise ValueError("lines")
    except ValueError:
        raise Refused(code, "checkpoint.txt") from None
    return Checkpoint(text, origin, int(size), base64(root), signatures)


def check_logged(bundle: Bundle) -> None:
    """Refuse an event, or a head, that its proof does not find in the log's tree."""
    checkpoint = _checkpoint(bundle)
    note = bundle.text("checkpoint.txt", "checkpoint-wrong")
    entries = [(numbered(n)[1], state) for n, state in enumerate(bundle.events, 1)]
    entries.append(("proofs/head.tlog-proof", bundle.members["head.json"]))
    for name, entry in entries:
        index, path = _proof(bundle, name, note)
        computed = root_of(leaf_hash(entry), index, checkpoint.size, path)
        if computed != checkpoint.root:
            raise Refused("not-in-log", name)


def _proof(bundle: Bundle, name: str, note: str) -> tuple[int, list[bytes]]:
    text, code = bundle.text(name, "proof-malformed"), "proof-malformed"
    head, _, rest = text.partition("\n\n")
    heading, *lines = head.split("\n")
    index, *path = lines or [""]
    number = index[6:]
    if heading != "c2sp.org/tlog-proof@v1" or index[:6] != "index ":
        raise Refused(code, name)
    if not _SIZE.fullmatch(number) or len(path) > 63:
        raise Refused(code, name)
    try:
        hashes = [base64(line) for line in path]
    except ValueError:
        raise Refused(code, name) from None
    if any(len(one) != 32 for one in hashes):
        raise Refused(code, name)
    if rest != note:
        raise Refused("other-log", name)
    return int(number), hashes


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Return the root that a path leads to; None if it does not fit such a tree."""
    if not 0 <= index < size:
        return None
    place, last, computed = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            computed = sha256(b"\1" + step + computed).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            computed = sha256(b"\1" + computed + step).digest()
        place, last = place >> 1, last >> 1
    return computed if last == 0 else None


class Key(NamedTuple):
    """A verifier key: its name, its id, its algorithm and the public key."""

    name: str
    key_id: bytes
    algorithm: int
    public: bytes


def parse_key(text: str) -> Key:
    """Read a C2SP verifier key of Ed25519. Raises ValueError."""
    name, _, rest = text.partition("+")
    key_id, _, material = rest.partition("+")
    content = base64(material)
    if not name or content[:1] not in (b"\1", b"\4") or len(content) != 33:
        raise ValueError(f"not an Ed25519 verifier key: {text[:80]}")
    computed = sha256(f"{name}\n".encode() + content).digest()[:4]
    if computed.hex() != key_id:
        raise ValueError(f"key and id do not belong together: {text[:80]}")
    return Key(name, computed, content[0], content[1:])


def check_signed(bundle: Bundle, keys: tuple[Key, ...]) -> None:
    """Refuse a checkpoint that no given key signed, nor one that those name."""
    checkpoint = _checkpoint(bundle)
    ours = [key for key in keys if key.name == checkpoint.origin]
    if not ours:
        raise Refused("foreign-log", checkpoint.origin)
    ours = _followed(bundle, ours)
    made = list(_made(checkpoint.signatures, ours))
    if not made:
        raise Refused("foreign-key", checkpoint.origin)
    for key, signature in made:
        if not verify(key.public, checkpoint.text.encode(), signature.value):
            raise Refused("signature-wrong", key.name)


def _made(
    signatures: tuple[Signature, ...], keys: list[Key]
) -> Iterator[tuple[Key, Signature]]:
    for signature in signatures:
        for key in keys:
            if (signature.name, signature.key_id) == (key.name, key.key_id):
                yield key, signature


def _followed(bundle: Bundle, pinned: list[Key]) -> list[Key]:
    """Return the pinned keys and those that they endorsed when they were changed."""
    trusted = list(pinned)
    try:
        history = parse_json(bundle.members["keys.json"])
        notes = [one["endorsement"] for one in history if one["endorsement"]]
    except (ValueError, KeyError, TypeError):
        return trusted
    for content in notes:
        try:
            text, signatures = parse_note(content)
            heading, origin, *vkeys = text[:-1].split("\n")
        except (ValueError, TypeError, AttributeError):
            continue
        signers = [key for key in trusted if key.name == origin]
        if heading == "redress log keys" and any(
            verify(key.public, text.encode(), one.value)
            for key, one in _made(signatures, signers)
        ):
            fresh = [key for key in _ed25519(vkeys) if key.name == origin]
            trusted += [key for key in fresh if key.algorithm == LOG_KEY]
    return trusted


def _ed25519(vkeys: list[str]) -> Iterator[Key]:
    for vkey in vkeys:
        try:
            yield parse_key(vkey)
        except ValueError:
            continue


def cosigned(bundle: Bundle, witnesses: tuple[Key, ...]) -> list[int]:
    """Return when each of the witnesses co-signed (POSIX), the earliest first."""
    checkpoint, times = _checkpoint(bundle), {}
    for key, signature in _made(checkpoint.signatures, list(witnesses)):
        if len(signature.value) != 72:
            raise Refused("cosignature-wrong", key.name)
        time = int.from_bytes(signature.value[:8], "big")
        message = f"cosignature/v1\ntime {time}\n{checkpoint.text}".encode()
        if not verify(key.public, message, signature.value[8:]):
            raise Refused("cosignature-wrong", key.name)
        times[key.public] = time
    return sorted(times.values())


P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]
"""X, Y, Z, T of RFC 8032: x = X/Z, y = Y/Z, xy = T/Z."""


@lru_cache(maxsize=4096)
def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature holds (RFC 8032)."""
    if len(signature) != 64 or len(public) != 32:
        return False
    a, s = _point(public), int.from_bytes(signature[32:], "little")
    if a is None or s >= L:
        return False
    digest = sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % L
    minus_a = (P - a[0], a[1], a[2], P - a[3])
    return _encoded(_add(_times(s, _BASE), _times(k, minus_a))) == signature[:32]


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _point(content: bytes) -> Point | None:
    y = int.from_bytes(content, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


_BASE_X = 0x216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A
_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def check_erased(bundle: Bundle) -> str:
    """Refuse a list of sealed texts that does not name each of them once."""
    sealed = {
        (version, path): text
        for version, event in bundle.told
        for path, text in sealed_texts(event)
    }
    opened = _opened(bundle, sealed)
    listed = _list(bundle, "redactions.json", "redactions-wrong")
    names = [(one.get("version"), one.get("path")) for one in listed]
    if names != sorted(sealed):
        raise Refused("redactions-wrong", "not each sealed text once")
    for one, name in zip(listed, names):
        wanted = {"opened"} if name in opened else {"erased", "sealed"}
        if set(one) != {"version", "path", "state"} or str(one["state"]) not in wanted:
            raise Refused("redactions-wrong", f"{name[0]}/{name[1]}")
    erased = [f"{one['version']}/{one['path']}" for one in listed if _gone(one)]
    return f"{len(sealed)}, erased {len(erased)} {' '.join(erased)}".strip()


def _gone(one: dict[str, Any]) -> bool:
    return bool(one["state"] == "erased")


def _opened(bundle: Bundle, sealed: dict[Any, str]) -> dict[Any, Any]:
    """Return the opened texts; each has to name the sealed text that it stands for."""
    opened: dict[Any, Any] = {}
    if "opened.json" not in bundle.members:
        return opened
    for one in _list(bundle, "opened.json", "opened-wrong"):
        name = (one.get("version"), one.get("path"))
        there = name in sealed and name not in opened
        about = sha256(sealed[name].encode()).hexdigest() if there else None
        keys = {"version", "path", "sealed", "text"}
        if set(one) != keys or one["sealed"] != about or type(one["text"]) is not str:
            raise Refused("opened-wrong", f"{name[0]}/{name[1]}")
        opened[name] = one["text"]
    return opened


def _list(bundle: Bundle, name: str, code: str) -> list[dict[str, Any]]:
    """Read a member that is a list of objects, each with a version and a path."""
    try:
        content = parse_json(bundle.members[name])
    except ValueError:
        content = None
    if not isinstance(content, list) or not all(map(_is_placed, content)):
        raise Refused(code, name)
    return content


def _is_placed(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and type(one.get("version")) is int
        and type(one.get("path")) is str
    )


_SEALED = re.compile(r"enc[0-9]+:[A-Za-z0-9+/=]+", re.ASCII)


def sealed_texts(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each sealed text of an event by its path in the payload."""
    if event.get("key") is not None:
        yield from _sealed_in(event["event"], "")


def _sealed_in(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and _SEALED.fullmatch(value):
        yield path, value
    parts: Any = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    for name, part in parts:
        yield from _sealed_in(part, f"{path}.{name}" if path else str(name))


def check_evidence(bundle: Bundle) -> str:
    """Refuse a list of evidence that the events do not tell, or a file not in it."""
    members = bundle.members
    rows: list[dict[str, Any]] = []
    for version, event in bundle.told:
        rows += exhibits(event["event"], version)
    if members["evidence.json"] != canonical(rows):
        raise Refused("evidence-wrong", "evidence.json")
    known = {f"files/{row['version']:06d}": row for row in rows}
    files = [name for name in members if name.startswith("files/")]
    for name in files:
        row = known.get(name.partition(".")[0])
        if row is None:
            raise Refused("unknown-member", name)
        check = _is_file if name.endswith(".opened") else _is_sealed_file
        if not check(members[name], row):
            raise Refused("file-altered", name)
    return f"{len(rows)}, files {len(files)}"


def exhibits(event: dict[str, Any], version: int) -> Iterator[dict[str, Any]]:
    """Yield the file that came with an event, if one did."""
    about = event if event.get("type") == "evidence-submitted" else None
    if event.get("type") == "message-posted":
        about = event.get("attachment")
    if about is not None:
        if not isinstance(about, dict):
            raise Refused("event-malformed", numbered(version)[0])
        yield {
            "version": version,
            "number": event.get("number"),
            "by": event.get("by"),
            "kind": about.get("kind", "attachment"),
            "sha256": about.get("sha256"),
            "size": about.get("size"),
            "media_type": about.get("media_type"),
        }


def _is_file(content: bytes, row: dict[str, Any]) -> bool:
    same = sha256(content).hexdigest() == row["sha256"]
    return bool(same and len(content) == row["size"])


def _is_sealed_file(content: bytes, row: dict[str, Any]) -> bool:
    """Tell whether a sealed file is as long as one of that size; more needs its key."""
    size = row["size"]
    if type(size) is not int or size < 0:
        return False
    chunks = max(1, -(-size >> 20)) if size else 1
    return content[:5] == b"RDRS1" and len(content) == 13 + size + 16 * chunks


_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?Z", re.ASCII
)


def recorded(bundle: Bundle) -> int:
    """Return when the last event says that it was recorded (POSIX)."""
    latest = 0
    for version, event in bundle.told:
        found = _TIME.fullmatch(str(event.get("recorded_at")))
        if found is None:
            raise Refused("event-malformed", numbered(version)[0])
        try:
            latest = max(latest, timegm(tuple(map(int, found.groups()))))
        except ValueError:
            raise Refused("event-malformed", numbered(version)[0]) from None
    return latest


def check_order(bundle: Bundle, time: int) -> None:
    """Refuse events that say they are younger than what was signed over them."""
    latest = recorded(bundle)
    if latest > time + CLOCK_SLACK:
        raise Refused("time-order", f"recorded {said(latest)}, signed {said(time)}")


def said(time: int) -> str:
    """Write a time (POSIX) as UTC."""
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(min(time, 1 << 37)))


STAMP = "timestamp.tsr"
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
_RSA = bytes.fromhex("2a864886f70d010101")
_DIGESTS = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
_STAMPED = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?Z")


class Node(NamedTuple):
    """A value in DER: its tag, its content, and all of it."""

    tag: int
    content: bytes
    whole: bytes

    def parts(self) -> list[Node]:
        """Return the values inside. Raises ValueError."""
        found, place = [], 0
        while place < len(self.content):
            node = parse_der(self.content, place)
            found.append(node)
            place += len(node.whole)
        return found


def parse_der(data: bytes, place: int = 0) -> Node:
    """Read the value that begins somewhere. Raises ValueError."""
    head = data[place : place + 2]
    if len(head) < 2 or head[0] & 0x1F == 0x1F or head[1] in {0x80, 0xFF}:
        raise ValueError("DER")
    begin, length = place + 2, head[1]
    if length & 0x80:
        begin += length & 0x7F
        length = int.from_bytes(data[place + 2 : begin], "big")
    if begin + length > len(data):
        raise ValueError("DER breaks off")
    return Node(head[0], data[begin : begin + length], data[place : begin + length])


class Stamp(NamedTuple):
    """A time stamp (RFC 3161): of what, when, and what was signed."""

    imprint: bytes
    time: int
    info: bytes
    attributes: Node
    digest: str
    signature: bytes


def parse_stamp(data: bytes) -> Stamp:
    """Read a time stamp response. Raises ValueError, IndexError or KeyError."""
    response = parse_der(data)
    if response.whole != data:
        raise ValueError("more than a response")
    status, token = response.parts()
    kind, signed = token.parts()
    if status.parts()[0].content not in (b"\0", b"\1") or kind.content != _SIGNED_DATA:
        raise ValueError("not granted")
    fields = signed.parts()[0].parts()
    kind, wrapped = fields[2].parts()
    info, (signer,) = wrapped.parts()[0].content, fields[-1].parts()
    _version, _policy, imprint, _serial, time = parse_der(info).parts()[:5]
    algorithm, digest = imprint.parts()
    found = _STAMPED.fullmatch(time.content.decode("ascii"))
    if kind.content != _TST_INFO or found is None:
        raise ValueError("not a time stamp")
    if _DIGESTS[algorithm.parts()[0].content] != "sha256":
        raise ValueError("not of SHA-256")
    _version, _who, algorithm, attributes, _kind, signature = signer.parts()[:6]
    return Stamp(
        digest.content,
        timegm(tuple(map(int, found.groups()))),
        info,
        attributes,
        _DIGESTS[algorithm.parts()[0].content],
        signature.content,
    )


def check_stamp(bundle: Bundle, times: list[int], stampers: tuple[bytes, ...]) -> str:
    """Refuse a time stamp of something else, out of order, or not by who is trusted."""
    try:
        stamp = parse_stamp(bundle.members[STAMP])
    except (ValueError, IndexError, KeyError):
        raise Refused("timestamp-malformed", STAMP) from None
    if stamp.imprint != sha256(bundle.members["checkpoint.txt"]).digest():
        raise Refused("timestamp-elsewhere", STAMP)
    check_order(bundle, stamp.time)
    if times and times[0] > stamp.time + CLOCK_SLACK:
        raise Refused("time-order", f"stamped {said(stamp.time)} before it was signed")
    if not stampers:
        return f"time stamp (not verified) <= {said(stamp.time)}"
    try:
        held = any(_stamped_by(stamp, one) for one in stampers)
    except (ValueError, IndexError):
        held = False
    if not held:
        raise Refused("timestamp-wrong", STAMP)
    return f"time stamp <= {said(stamp.time)}"


def _stamped_by(stamp: Stamp, certificate: bytes) -> bool:
    """Tell whether the holder of a certificate has signed a time stamp."""
    told = {one.parts()[0].content: one.parts()[1] for one in stamp.attributes.parts()}
    digest = new(stamp.digest, stamp.info).digest()
    if told.get(_CONTENT_TYPE) is None or told.get(_MESSAGE_DIGEST) is None:
        return False
    if told[_MESSAGE_DIGEST].parts()[0].content != digest:
        return False
    if told[_CONTENT_TYPE].parts()[0].content != _TST_INFO:
        return False
    signed = b"\x31" + stamp.attributes.whole[1:]
    return _rsa(certificate, stamp.digest, signed, stamp.signature)


def _rsa(certificate: bytes, digest: str, message: bytes, signature: bytes) -> bool:
    """Verify RSASSA-PKCS1-v1_5 (RFC 8017) with the key of a certificate."""
    algorithm, bits = public_key(certificate).parts()
    if algorithm.parts()[0].content != _RSA:
        return False
    modulus, exponent = parse_der(bits.content, 1).parts()
    n, e = (int.from_bytes(one.content, "big") for one in (modulus, exponent))
    size = (n.bit_length() + 7) // 8
    name = next(oid for oid, known in _DIGESTS.items() if known == digest)
    content = new(digest, message).digest()
    inner = b"\x06" + bytes([len(name)]) + name + b"\x05\x00"
    inner = b"\x30" + bytes([len(inner)]) + inner + b"\x04" + bytes([len(content)])
    inner += content
    inner = b"\x30" + bytes([len(inner)]) + inner
    padded = b"\0\1" + b"\xff" * (size - 3 - len(inner)) + b"\0" + inner
    number = int.from_bytes(signature, "big")
    return len(signature) == size and pow(number, e, n).to_bytes(size, "big") == padded


def public_key(certificate: bytes) -> Node:
    """Return the public key of a certificate. Raises ValueError or IndexError."""
    fields = parse_der(certificate).parts()[0].parts()
    return fields[6 if fields[0].tag == 0xA0 else 5]


def parse_certificate(text: str) -> bytes:
    """Read a certificate in PEM. Raises ValueError."""
    found = re.search(
        "-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", text, re.DOTALL
    )
    if found is None:
        raise ValueError("not a certificate in PEM")
    certificate = b64decode("".join(found.group(1).split()), validate=True)
    try:
        public_key(certificate)
    except IndexError:
        raise ValueError("not a certificate") from None
    return certificate


class Report(NamedTuple):
    """What was found, which code it comes to, and whose bundle it is."""

    found: tuple[Found, ...]
    digest: str
    case: str = ""
    version: int = 0

    @property
    def verdict(self) -> str:
        """Return the code of the first property that does not hold, or "valid"."""
        codes = [one.code for one in self.found if one.state == "fails"]
        return next((code for code in codes if code), "valid")


def check(data: bytes, asked: Asked) -> Report:
    """Check a bundle. Whatever it holds, this answers and never raises."""
    digest = sha256(data).hexdigest()
    try:
        bundle = Bundle(read_zip(data))
    except Refused as refused:
        rest = (Found(name, "unknown") for name in list(PROPERTIES)[1:])
        first = Found("bundle", "fails", refused.code, refused.about)
        return Report((first, *rest), digest)
    found = tuple(_found(name, bundle, data, asked) for name in PROPERTIES)
    return Report(found, digest, bundle.case, bundle.version)


def _found(name: str, bundle: Bundle, data: bytes, asked: Asked) -> Found:
    try:
        about = _CHECKS[name](bundle, data, asked)
    except Refused as refused:
        return Found(name, "fails", refused.code, refused.about)
    except (
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        RecursionError,
    ) as error:
        return Found(name, "fails", "unexpected", type(error).__name__)
    return Found(name, "none") if about is None else Found(name, "holds", None, about)


def _bundle(bundle: Bundle, data: bytes, _: Asked) -> str:
    bundle.check_digests()
    if write_zip(bundle.members) != data:
        raise Refused("not-canonical", "zip")
    return f"{len(bundle.members)}"


def _events(bundle: Bundle, _: bytes, __: Asked) -> str:
    check_events(bundle)
    return f"1-{bundle.version}"


def _complete(bundle: Bundle, _: bytes, __: Asked) -> str:
    check_complete(bundle)
    checkpoint = _checkpoint(bundle)
    note = bundle.text("checkpoint.txt", "checkpoint-wrong")
    index, _path = _proof(bundle, "proofs/head.tlog-proof", note)
    return f"version {bundle.version} (log entry {index} of {checkpoint.size})"


def _logged(bundle: Bundle, _: bytes, __: Asked) -> str:
    check_logged(bundle)
    return f"{_checkpoint(bundle).origin} {_checkpoint(bundle).size}"


def _signed(bundle: Bundle, _: bytes, asked: Asked) -> str:
    check_signed(bundle, asked.keys)
    return _checkpoint(bundle).origin


def _witnessed(bundle: Bundle, _: bytes, asked: Asked) -> str | None:
    if not asked.witnesses:
        return None
    times, needed = cosigned(bundle, asked.witnesses), _quorum(asked)
    if len(times) < needed:
        raise Refused("quorum-missed", f"{len(times)} of {needed}")
    return f"{len(times)} of {len(asked.witnesses)}"


def _quorum(asked: Asked) -> int:
    return len(asked.witnesses) if asked.quorum is None else asked.quorum


def _timed(bundle: Bundle, _: bytes, asked: Asked) -> str | None:
    times = cosigned(bundle, asked.witnesses) if asked.witnesses else []
    needed, bounds = _quorum(asked), []
    if 0 < needed <= len(times):
        check_order(bundle, times[needed - 1])
        bounds.append(f"witnesses <= {said(times[needed - 1])}")
    if STAMP in bundle.members:
        bounds.append(check_stamp(bundle, times, asked.stampers))
    return ", ".join(bounds) or None


_CHECKS: dict[str, Callable[[Bundle, bytes, Asked], str | None]] = {
    "bundle": _bundle,
    "events": _events,
    "complete": _complete,
    "logged": _logged,
    "signed": _signed,
    "witnessed": _witnessed,
    "timed": _timed,
    "erased": lambda bundle, _, __: check_erased(bundle),
    "evidence": lambda bundle, _, __: check_evidence(bundle),
}


def main(arguments: list[str] | None = None) -> int:
    """Check a file, say what was found, and return the exit status."""
    options = _parser().parse_args(arguments)
    asked = _asked(options)
    try:
        path = Path(options.bundle)
        if path.stat().st_size > FILE_LIMIT:
            report = _failed("too-large", path)
        else:
            report = check(path.read_bytes(), asked)
    except OSError as error:
        report = _failed("unreadable", error.strerror or options.bundle)
    told = _as_json(report) if options.json else _in_words(report, options.lang)
    sys.stdout.buffer.write(told.encode("utf-8") + b"\n")
    return CODES[report.verdict][0]


def _failed(code: str, about: object) -> Report:
    rest = (Found(name, "unknown") for name in list(PROPERTIES)[1:])
    return Report((Found("bundle", "fails", code, str(about)), *rest), "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Checks a Redress bundle, offline.")
    parser.add_argument("bundle")
    parser.add_argument("--key", action="append", required=True, metavar="VKEY")
    parser.add_argument("--witness", action="append", default=[], metavar="VKEY")
    parser.add_argument("--quorum", type=int, metavar="N", help="default: all of them")
    parser.add_argument("--tsa", action="append", default=[], metavar="CERT.pem")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("en", "zh"), default=_language())
    parser.add_argument("--codes", action=_Codes, nargs=0, help="list the verdicts")
    return parser


class _Codes(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        for code, (status, en, zh) in CODES.items():
            print(f"{status:3} {code:20} {en} / {zh}")
        parser.exit()


def _language() -> str:
    return "zh" if os.environ.get("LANG", "").startswith("zh") else "en"


def _asked(options: argparse.Namespace) -> Asked:
    """Read the keys that were given; a wrong one ends the program with status 2."""
    try:
        asked = Asked(
            tuple(map(parse_key, options.key)),
            tuple(map(parse_key, options.witness)),
            options.quorum,
            tuple(parse_certificate(Path(one).read_text()) for one in options.tsa),
        )
    except (OSError, ValueError) as error:
        _parser().error(str(error))
    if any(key.algorithm != LOG_KEY for key in asked.keys):
        _parser().error("--key: not the key of a log")
    if any(key.algorithm != WITNESS_KEY for key in asked.witnesses):
        _parser().error("--witness: not the key of a witness")
    if len({key.public for key in asked.witnesses}) < len(asked.witnesses):
        _parser().error("--witness: the same key twice")
    if asked.quorum is not None and not 0 < asked.quorum <= len(asked.witnesses):
        _parser().error("--quorum: 1 to as many as there are witnesses")
    return asked


def _as_json(report: Report) -> str:
    told = {
        "verdict": report.verdict,
        "status": CODES[report.verdict][0],
        "sha256": report.digest,
        "case": report.case,
        "version": report.version,
        "properties": [one._asdict() for one in report.found],
    }
    return json.dumps(told, ensure_ascii=True)


def _in_words(report: Report, language: str) -> str:
    place = 0 if language == "en" else 1
    lines = [f"{report.case} {report.version}", f"SHA-256 {report.digest}", ""]
    for one in report.found:
        words = _words(one.code, place, one.about) if one.code else one.about
        said_of, state = PROPERTIES[one.name][place], STATES[one.state][place]
        lines.append(f"{said_of}: {state}{' - ' if words else ''}{words}")
    about = next((one.about for one in report.found if one.state == "fails"), "")
    verdict = f"{report.verdict} ({CODES[report.verdict][0]})"
    lines += ["", BESIDE[place], verdict, _words(report.verdict, place, about)]
    return "\n".join(lines)


def _words(code: str, place: int, about: str) -> str:
    return CODES[code][1:][place].replace("{0}", about)


if __name__ == "__main__":
    sys.exit(main())
