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
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

FORMAT = "redress-bundle/1"
FILE_LIMIT = 1 << 30
RATIO_LIMIT = 100
NOTE_LIMIT = 1_000_000
DEPTH_LIMIT = 64
LARGEST = 2**53 - 1
"""The largest whole number that every program reading JSON keeps exactly."""
LOG_KEY, WITNESS_KEY = 1, 4
CLOCK_SLACK = 600
"""Seconds by which the clocks of platform, witnesses and time stamps may differ."""

PROPERTIES = {
    "bundle": (
        "the file is whole and agrees with its own list",
        "文件完整，且与自身清单一致",
    ),
    "events": ("the events follow one another", "各事件首尾相接"),
    "complete": ("nothing is missing at the end", "末尾没有缺失"),
    "logged": ("all of it is in the log", "全部内容都在日志中"),
    "signed": ("the log has signed it", "日志已签名"),
    "witnessed": ("witnesses have co-signed it", "见证方已共同签名"),
    "timed": ("the time is bounded", "时间有据可依"),
    "erased": ("sealed and erased texts are named", "密封和已删除的文字均已列明"),
    "evidence": ("the evidence is what was handed in", "证据与提交时一致"),
    "rules": (
        "the rules are those that the events name",
        "规则文件与各事件所引用的一致",
    ),
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
    "not-alone": (
        9,
        "there is something before or after the zip: {0}",
        "压缩包前后另有内容：{0}",
    ),
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
    "keys-wrong": (
        54,
        "the list of the log's keys is not in order: {0}",
        "日志密钥清单有误：{0}",
    ),
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
    "timestamp-missing": (
        74,
        "there is no time stamp to verify: {0}",
        "没有可核验的时间戳：{0}",
    ),
    "timestamp-unsupported": (
        75,
        "signed in a way that this program does not check (only RSA PKCS#1 v1.5): {0}",
        "签名方式本程序不能核验（仅支持 RSA PKCS#1 v1.5）：{0}",
    ),
    "redactions-wrong": (
        80,
        "sealed texts are not as listed: {0}",
        "密封清单不符：{0}",
    ),
    "opened-wrong": (81, "an opened text does not belong: {0}", "公开文字不对应：{0}"),
    "evidence-wrong": (90, "evidence is not as listed: {0}", "证据清单不符：{0}"),
    "file-altered": (91, "a file is not what was handed in: {0}", "文件已被改动：{0}"),
    "unexpected": (99, "unlike any bundle: {0}", "与任何证据包都不同：{0}"),
}
TOLD = {
    "as-it-is": ("{0}", "{0}"),
    "case": ("case {0}, version {1}", "案件 {0}，第 {1} 版"),
    "members": ("members: {0}", "成员 {0} 个"),
    "versions": ("versions 1 to {0}", "第 1 至 {0} 版"),
    "end": (
        "version {0} (log entry {1} of {2})",
        "第 {0} 版（日志条目 {1}，共 {2} 项）",
    ),
    "log": ("{0}, entries: {1}", "{0}，共 {1} 项"),
    "cosigned": ("witnesses: {0} of {1}", "{1} 个见证方中的 {0} 个"),
    "too-few": ("{0}, needed: {1}", "{0} 个，需要 {1} 个"),
    "by-witnesses": ("by witnesses: not after {0}", "据见证方：不晚于 {0}"),
    "by-stamp": ("by the time stamp: not after {0}", "据时间戳：不晚于 {0}"),
    "stamp-not-verified": (
        "a time stamp is there, but was not verified, as no certificate was given",
        "附有时间戳，但未给出证书，故未核验",
    ),
    "texts": ("sealed texts: {0}, erased: {1}", "密封文字 {0} 处，其中已删除 {1} 处"),
    "texts-erased": (
        "sealed texts: {0}, erased: {1} ({2})",
        "密封文字 {0} 处，其中已删除 {1} 处（{2}）",
    ),
    "exhibits": (
        "pieces of evidence: {0}, files of theirs in the bundle: {1}",
        "证据 {0} 项，包内文件 {1} 个",
    ),
    "rules": (
        "policy profiles: {0}, rules of proof: {1}",
        "规则集 {0} 个，举证规则 {1} 套",
    ),
    "bytes": ("{0} bytes", "{0} 字节"),
    "bytes-before": ("{0} bytes before it", "之前有 {0} 字节"),
    "bytes-after": ("{0} bytes after it", "之后有 {0} 字节"),
    "unpacked": ("{0}, {1} to {2} bytes", "{0}，{1} 字节解开为 {2} 字节"),
    "all-unpacked": ("{0} to {1} bytes", "{0} 字节解开为 {1} 字节"),
    "directory": ("the directory of the zip", "压缩包目录"),
    "zip": ("the zip as a whole", "整个压缩包"),
    "not-json": ("not JSON", "不是 JSON"),
    "other-form": ("not in its one form", "不是规定的唯一写法"),
    "up-to": ("version {0}", "第 {0} 版"),
    "recorded": ("recorded {0}, signed {1}", "记录于 {0}，签名于 {1}"),
    "stamped-before": ("stamped {0}, before it was signed", "时间戳为 {0}，早于签名"),
    "not-each": ("not each sealed text once", "并非每处密封文字恰好列出一次"),
    "other-signer": (
        "{0} is of none whose certificate was given",
        "{0} 并非出自所给证书的持有者",
    ),
    "other-certificate": (
        "{0} holds other certificates than the one given",
        "{0} 所附证书并非所给证书",
    ),
}
NOT_PROVED = (
    ("what rules, codes and calendar say", "规则、代码表和日历的内容"),
    ("reasons, deadlines and timelines", "理由、期限和时间线"),
    ("opened texts", "公开的文字"),
    ("which texts were erased, not only withheld", "哪些文字确已删除而非仅未提供"),
    (
        "that the list of the log's keys is whole, and its dates",
        "日志密钥清单是否完整及其中的日期",
    ),
)
BESIDE = ("Not proved, as the platform states it: ", "以下内容由平台陈述，未经证明：")


class Said(NamedTuple):
    """Words of TOLD, and what goes into their places."""

    words: str
    filling: tuple[str, ...] = ()


Told = tuple[Said, ...]


def tell(words: str, *filling: object) -> Said:
    """Say something in words of TOLD."""
    return Said(words, tuple(map(str, filling)))


class Refused(Exception):
    """A property does not hold: the code of the verdict, and what it is about."""

    def __init__(self, code: str, about: str | Said = "") -> None:
        super().__init__(code, about)
        said = tell("as-it-is", about) if isinstance(about, str) else about
        short = tuple(one[:200] for one in said.filling)
        self.code, self.told = code, (Said(said.words, short),)


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
    told: Told = ()

    @property
    def about(self) -> str:
        """Return what there is to say of it, in English."""
        return self.words(0)

    def words(self, place: int) -> str:
        """Return what there is to say of it, in English (0) or Chinese (1)."""
        return (", ", "，")[place].join(filled(one, place) for one in self.told)


def filled(said: Said, place: int) -> str:
    """Put what was said into English (0) or Chinese (1)."""
    return re.sub(
        r"\{(\d)\}", lambda found: said.filling[int(found[1])], TOLD[said.words][place]
    )


_UNSHOWN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def shown(text: str) -> str:
    """Write out what would steer a terminal, turn a line around or not be seen."""
    return _UNSHOWN.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)


_END = b"PK\x05\x06"


class Entry(NamedTuple):
    """A line of a zip's directory: what it says of a member."""

    name: str
    method: int
    packed: int
    length: int
    more: int
    offset: int
    begin: int


def read_zip(data: bytes) -> dict[str, bytes]:
    """Return the members by name, in order. Nothing is ever inflated."""
    if len(data) > FILE_LIMIT:
        raise Refused("too-large", tell("bytes", len(data)))
    start, entries = _directory(data)
    _check_sizes(entries, len(data))
    members: dict[str, bytes] = {}
    expected = 0
    for one in entries:
        if _leads_outside(one.name):
            raise Refused("path-outside", one.name)
        if one.method or one.packed != one.length or one.more:
            raise Refused("not-canonical", one.name)
        if one.name in members:
            raise Refused("doubled-member", one.name)
        end = one.begin + one.length
        if end > start:
            raise Refused("truncated", one.name)
        if one.offset != expected:
            raise Refused("not-canonical", one.name)
        members[one.name] = data[one.begin : end]
        expected = end
    return members


def _directory(data: bytes) -> tuple[int, list[Entry]]:
    """Return where the directory starts, and its lines."""
    end = len(data) - 22
    if data[-22:-18] != _END:
        end = data.rfind(_END, 0, max(len(data) - 18, 0))
    if end < 0:
        raise Refused("truncated")
    count, size, start = unpack_from("<HII", data, end + 10)
    before, after = end - size - start, len(data) - end - 22
    if before < 0:
        raise Refused("truncated")
    if before and data[before : before + 4] != b"PK\x03\x04":
        raise Refused("not-canonical", tell("directory"))
    if before or after:
        told = tell("bytes-before", before) if before else tell("bytes-after", after)
        raise Refused("not-alone", told)
    entries, place = [], start
    for _ in range(count):
        entry, place = _entry(data, place, end)
        entries.append(entry)
    return start, entries


def _entry(data: bytes, place: int, end: int) -> tuple[Entry, int]:
    """Read one line of the directory; return it and where the next one is."""
    if place + 46 > end or data[place : place + 4] != b"PK\x01\x02":
        raise Refused("not-canonical", tell("directory"))
    method, packed, length = unpack_from("<10xH8xII", data, place)
    many, extra, comment = unpack_from("<28xHHH", data, place)
    (offset,) = unpack_from("<42xI", data, place)
    name = _name(data[place + 46 : place + 46 + many])
    begin = offset + 30 + many
    entry = Entry(name, method, packed, length, extra + comment, offset, begin)
    return entry, place + 46 + many


def _name(path: bytes) -> str:
    """Read a member's name: UTF-8, or bytes as they are."""
    try:
        return path.decode("utf-8")
    except UnicodeDecodeError:
        return path.decode("latin-1")


def _check_sizes(entries: list[Entry], size: int) -> None:
    """Refuse a zip bomb by what its directory says, whatever packed its members."""
    for one in entries:
        most = min(size, RATIO_LIMIT * max(one.packed, 1))
        if one.length > most:
            told = tell("unpacked", one.name, one.packed, one.length)
            raise Refused("too-large", told)
    total = sum(one.length for one in entries)
    if total > min(FILE_LIMIT, RATIO_LIMIT * size):
        raise Refused("too-large", tell("all-unpacked", size, total))


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
        raise Refused("manifest-wrong", tell("not-json")) from None
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise Refused("manifest-wrong", "format")
    if manifest["format"] != FORMAT:
        raise Refused("other-format", str(manifest["format"]))
    if not same or set(manifest) != set(_MANIFEST) | {"format"}:
        raise Refused("manifest-wrong", tell("other-form"))
    for name, kind in _MANIFEST.items():
        if type(manifest[name]) is not kind:
            raise Refused("manifest-wrong", name)
    if not 0 < manifest["version"] < 1_000_000:
        raise Refused("manifest-wrong", "version")
    if not _has(manifest["checkpoint"], {"origin": str, "root": str, "size": int}):
        raise Refused("manifest-wrong", "checkpoint")
    for name, one in manifest["members"].items():
        if not _has(one, {"sha256": str, "size": int}):
            raise Refused("manifest-wrong", name)
    return manifest


_MANIFEST = {"case": str, "version": int, "checkpoint": dict, "members": dict}


def _has(value: Any, kinds: dict[str, type]) -> bool:
    """Tell whether an object has just these fields; no number is out of range."""
    if not isinstance(value, dict) or set(value) != set(kinds):
        return False
    return all(
        type(value[name]) is kind and (kind is not int or 0 <= value[name] <= LARGEST)
        for name, kind in kinds.items()
    )


def parse_json(content: bytes) -> Any:
    """Read JSON. Raises ValueError for whatever is not."""
    try:
        text = content.decode("utf-8")
        value = json.loads(text, parse_constant=_no_number, parse_int=_whole)
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


def _whole(digits: str) -> float:
    # Some Pythons refuse to read a whole number that is very long.
    return int(digits) if len(digits) < 400 else float(digits)


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
        raise Refused("incomplete", tell("up-to", bundle.version))


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
    try:
        content = base64(material)
    except ValueError:
        content = b""
    if not name or content[:1] not in (b"\1", b"\4") or len(content) != 33:
        raise ValueError(f"not an Ed25519 verifier key: {text[:80]}")
    computed = _key_id(name, content)
    if computed.hex() != key_id:
        raise ValueError(f"key and id do not belong together: {text[:80]}")
    return Key(name, computed, content[0], content[1:])


def check_signed(bundle: Bundle, keys: tuple[Key, ...]) -> None:
    """Refuse a checkpoint that no given key signed, nor one that those name."""
    checkpoint = _checkpoint(bundle)
    ours = [key for key in keys if key.name == checkpoint.origin]
    if not ours:
        raise Refused("foreign-log", checkpoint.origin)
    check_keys(bundle, checkpoint.origin)
    ours = _followed(bundle, ours)
    made = list(_made(checkpoint.signatures, ours))
    if not made:
        raise Refused("foreign-key", checkpoint.origin)
    for key, signature in made:
        if not verify(key.public, checkpoint.text.encode(), signature.value):
            raise Refused("signature-wrong", key.name)


def check_keys(bundle: Bundle, origin: str) -> None:
    """Refuse a list of keys that is none, or that names a key of another log."""
    try:
        listed = parse_json(bundle.members["keys.json"])
    except ValueError:
        listed = None
    if not isinstance(listed, list) or not all(map(_is_published, listed)):
        raise Refused("keys-wrong", "keys.json")
    for one in listed:
        name, _, rest = one["vkey"].partition("+")
        key_id, _, material = rest.partition("+")
        try:
            right = name == origin and _key_id(name, base64(material)).hex() == key_id
        except ValueError:
            right = False
        if not right:
            raise Refused("keys-wrong", f"{name}+{key_id}")


def _is_published(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and set(one) == {"endorsement", "made_at", "vkey"}
        and type(one["vkey"]) is type(one["made_at"]) is str
        and (one["endorsement"] is None or type(one["endorsement"]) is str)
    )


def _key_id(name: str, content: bytes) -> bytes:
    return sha256(f"{name}\n".encode() + content).digest()[:4]


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


def check_erased(bundle: Bundle) -> Told:
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
        raise Refused("redactions-wrong", tell("not-each"))
    for one, name in zip(listed, names):
        wanted = {"opened"} if name in opened else {"erased", "sealed"}
        if set(one) != {"version", "path", "state"} or str(one["state"]) not in wanted:
            raise Refused("redactions-wrong", f"{name[0]}/{name[1]}")
    erased = [f"{one['version']}/{one['path']}" for one in listed if _gone(one)]
    words = "texts-erased" if erased else "texts"
    return (tell(words, len(sealed), len(erased), " ".join(erased)),)


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


def check_evidence(bundle: Bundle) -> Told:
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
    return (tell("exhibits", len(rows), len(files)),)


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


_PROOF = re.compile(r"[ \t]*proof[ \t]*=[ \t]*([\"'])([^\"'\n]+)\1[ \t]*(#[^\n]*)?")
_QUOTED = re.compile(r"[\"']([^\"'\n]+)[\"']")


def check_rules(bundle: Bundle) -> Told:
    """Refuse rules that no event names, and events whose rules are not here."""
    named = {_policy(event, version) for version, event in bundle.told}
    policies = _exactly(bundle, "policy", {one for one in named if one})
    texts = [bundle.members[name].decode("latin-1") for name in sorted(policies)]
    stated = [_proof_rules(text) for text in texts]
    needed = {one for one in stated if one}
    mentioned = {one for text in texts for one in _QUOTED.findall(text)}
    # A profile that words it in another way tells only what it may mean.
    allowed = needed if all(stated) else needed | mentioned
    proofs = _exactly(bundle, "proof", allowed, needed)
    return (tell("rules", len(policies), len(proofs)),)


def _policy(event: dict[str, Any], version: int) -> str:
    name = event.get("policy")
    if name is not None and type(name) is not str:
        raise Refused("event-malformed", numbered(version)[0])
    return name or ""


def _exactly(
    bundle: Bundle, kind: str, allowed: set[str], needed: set[str] | None = None
) -> set[str]:
    """Return the members of a kind of rules: all that are needed, none not allowed."""
    folder = f"rules/{kind}/"
    here = {name for name in bundle.members if name.startswith(folder)}
    for name in sorted(here - {folder + rule_file(one) for one in allowed}):
        raise Refused("unknown-member", name)
    needed = allowed if needed is None else needed
    for name in sorted({folder + rule_file(one) for one in needed} - here):
        raise Refused("missing-member", name)
    return here


def rule_file(name: str) -> str:
    """Return the name of the file that rules are in."""
    return re.sub(r"[^a-z0-9-]", "-", name.lower())[:64] + ".toml"


def _proof_rules(policy: str) -> str | None:
    """Return which rules of proof a profile names, None if that is not plain."""
    found = []
    for line in policy.split("\n"):
        if line.strip(" \t").startswith("["):
            break
        if match := _PROOF.fullmatch(line.removesuffix("\r")):
            found.append(match[2])
    return found[0] if len(found) == 1 else None


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
        raise Refused("time-order", tell("recorded", said(latest), said(time)))


def said(time: int) -> str:
    """Write a time (POSIX) as UTC."""
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(min(time, 1 << 37)))


STAMP = "timestamp.tsr"
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
_DIGESTS = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
_RSA = bytes.fromhex("2a864886f70d010101")
_RSA_WITH = {
    bytes.fromhex("2a864886f70d01010b"): "sha256",
    bytes.fromhex("2a864886f70d01010c"): "sha384",
    bytes.fromhex("2a864886f70d01010d"): "sha512",
}
INTEGER, OCTETS, NULL, OID, UTF8 = 2, 4, b"\5\0", 6, 12
SEQUENCE, SET, TIME, FIELD_0, FIELD_1 = 0x30, 0x31, 0x18, 0xA0, 0xA1
_STAMPED = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?Z")


class Node(NamedTuple):
    """A value in DER: its tag, its content, and all of it."""

    tag: int
    content: bytes
    whole: bytes

    def value(self, tag: int) -> bytes:
        """Return the content of a value of some kind. Raises ValueError."""
        if self.tag != tag:
            raise ValueError("DER: a value of another kind")
        return self.content

    def parts(self, tag: int) -> list[Node]:
        """Return what is inside of a value of some kind. Raises ValueError."""
        content, found, place = self.value(tag), [], 0
        while place < len(content):
            node = parse_der(content, place)
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
        if data[place + 2 : place + 3] == b"\0" or length < 0x80:
            raise ValueError("DER: a length that is longer than it has to be")
    if begin + length > len(data):
        raise ValueError("DER breaks off")
    return Node(head[0], data[begin : begin + length], data[place : begin + length])


class Stamp(NamedTuple):
    """A time stamp (RFC 3161): of what, when, by whom, and what was signed.

    `unsupported`: it is signed in a way that this program does not check.
    """

    imprint: bytes
    time: int
    info: bytes
    signer: bytes
    attributes: Node
    digest: str
    signature: bytes
    certificates: list[bytes]
    unsupported: bool


def parse_stamp(data: bytes) -> Stamp:
    """Read a time stamp response. Raises ValueError, IndexError or KeyError.

    What no signature covers has to be as it can only be.
    """
    response = parse_der(data)
    if response.whole != data:
        raise ValueError("more than a response")
    status, token = response.parts(SEQUENCE)
    _check_granted(status)
    kind, wrapped = token.parts(SEQUENCE)
    (signed,) = wrapped.parts(FIELD_0)
    version, digests, content, *more, signers = signed.parts(SEQUENCE)
    if kind.value(OID) != _SIGNED_DATA or version.value(INTEGER) != b"\3":
        raise ValueError("not signed data")
    certificates: list[bytes] = []
    if more and more[0].tag == FIELD_0:
        certificates = [one.whole for one in more.pop(0).parts(FIELD_0)]
        if not all(one[:1] == b"\x30" for one in certificates):
            raise ValueError("not certificates")
    unsupported = [one.value(FIELD_1) for one in more]
    (digest,) = digests.parts(SET)
    (signer,) = signers.parts(SET)
    info = _stamped_info(content)
    imprint, time = _stamped(info)
    who, by, attributes, signature, odd = _signer(signer)
    if _algorithm(digest) != by:
        raise ValueError("two digests")
    return Stamp(
        imprint,
        time,
        info,
        who,
        attributes,
        _DIGESTS.get(by, ""),
        signature,
        certificates,
        bool(unsupported) or odd or by not in _DIGESTS,
    )


def _check_granted(status: Node) -> None:
    granted, *words = status.parts(SEQUENCE)
    if granted.value(INTEGER) not in (b"\0", b"\1") or len(words) > 1:
        raise ValueError("not granted")
    for text in words:
        for line in text.parts(SEQUENCE):
            line.value(UTF8).decode("utf-8")


def _stamped_info(content: Node) -> bytes:
    kind, wrapped = content.parts(SEQUENCE)
    (info,) = wrapped.parts(FIELD_0)
    if kind.value(OID) != _TST_INFO:
        raise ValueError("not a time stamp")
    return info.value(OCTETS)


def _stamped(info: bytes) -> tuple[bytes, int]:
    """Return the digest that was stamped, and when (POSIX)."""
    fields = parse_der(info)
    if fields.whole != info:
        raise ValueError("more than a time stamp")
    version, policy, imprint, serial, time = fields.parts(SEQUENCE)[:5]
    algorithm, digest = imprint.parts(SEQUENCE)
    policy.value(OID)
    serial.value(INTEGER)
    found = _STAMPED.fullmatch(time.value(TIME).decode("ascii"))
    if version.value(INTEGER) != b"\1" or found is None:
        raise ValueError("not a time stamp")
    if _DIGESTS[_algorithm(algorithm)] != "sha256":
        raise ValueError("not of SHA-256")
    return digest.value(OCTETS), timegm(tuple(map(int, found.groups())))


def _algorithm(node: Node) -> bytes:
    """Return the name of an algorithm that has no parameters. Raises ValueError."""
    name, *more = node.parts(SEQUENCE)
    if more and (len(more) > 1 or more[0].whole != NULL):
        raise ValueError("parameters")
    return name.value(OID)


def _signer(signer: Node) -> tuple[bytes, bytes, Node, bytes, bool]:
    """Return who signed, by which digest, what, the signature, and if that is odd."""
    version, who, by, attributes, kind, signature, *more = signer.parts(SEQUENCE)
    odd = bool([one.value(FIELD_1) for one in more])
    if version.value(INTEGER) == b"\1":
        who.parts(SEQUENCE)
    else:
        # Named by the key's identifier, which is of version 3.
        if version.value(INTEGER) != b"\3" or who.tag != 0x80:
            raise ValueError("no signer")
        odd = True
    attributes.parts(FIELD_0)
    name, digest = kind.parts(SEQUENCE)[0].value(OID), _algorithm(by)
    if name == _RSA or _RSA_WITH.get(name, "?") == _DIGESTS.get(digest):
        _algorithm(kind)
    else:
        odd = True
    return who.whole, digest, attributes, signature.value(OCTETS), odd


def check_stamp(bundle: Bundle, times: list[int], stampers: tuple[bytes, ...]) -> Said:
    """Refuse a time stamp of something else, out of order, or not by who is trusted."""
    try:
        stamp = parse_stamp(bundle.members[STAMP])
    except (ValueError, IndexError, KeyError):
        raise Refused("timestamp-malformed", STAMP) from None
    if stamp.imprint != sha256(bundle.members["checkpoint.txt"]).digest():
        raise Refused("timestamp-elsewhere", STAMP)
    check_order(bundle, stamp.time)
    if times and times[0] > stamp.time + CLOCK_SLACK:
        raise Refused("time-order", tell("stamped-before", said(stamp.time)))
    if not stampers:
        return tell("stamp-not-verified")
    _check_stamper(stamp, stampers)
    return tell("by-stamp", said(stamp.time))


def _check_stamper(stamp: Stamp, stampers: tuple[bytes, ...]) -> None:
    """Refuse a time stamp that no holder of the given certificates has signed."""
    ours = [one for one in stampers if _named(one) == stamp.signer]
    if stamp.unsupported and (ours or stamp.signer[:1] != b"\x30"):
        raise Refused("timestamp-unsupported", STAMP)
    if not ours:
        raise Refused("timestamp-wrong", tell("other-signer", STAMP))
    if stamp.certificates and not set(ours) & set(stamp.certificates):
        raise Refused("timestamp-wrong", tell("other-certificate", STAMP))
    rsa = [one for one in ours if _algorithm_of_key(one) == _RSA]
    if not rsa:
        raise Refused("timestamp-unsupported", STAMP)
    if not any(_stamped_by(stamp, one) for one in rsa):
        raise Refused("timestamp-wrong", STAMP)


def _named(certificate: bytes) -> bytes:
    """Return a certificate's issuer and serial number, as a signer is named."""
    fields = _fields(certificate)
    named = fields[2].whole + fields[0].whole
    return _sequence(named)


def _sequence(content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([SEQUENCE, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([SEQUENCE, 0x80 | len(octets)]) + octets + content


def _algorithm_of_key(certificate: bytes) -> bytes:
    return public_key(certificate).parts(SEQUENCE)[0].parts(SEQUENCE)[0].value(OID)


def _stamped_by(stamp: Stamp, certificate: bytes) -> bool:
    """Tell whether the holder of a certificate has signed a time stamp."""
    try:
        told: dict[bytes, list[Node]] = {}
        for one in stamp.attributes.parts(FIELD_0):
            kind, values = one.parts(SEQUENCE)
            told.setdefault(kind.value(OID), []).extend(values.parts(SET))
        (content,), (digest,) = told[_CONTENT_TYPE], told[_MESSAGE_DIGEST]
        if content.value(OID) != _TST_INFO:
            return False
        if digest.value(OCTETS) != new(stamp.digest, stamp.info).digest():
            return False
        signed = b"\x31" + stamp.attributes.whole[1:]
        return _rsa(certificate, stamp.digest, signed, stamp.signature)
    except (ValueError, LookupError):
        return False


def _rsa(certificate: bytes, digest: str, message: bytes, signature: bytes) -> bool:
    """Verify RSASSA-PKCS1-v1_5 (RFC 8017) with the key of a certificate."""
    _kind, bits = public_key(certificate).parts(SEQUENCE)
    modulus, exponent = parse_der(bits.content, 1).parts(SEQUENCE)
    n, e = (int.from_bytes(one.value(INTEGER), "big") for one in (modulus, exponent))
    size = (n.bit_length() + 7) // 8
    name = next(oid for oid, known in _DIGESTS.items() if known == digest)
    content = new(digest, message).digest()
    inner = b"\x06" + bytes([len(name)]) + name + b"\x05\x00"
    inner = b"\x30" + bytes([len(inner)]) + inner + b"\x04" + bytes([len(content)])
    inner += content
    inner = b"\x30" + bytes([len(inner)]) + inner
    padded = b"\0\1" + b"\xff" * (size - 3 - len(inner)) + b"\0" + inner
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= n:
        return False
    return pow(number, e, n).to_bytes(size, "big") == padded


def public_key(certificate: bytes) -> Node:
    """Return the public key of a certificate. Raises ValueError or IndexError."""
    return _fields(certificate)[5]


def _fields(certificate: bytes) -> list[Node]:
    """Return what a certificate states, from its serial number on."""
    fields = parse_der(certificate).parts(SEQUENCE)[0].parts(SEQUENCE)
    return fields[1:] if fields[0].tag == FIELD_0 else fields


def parse_certificate(text: str) -> bytes:
    """Read a certificate in PEM. Raises ValueError."""
    found = re.search(
        "-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", text, re.DOTALL
    )
    if found is None:
        raise ValueError("not a certificate in PEM")
    try:
        certificate = b64decode("".join(found.group(1).split()), validate=True)
        if parse_der(certificate).whole == certificate:
            _algorithm_of_key(certificate)
            return certificate
    except (ValueError, IndexError):
        pass
    raise ValueError("not a certificate")


class Report(NamedTuple):
    """What was found, which code it comes to, and whose bundle it is."""

    found: tuple[Found, ...]
    digest: str = ""
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
        return Report(_stopped(refused), digest)
    found = tuple(_found(name, bundle, data, asked) for name in PROPERTIES)
    return Report(found, digest, bundle.case, bundle.version)


def _stopped(refused: Refused) -> tuple[Found, ...]:
    """Return what is found of a file of which nothing else can be said."""
    rest = (Found(name, "unknown") for name in list(PROPERTIES)[1:])
    return (Found("bundle", "fails", refused.code, refused.told), *rest)


def _found(name: str, bundle: Bundle, data: bytes, asked: Asked) -> Found:
    try:
        told = _CHECKS[name](bundle, data, asked)
    except Refused as refused:
        return Found(name, "fails", refused.code, refused.told)
    except (
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        RecursionError,
    ) as error:
        odd = tell("as-it-is", type(error).__name__)
        return Found(name, "fails", "unexpected", (odd,))
    holds = any(one.words != "stamp-not-verified" for one in told)
    return Found(name, "holds" if holds else "none", None, told)


def _bundle(bundle: Bundle, data: bytes, _: Asked) -> Told:
    bundle.check_digests()
    if write_zip(bundle.members) != data:
        raise Refused("not-canonical", tell("zip"))
    return (tell("members", len(bundle.members)),)


def _events(bundle: Bundle, _: bytes, __: Asked) -> Told:
    check_events(bundle)
    return (tell("versions", bundle.version),)


def _complete(bundle: Bundle, _: bytes, __: Asked) -> Told:
    check_complete(bundle)
    checkpoint = _checkpoint(bundle)
    note = bundle.text("checkpoint.txt", "checkpoint-wrong")
    index, _path = _proof(bundle, "proofs/head.tlog-proof", note)
    return (tell("end", bundle.version, index, checkpoint.size),)


def _logged(bundle: Bundle, _: bytes, __: Asked) -> Told:
    check_logged(bundle)
    return (tell("log", _checkpoint(bundle).origin, _checkpoint(bundle).size),)


def _signed(bundle: Bundle, _: bytes, asked: Asked) -> Told:
    check_signed(bundle, asked.keys)
    return (tell("as-it-is", _checkpoint(bundle).origin),)


def _witnessed(bundle: Bundle, _: bytes, asked: Asked) -> Told:
    if not asked.witnesses:
        return ()
    times, needed = cosigned(bundle, asked.witnesses), _quorum(asked)
    if len(times) < needed:
        raise Refused("quorum-missed", tell("too-few", len(times), needed))
    return (tell("cosigned", len(times), len(asked.witnesses)),)


def _quorum(asked: Asked) -> int:
    return len(asked.witnesses) if asked.quorum is None else asked.quorum


def _timed(bundle: Bundle, _: bytes, asked: Asked) -> Told:
    times = cosigned(bundle, asked.witnesses) if asked.witnesses else []
    needed, bounds = _quorum(asked), []
    if 0 < needed <= len(times):
        check_order(bundle, times[needed - 1])
        bounds.append(tell("by-witnesses", said(times[needed - 1])))
    if STAMP in bundle.members:
        bounds.append(check_stamp(bundle, times, asked.stampers))
    elif asked.stampers:
        raise Refused("timestamp-missing", STAMP)
    return tuple(bounds)


_CHECKS: dict[str, Callable[[Bundle, bytes, Asked], Told]] = {
    "bundle": _bundle,
    "events": _events,
    "complete": _complete,
    "logged": _logged,
    "signed": _signed,
    "witnessed": _witnessed,
    "timed": _timed,
    "erased": lambda bundle, _, __: check_erased(bundle),
    "evidence": lambda bundle, _, __: check_evidence(bundle),
    "rules": lambda bundle, _, __: check_rules(bundle),
}


def main(arguments: list[str] | None = None) -> int:
    """Check a file, say what was found, and return the exit status."""
    options = _parser().parse_args(arguments)
    asked = _asked(options)
    try:
        path = Path(options.bundle)
        size = path.stat().st_size
        if size > FILE_LIMIT:
            report = Report(_stopped(Refused("too-large", tell("bytes", size))))
        else:
            report = check(path.read_bytes(), asked)
    except (OSError, ValueError) as error:
        report = Report(_stopped(Refused("unreadable", _reason(error))))
    told = _as_json(report) if options.json else _in_words(report, options.lang)
    sys.stdout.buffer.write(told.encode("utf-8") + b"\n")
    return CODES[report.verdict][0]


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


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
    asked = Asked(
        tuple(_given("--key", one, parse_key) for one in options.key),
        tuple(_given("--witness", one, parse_key) for one in options.witness),
        options.quorum,
        tuple(_given(f"--tsa {one}", one, _certificate_in) for one in options.tsa),
    )
    if any(key.algorithm != LOG_KEY for key in asked.keys):
        _parser().error("--key: not the key of a log")
    if any(key.algorithm != WITNESS_KEY for key in asked.witnesses):
        _parser().error("--witness: not the key of a witness")
    if len({key.public for key in asked.witnesses}) < len(asked.witnesses):
        _parser().error("--witness: the same key twice")
    if asked.quorum is not None and not 0 < asked.quorum <= len(asked.witnesses):
        _parser().error("--quorum: 1 to as many as there are witnesses")
    return asked


_Read = TypeVar("_Read")


def _given(option: str, text: str, read: Callable[[str], _Read]) -> _Read:
    try:
        return read(text)
    except (OSError, ValueError) as error:
        _parser().error(shown(f"{option}: {_reason(error)}"))


def _certificate_in(path: str) -> bytes:
    return parse_certificate(Path(path).read_bytes().decode("latin-1"))


def _as_json(report: Report) -> str:
    told = {
        "verdict": report.verdict,
        "status": CODES[report.verdict][0],
        "sha256": report.digest,
        "case": report.case,
        "version": report.version,
        "properties": [dict(one._asdict(), about=one.about) for one in report.found],
        "not_proved": [en for en, _ in NOT_PROVED],
    }
    return json.dumps(told, ensure_ascii=True)


def _in_words(report: Report, language: str) -> str:
    place = 0 if language == "en" else 1
    lines = []
    if report.case:
        lines.append(filled(tell("case", report.case, report.version), place))
    if report.digest:
        lines.append(f"SHA-256 {report.digest}")
    lines.append("")
    for one in report.found:
        words = _words(one.code, place, one) if one.code else one.words(place)
        said_of, state = PROPERTIES[one.name][place], STATES[one.state][place]
        lines.append(f"{said_of}: {state}{' - ' if words else ''}{words}")
    beside = ("; ", "；")[place].join(one[place] for one in NOT_PROVED)
    failed = next((one for one in report.found if one.state == "fails"), None)
    lines += ["", BESIDE[place] + beside + (".", "。")[place]]
    lines.append(f"{report.verdict} ({CODES[report.verdict][0]})")
    lines.append(_words(report.verdict, place, failed))
    return "\n".join(map(shown, lines))


def _words(code: str, place: int, about: Found | None) -> str:
    return CODES[code][1:][place].replace("{0}", about.words(place) if about else "")


if __name__ == "__main__":
    sys.exit(main())
