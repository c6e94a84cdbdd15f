"""Checks a Redress bundle or receipt without Redress: one file, standard library only.

    python redress_verify.py FILE --key VKEY [--witness VKEY ... --quorum N]
    python redress_verify.py FILE --keys keys.json

Get this file and the verifier keys from somewhere else than the bundle. Each property
is stated by itself; the exit status is 0 only if all that was asked holds, else the
number of the first verdict that went against the bundle (`--codes` lists them).

In this order: the zip, JSON, the manifest, receipts, events and their lifecycle, notes
and proofs, keys, statements, signatures, what is beside the events, rules, time, the
verdict, the command line.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from base64 import b64decode, b64encode
from calendar import timegm
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from hashlib import new, sha256, sha512, shake_128, shake_256
from pathlib import Path
from struct import pack, unpack_from
from time import gmtime, strftime
from typing import Any, NamedTuple, TypeVar, Union
from zlib import crc32

UNSIGNED, SIGNED = FORMATS = "redress-bundle/1", "redress-bundle/2"
"""Bundles of the first format carry no signature of who made them."""
RECEIPT = "redress-receipt/1"
SEVERAL = "redress-bundles/1"
"""Several bundles in one file, which is signed as a bundle is."""
FILE_LIMIT = 1 << 30
RATIO_LIMIT = 100
NOTE_LIMIT = 1_000_000
DEPTH_LIMIT = 64
LARGEST = 2**53 - 1
"""The largest whole number that every program reading JSON keeps exactly."""
LOG_KEY, WITNESS_KEY, ML_DSA_44 = 1, 4, 6
KEY_BYTES = {LOG_KEY: 32, WITNESS_KEY: 32, ML_DSA_44: 1312}
CLOCK_SLACK = 600
"""Seconds by which the clocks of platform, witnesses and time stamps may differ."""

PROPERTIES = {
    "bundle": (
        "the file is whole and agrees with its own list",
        "文件完整，且与自身清单一致",
    ),
    "receipt": ("the receipt is whole", "回执完整"),
    "set": (
        "the set is whole and agrees with its own list",
        "证据包集完整，且与自身清单一致",
    ),
    "set-signed": (
        "the platform has signed which bundles it holds",
        "所含证据包清单附有平台签名",
    ),
    "events": ("the events follow one another", "各事件首尾相接"),
    "event": ("the receipt is for this event", "回执与所附事件一致"),
    "reach": ("it states how far it goes", "已载明截止到哪一版"),
    "logged": ("all of it is in the log", "全部内容都在日志中"),
    "signed": ("the log has signed it", "日志已签名"),
    "witnessed": ("witnesses have co-signed it", "见证方已联署"),
    "timed": ("the time is bounded", "时间有据可依"),
    "statements": (
        "the platform's application has said each event",
        "各事件均由平台应用程序作出",
    ),
    "lifecycle": ("each event was possible when it came", "各事件均符合案件流程"),
    "vouched": (
        "what the platform says besides is signed by it",
        "平台的其他陈述附有其签名",
    ),
    "erased": ("sealed and erased texts are named", "密封和已删除的文字均已列明"),
    "opened": (
        "opened texts are those that the events hold",
        "公开的文字与事件所载一致",
    ),
    "evidence": ("the evidence is what was handed in", "证据与提交时一致"),
    "rules": (
        "the rules are those that the events name",
        "规则文件与各事件所引用的一致",
    ),
}
OF_RECEIPTS = (
    *("receipt", "event", "logged", "signed", "witnessed", "timed", "statements"),
)
OF_SETS = ("set", "set-signed")
OF_BUNDLES = tuple(
    name for name in PROPERTIES if name not in {"receipt", "event", *OF_SETS}
)
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
    "not-possible": (
        23,
        "the lifecycle does not allow it there: {0}",
        "案件流程不允许：{0}",
    ),
    "incomplete": (30, "the case head does not close it: {0}", "案件末端不符：{0}"),
    "proof-malformed": (40, "not a proof: {0}", "不是证明：{0}"),
    "other-log": (41, "a proof of another log or checkpoint: {0}", "证明属于他处：{0}"),
    "not-in-log": (42, "the log does not hold it: {0}", "日志中没有：{0}"),
    "receipt-malformed": (43, "not a receipt: {0}", "不是回执：{0}"),
    "checkpoint-wrong": (50, "not a checkpoint: {0}", "不是检查点：{0}"),
    "foreign-log": (51, "the checkpoint is of another log: {0}", "属于另一日志：{0}"),
    "foreign-key": (52, "not signed with the key given: {0}", "并非所给密钥签名：{0}"),
    "signature-wrong": (53, "a signature does not verify: {0}", "签名不成立：{0}"),
    "keys-wrong": (
        54,
        "the list of the log's keys is not in order: {0}",
        "日志密钥清单有误：{0}",
    ),
    "key-unknown": (
        55,
        "a key that is neither given nor endorsed: {0}",
        "密钥既非所给，也未经认可：{0}",
    ),
    "statement-wrong": (
        56,
        "a statement does not verify: {0}",
        "事件的签名不成立：{0}",
    ),
    "statement-missing": (
        57,
        "without the statement that it has to have: {0}",
        "缺少应有的签名：{0}",
    ),
    "statement-foreign": (
        58,
        "stated with a key that is not the platform's: {0}",
        "签名密钥并非平台所有：{0}",
    ),
    "unvouched": (
        59,
        "signed with a key that no given key endorses: {0}",
        "签名密钥未经所给密钥认可：{0}",
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
    "opened-other": (
        82,
        "an opened text is not the one of its event: {0}",
        "公开文字并非事件所载：{0}",
    ),
    "manifest-forged": (
        85,
        "the manifest's signature does not verify: {0}",
        "清单的签名不成立：{0}",
    ),
    "manifest-foreign": (
        86,
        "the manifest is signed with a key that is not the platform's: {0}",
        "清单的签名密钥并非平台所有：{0}",
    ),
    "downgraded": (
        87,
        "in an older format than its events: {0}",
        "格式早于其中的事件：{0}",
    ),
    "evidence-wrong": (90, "evidence is not as listed: {0}", "证据清单不符：{0}"),
    "file-altered": (91, "a file is not what was handed in: {0}", "文件已被改动：{0}"),
    "rules-other": (
        92,
        "rules are not those of the digest: {0}",
        "规则与摘要不符：{0}",
    ),
    "unexpected": (99, "unlike any bundle: {0}", "与任何证据包都不同：{0}"),
}
TOLD = {
    "as-it-is": ("{0}", "{0}"),
    "case": ("case {0}, version {1}", "案件 {0}，第 {1} 版"),
    "members": ("members: {0}", "成员 {0} 个"),
    "bundles": ("bundles: {0}", "证据包 {0} 个"),
    "versions": ("versions 1 to {0}", "第 1 至 {0} 版"),
    "reach": (
        "up to version {0}, as of log entry {1} (head of the case, recorded {2})",
        "截至第 {0} 版，即日志第 {1} 项（案件末端，记录于 {2}）",
    ),
    "in-tree": ("in a tree of {0} entries", "所在日志共 {0} 项"),
    "cosigned-at": (
        "co-signed {0}, {1} days and {2} after that head",
        "见证方于 {0} 联署，晚于该末端 {1} 天 {2}",
    ),
    "signed-at": (
        "signed {0}, {1} days and {2} after that head",
        "日志于 {0} 签名，晚于该末端 {1} 天 {2}",
    ),
    "signed-once": (
        "signed at a time that nothing here shows",
        "签名时间无从得知",
    ),
    "stated": (
        "{0} of {1} events, from version {2} on",
        "{1} 个事件中的 {0} 个，自第 {2} 版起",
    ),
    "not-stated": (
        "no event is signed: of an earlier version, or not by the application",
        "事件均无签名：来自早期版本，或并非由应用程序写入",
    ),
    "possible": (
        "events judged: {0}, only followed: {1}",
        "逐一核对 {0} 个，另有 {1} 个只用于推算案件状态",
    ),
    "role-in-phase": (
        "version {0}: {1} by {2}, in the phase {3}",
        "第 {0} 版：{1}，{2}，阶段 {3}",
    ),
    "vouched": ("by {0}", "签名密钥：{0}"),
    "unsigned": (
        "format 1, signed by nobody: words, rules and lists are the packer's",
        "格式 1：无人签名；文字、规则和清单出自打包者",
    ),
    "opened": (
        "proved by their events: {0}, only said by the platform: {1}",
        "由事件证明 {0} 处，仅由平台陈述 {1} 处",
    ),
    "sealed-files": (
        "files that came sealed and are not proved: {0}",
        "未经证明的密封文件 {0} 个",
    ),
    "rule-sets": ("rule sets: {0}, files: {1}", "规则集 {0} 套，文件 {1} 个"),
    "older-keys": (
        "keys that nothing here vouches for, and that count for nothing: {0}",
        "未经认可、不予采信的密钥：{0}",
    ),
    "one-event": ("version {0}, {1}, recorded {2}", "第 {0} 版，{1}，记录于 {2}"),
    "not-yet": ("not in the log yet", "尚未进入日志"),
    "imported": ("told by another system", "由其他系统转述"),
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
    (
        "that the case did not go on after the last version here",
        "案件在此处末版之后是否另有进展",
    ),
    (
        "reasons, deadlines and timeline pages, which are the platform's words",
        "理由、期限和时间线页面，均为平台的陈述",
    ),
    (
        "opened texts that are only said by the platform",
        "仅由平台陈述的公开文字",
    ),
    ("which texts were erased, not only withheld", "哪些文字确已删除而非仅未提供"),
    (
        "that the list of the log's keys is whole, and its dates",
        "日志密钥清单是否完整及其中的日期",
    ),
)
NOT_PROVED_BY_RECEIPT = (
    ("what became of the case after this event", "此事件之后案件如何进展"),
    ("what its sealed texts say", "密封文字的内容"),
    (
        "that the list of the log's keys is whole, and its dates",
        "日志密钥清单是否完整及其中的日期",
    ),
)
BESIDE = ("Not proved: ", "未经证明：")
COLON, DASH, ASIDE = (": ", "："), (" - ", "，"), (" ({})", "（{}）")


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


class Unsure(Refused):
    """Whether a property holds cannot be told from what was given."""


class Asked(NamedTuple):
    """Whom to trust: keys of the log, of witnesses, how many, and time stampers.

    `statement_keys`: with which the platform's application states events and manifests;
    those that a key of the log endorses are trusted too.
    """

    keys: tuple[Key, ...]
    witnesses: tuple[Key, ...] = ()
    quorum: int | None = None
    stampers: tuple[bytes, ...] = ()
    statement_keys: tuple[Key, ...] = ()


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


def canonical(value: Any) -> bytes:
    """Write JSON in its one form here: sorted, without spaces, one final newline."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


def parse_json(content: bytes) -> Any:
    """Read JSON, more strictly than it is defined. Raises ValueError.

    Numbers are whole and within LARGEST, no name is there twice, and no text holds half
    of a character: of all that, programs do not read the same.
    """
    try:
        value = json.loads(
            content.decode("utf-8"),
            parse_constant=_no_number,
            parse_float=_no_number,
            parse_int=_whole,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise ValueError("nested too deep") from None
    level = [value]
    for _ in range(DEPTH_LIMIT + 1):
        if any(_HALF.search(one) for one in level if isinstance(one, str)):
            raise ValueError("half a character")
        level = [one for one in level if isinstance(one, (dict, list))]
        if not level:
            return value
        level = [part for one in level for part in _parts(one)]
    raise ValueError("nested too deep")


_HALF = re.compile("[\ud800-\udfff]")
_WHOLE = re.compile("0|-?[1-9][0-9]{0,15}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or any(map(_HALF.search, found)):
        raise ValueError("names")
    return found


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value


def _no_number(text: str) -> None:
    raise ValueError(text)


def _whole(digits: str) -> int:
    if not _WHOLE.fullmatch(digits) or abs(int(digits)) > LARGEST:
        raise ValueError(digits)
    return int(digits)


def _text(value: Any) -> str | None:
    """Return what is a text, None for whatever is not."""
    return value if isinstance(value, str) else None


def _has(value: Any, kinds: Mapping[str, type]) -> bool:
    """Tell whether an object has just these fields, and no number is below zero."""
    if not isinstance(value, dict) or set(value) != set(kinds):
        return False
    return all(
        type(value[name]) is kind and (kind is not int or value[name] >= 0)
        for name, kind in kinds.items()
    )


class Held:
    """What bundles and receipts both hold: events of a case, keys, a checkpoint.

    `origin` names the log, as whoever made the file states it.
    """

    case: str
    version: int
    origin: str
    statement_rows: str = "statement-keys.json"

    def __init__(self) -> None:
        self._told: list[Told4] = []

    @property
    def note(self) -> str:
        """Return the checkpoint as a signed note."""
        raise NotImplementedError

    @property
    def states(self) -> list[tuple[str, int, bytes]]:
        """Return the name, the version and the stored bytes of every event."""
        raise NotImplementedError

    def listed(self, name: str) -> Any:
        """Return the list of keys of a name, unchecked; None where it is no JSON."""
        raise NotImplementedError

    @property
    def told(self) -> list[Told4]:
        """Return every event by name, version, stored bytes and envelope."""
        if not self._told:
            self._told = [(*one, envelope(one[2], one[0])) for one in self.states]
        return self._told


Told4 = tuple[str, int, bytes, dict[str, Any]]

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
        "timeline.en.html",
        "timeline.zh.html",
    }
)
_NEEDED = {
    UNSIGNED: _ALWAYS | {"rules/codes.toml"},
    SIGNED: _ALWAYS | {"statement-keys.json"},
}
_FILES = r"opened\.json|timestamp\.tsr|files/[0-9]{6}\.(sealed|opened)"
_NAMED_RULES = r"rules/(policy|proof)/[a-z0-9-]{1,64}\.toml"
_BY_DIGEST = r"rules/codes\.toml|rules/sets/[0-9a-f]{64}\.json|rules/files/[0-9a-f]{64}"
_PERHAPS = {
    UNSIGNED: re.compile(f"{_FILES}|{_NAMED_RULES}"),
    SIGNED: re.compile(f"{_FILES}|{_NAMED_RULES}|{_BY_DIGEST}"),
}
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"


def numbered(version: int) -> tuple[str, str]:
    """Return the names of a version's event and of its proof."""
    return f"events/{version:06d}.json", f"proofs/{version:06d}.tlog-proof"


class Bundle(Held):
    """The members of a bundle, and what its manifest says of the case."""

    def __init__(self, members: dict[str, bytes]) -> None:
        super().__init__()
        self.members = members
        manifest = _manifest(members)
        self.format: str = manifest["format"]
        self.case = manifest["case"]
        self.version = manifest["version"]
        self.checkpoint: dict[str, Any] = manifest["checkpoint"]
        self.origin = self.checkpoint["origin"]
        self.digests: dict[str, Any] = manifest["members"]
        self._check_names()

    @property
    def note(self) -> str:
        """Return the checkpoint as a signed note."""
        return self.text("checkpoint.txt", "checkpoint-wrong")

    @property
    def states(self) -> list[tuple[str, int, bytes]]:
        """Return the name, the version and the stored bytes of every event."""
        names = [(numbered(n)[0], n) for n in range(1, self.version + 1)]
        return [(name, n, self.members[name]) for name, n in names]

    def listed(self, name: str) -> Any:
        """Return the list of keys of a name, unchecked; None where it is no JSON."""
        if name not in self.members:
            return []
        return _json_of(self.members[name])

    def text(self, name: str, code: str) -> str:
        """Return a member as text."""
        try:
            return self.members[name].decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(code, name) from None

    def check_digests(self) -> None:
        """Refuse a member that is not as long, or not what, the manifest says."""
        for name, body in self.members.items():
            if name in {MANIFEST, SIGNATURE}:
                continue
            stated = {"sha256": sha256(body).hexdigest(), "size": len(body)}
            if self.digests[name] != stated:
                raise Refused("altered-member", name)
        checkpoint = _checkpoint(self)
        stated = {"origin": checkpoint.origin, "size": checkpoint.size}
        if self.checkpoint != dict(stated, root=b64encode(checkpoint.root).decode()):
            raise Refused("manifest-wrong", "checkpoint")

    def _check_names(self) -> None:
        outside = {MANIFEST, SIGNATURE} if self.format == SIGNED else {MANIFEST}
        present, listed = set(self.members) - outside, set(self.digests)
        needed, perhaps = set(_NEEDED[self.format]), _PERHAPS[self.format]
        for version in range(1, self.version + 1):
            needed.update(numbered(version))
        for name in sorted(present | listed):
            if name not in listed or not (name in needed or perhaps.fullmatch(name)):
                raise Refused("unknown-member", name)
        for name in sorted(listed | needed | outside):
            if name not in self.members:
                raise Refused("missing-member", name)


def _json_of(content: bytes) -> Any:
    try:
        return parse_json(content)
    except ValueError:
        return None


def _manifest(members: dict[str, bytes]) -> dict[str, Any]:
    if MANIFEST not in members:
        raise Refused("missing-member", MANIFEST)
    content = members[MANIFEST]
    try:
        manifest = parse_json(content)
    except ValueError:
        raise Refused("manifest-wrong", tell("not-json")) from None
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise Refused("manifest-wrong", "format")
    if manifest["format"] not in FORMATS:
        raise Refused("other-format", _text(manifest["format"]) or "")
    if canonical(manifest) != content or set(manifest) != set(_MANIFEST):
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


_MANIFEST = {
    "case": str,
    "version": int,
    "checkpoint": dict,
    "members": dict,
    "format": str,
}


class Receipt(Held):
    """What a party got for an event of theirs: the event, and where it is in the log.

    `proof` is None as long as no checkpoint covers the event.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__()
        found = _json_of(content)
        if not isinstance(found, dict) or "format" not in found:
            raise Refused("receipt-malformed", tell("not-json"))
        if found["format"] != RECEIPT:
            raise Refused("other-format", _text(found["format"]) or "")
        proof = found.get("proof")
        if not _has(dict(found, proof=""), _RECEIPT) or "proof" not in found:
            raise Refused("receipt-malformed", tell("other-form"))
        if proof is not None and type(proof) is not str:
            raise Refused("receipt-malformed", "proof")
        self.case, self.version = found["case"], found["version"]
        self.origin, self.leaf = found["origin"], found["leaf"]
        self.proof: str | None = proof
        self._keys = {name: found[field] for name, field in _KEY_LISTS.items()}
        try:
            self.event = base64(found["event"])
        except ValueError:
            raise Refused("receipt-malformed", "event") from None

    @property
    def note(self) -> str:
        """Return the checkpoint as a signed note."""
        return (self.proof or "").partition("\n\n")[2]

    @property
    def states(self) -> list[tuple[str, int, bytes]]:
        """Return the name, the version and the stored bytes of the event."""
        return [("event", self.version, self.event)]

    def listed(self, name: str) -> Any:
        """Return the list of keys of a name, unchecked."""
        return self._keys[name]


_KEY_LISTS = {"keys.json": "keys", "statement-keys.json": "statement_keys"}
_RECEIPT = {
    "format": str,
    "origin": str,
    "case": str,
    "version": int,
    "event": str,
    "leaf": str,
    "statement_keys": list,
    "keys": list,
    "proof": str,
}


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a log entry (RFC 6962)."""
    return sha256(b"\0" + entry).digest()


def check_events(bundle: Bundle) -> None:
    """Refuse events that are not versions 1 to N of this case, chained by hash."""
    before = None
    for name, version, state, event in bundle.told:
        _check_place(bundle, name, version, event)
        if event.get("prev") != before:
            raise Refused("broken-chain", name)
        before = b64encode(leaf_hash(state)).decode()


def _check_place(held: Held, name: str, version: int, event: dict[str, Any]) -> None:
    stated = event.get("version")
    same = type(stated) is int and stated == version
    if not same or event.get("case") != held.case:
        raise Refused("event-elsewhere", name)


def envelope(state: bytes, name: str) -> dict[str, Any]:
    """Read the envelope of an event."""
    event = _json_of(state)
    if not isinstance(event, dict) or not isinstance(event.get("event"), dict):
        raise Refused("event-malformed", name)
    return event


def check_receipt(receipt: Receipt) -> None:
    """Refuse a receipt whose event is of another place, or is not of its leaf."""
    ((name, version, state, event),) = receipt.told
    _check_place(receipt, name, version, event)
    if leaf_hash(state).hex() != receipt.leaf:
        raise Refused("receipt-malformed", "leaf")


def check_reach(bundle: Bundle, asked: Asked) -> Told:
    """Refuse a case whose end is not the one that its head in the log states."""
    name, version, state, event = bundle.told[-1]
    leaf = b64encode(leaf_hash(state)).decode()
    head = '{"type":"case-head","case":"%s","version":%d,"leaf":"%s"}'
    if bundle.members["head.json"] != (head % (bundle.case, version, leaf)).encode():
        raise Refused("incomplete", tell("up-to", version))
    checkpoint = _checkpoint(bundle)
    head_proof = bundle.text("proofs/head.tlog-proof", "proof-malformed")
    index, _ = _proof(head_proof, "proofs/head.tlog-proof", bundle.note)
    ended = _recorded(event, name)
    return (
        tell("reach", version, index, said(ended)),
        tell("in-tree", checkpoint.size),
        _signed_at(bundle, asked, ended),
    )


def _signed_at(bundle: Bundle, asked: Asked, ended: int) -> Said:
    """Say when the tree was signed, so that a reader sees how old the case's head is.

    By the quorum of witnesses; else by the log itself, of whose signatures only those
    of ML-DSA-44 state a time.
    """
    words, needed = "cosigned-at", _quorum(asked)
    try:
        times = cosigned(bundle, asked.witnesses)[needed - 1 : needed] if needed else []
        if not times:
            words, times = "signed-at", check_signed(bundle, asked.keys)
    except Refused:
        times = []
    if not times:
        return tell("signed-once")
    days, seconds = divmod(max(0, times[0] - ended), 86_400)
    hours, minutes = divmod(seconds // 60, 60)
    return tell(words, said(times[0]), days, f"{hours:02d}:{minutes:02d}")


STAYS, RETURNS = "stays", "returns"
_LIVE = (
    "appeal awaiting-response enforcing evidence filed negotiating performing ruling"
    " suspended unanswered"
)
_EVER = _LIVE + " closed"
_ADMITTED = (
    "awaiting-response enforcing evidence negotiating performing ruling unanswered"
)
_UNDECIDED = "awaiting-response evidence filed negotiating ruling suspended unanswered"
_PROVING = "awaiting-response evidence filed negotiating unanswered ruling appeal"
_BARGAINING = "evidence negotiating ruling suspended"
_EXAMINING, _OWING = "evidence ruling", "enforcing performing"
_DECIDED = _OWING + " closed"
_PARTIES, _STAFF = "buyer seller", "mediator supervisor"
_EVERYBODY = "buyer seller mediator supervisor"
ORDER: dict[str, tuple[str, str, str]] = {
    "admitted": ("closed filed", _STAFF, "awaiting-response"),
    "advance-recovered": (_EVER, _STAFF + " platform", "stays"),
    "appeal-decided": ("appeal", "supervisor", "returns performing"),
    "appeal-filed": ("appeal closed enforcing performing", _PARTIES, "appeal"),
    "appeal-refused": ("appeal", "supervisor", "stays returns"),
    "burden-assigned": (_EXAMINING, _STAFF + " platform clock", "stays"),
    "clocks-paused": (_EXAMINING, _STAFF, "stays"),
    "clocks-resumed": (_EXAMINING, _STAFF + " clock platform", "stays"),
    "closed": (_LIVE, _EVERYBODY + " clock platform", "closed"),
    "deadline-extended": (_LIVE, "supervisor", "stays"),
    "deadline-missed": (_EVER, "clock", "stays unanswered enforcing"),
    "defaulted": (_OWING, _PARTIES + " clock", "stays"),
    "enforcement-executed": ("enforcing", _STAFF + " platform", "stays"),
    "enforcement-failed": ("enforcing", _STAFF + " platform", "stays"),
    "enforcement-ordered": ("enforcing", _STAFF, "stays"),
    "escalated": (
        "awaiting-response enforcing negotiating performing unanswered",
        _EVERYBODY + " clock",
        "evidence ruling",
    ),
    "evidence-assessed": ("appeal evidence ruling", _STAFF, "stays"),
    "evidence-closed": (_EXAMINING, "clock", "stays ruling"),
    "contact-stated": (_EVER, _PARTIES, "stays"),
    "evidence-handed-in": (_PROVING, _PARTIES + " clock", "stays"),
    "evidence-requested": (_EXAMINING, _STAFF, "evidence"),
    "evidence-submitted": (_PROVING, _PARTIES + " platform", "stays"),
    "filed": ("none", _STAFF + " buyer", "filed"),
    "fulfilled": (_OWING, _PARTIES + " platform", "stays"),
    "fulfilment-contested": (_OWING, _PARTIES, "stays enforcing"),
    "inquiry-answered": (_EXAMINING, _STAFF + " platform", "stays"),
    "inquiry-sent": (_EXAMINING, _STAFF, "stays"),
    "legal-hold-lifted": (_EVER, "regulator supervisor", "stays"),
    "legal-hold-placed": (_EVER, "regulator supervisor", "stays"),
    "mediator-assigned": (_LIVE, _STAFF, "stays"),
    "mediator-recused": (_LIVE, _STAFF, "stays"),
    "message-posted": (_LIVE, _EVERYBODY, "stays"),
    "note-added": (_EVER, _STAFF, "stays"),
    "case-tagged": (_EVER, _STAFF, "stays"),
    "notice-served": (_EVER, "clock platform", "stays awaiting-response"),
    "notice-undelivered": (_EVER, "clock", "stays"),
    "obligation-confirmed": (
        "appeal enforcing performing suspended",
        _PARTIES + " clock supervisor",
        "stays",
    ),
    "offer-accepted": (_BARGAINING, _PARTIES, "stays performing"),
    "offer-declined": (_BARGAINING, _PARTIES, "stays"),
    "offer-lapsed": (_LIVE, "clock", "stays"),
    "offer-made": (_BARGAINING, _EVERYBODY, "stays"),
    "referred": (_LIVE, _STAFF, "stays"),
    "refused": ("filed", _STAFF + " platform", "stays"),
    "restricted": ("closed", "supervisor", "stays"),
    "restriction-lifted": (_EVER, "supervisor", "stays"),
    "resumed": ("suspended", _PARTIES + " clock supervisor", "returns"),
    "review-requested": (_DECIDED, _PARTIES, "ruling"),
    "ruled": ("ruling", _STAFF, "performing"),
    "ruling-drafted": ("ruling", _STAFF, "stays"),
    "sanction-imposed": (_DECIDED, "supervisor", "stays"),
    "sanction-lifted": (_EVER, _STAFF, "stays"),
    "sanction-published": (_EVER, _STAFF + " platform", "stays"),
    "seller-responded": (
        "awaiting-response unanswered",
        "seller",
        "negotiating performing",
    ),
    "subject-erased": ("closed", "supervisor", "stays"),
    "corrected": (_EVER, _STAFF, "stays"),
    "import-withdrawn": (_EVER, "supervisor", "closed"),
    "suspended": (_ADMITTED, _PARTIES + " supervisor", "suspended"),
    "suspension-proved": ("suspended", _PARTIES, "stays"),
    "suspension-requested": (_ADMITTED, _PARTIES, "stays"),
    "withdrawn": (_UNDECIDED, "buyer clock", "stays"),
}
"""In which phases an event can be recorded, by which roles, and where it leads to."""

INTERRUPTING = frozenset({"appeal-filed", "suspended"})
"""Events whose phase is left again for the one before (RETURNS)."""

Standing = tuple[str, Union[str, None]]


def check_lifecycle(bundle: Bundle) -> Told:
    """Refuse an event that the lifecycle does not allow where it stands.

    Followed are all phases that the case can be in, each with the phase that an appeal
    or a suspension has interrupted. What another system tells is followed unjudged.
    """
    standings: set[Standing] = {("none", None)}
    judged = followed = 0
    for name, version, _, event in bundle.told:
        told = event.get("imported") is not None
        topic, role = _topic(event, name), _role(event, name)
        after = standings_after(standings, topic, role, told=told)
        if not after:
            phases = " ".join(sorted({phase for phase, _ in standings}))
            about = tell("role-in-phase", version, topic, role, phases)
            raise Refused("not-possible", about)
        standings = after
        judged, followed = judged + (not told), followed + told
    return (tell("possible", judged, followed),)


def _topic(event: dict[str, Any], name: str) -> str:
    topic = _text(event["event"].get("type"))
    if topic is None:
        raise Refused("event-malformed", name)
    return topic


def _role(event: dict[str, Any], name: str) -> str:
    """Return the role whose rights an actor uses."""
    actor = event.get("actor")
    if not isinstance(actor, dict):
        raise Refused("event-malformed", name)
    stands_for = actor.get("on_behalf_of")
    role = _text(actor.get("role") if stands_for is None else stands_for)
    if role is None:
        raise Refused("event-malformed", name)
    return role


def standings_after(
    standings: set[Standing], topic: str, role: str, *, told: bool
) -> set[Standing]:
    """Return where a case may stand after an event; nowhere: it was not possible."""
    if topic not in ORDER:
        return set()
    phases, roles, leads_to = (one.split() for one in ORDER[topic])
    if not told and role not in roles:
        return set()
    return {
        following
        for standing in standings
        if told or standing[0] in phases
        for one in leads_to
        for following in _following(standing, one, topic in INTERRUPTING)
    }


def _following(
    standing: Standing,
    leads_to: str,
    interrupts: bool,  # noqa: FBT001
) -> Iterator[Standing]:
    phase, before = standing
    if leads_to == STAYS:
        yield standing
    elif leads_to == RETURNS:
        # An imported history may end an interruption that it does not tell of.
        yield before or phase, None
        if before is None:
            yield "performing", None
    elif not interrupts:
        yield leads_to, before
    else:
        yield leads_to, before if phase == leads_to else phase


TOPICS = {
    "filed": ("Dispute filed", "提交纠纷"),
    "admitted": ("Admitted", "受理"),
    "refused": ("Refused", "不予受理"),
    "referred": ("Referred to an authority", "移送其他机关"),
    "withdrawn": ("Withdrawn", "撤回纠纷"),
    "mediator-assigned": ("Mediator assigned", "指派平台客服"),
    "mediator-recused": ("Mediator recused", "平台客服回避"),
    "note-added": ("Internal note", "添加内部备注"),
    "case-tagged": ("Tags changed", "变更标签"),
    "seller-responded": ("Seller answered", "答复诉求"),
    "message-posted": ("Message", "发送留言"),
    "offer-made": ("Offer made", "提出方案"),
    "offer-accepted": ("Offer accepted", "接受方案"),
    "offer-declined": ("Offer declined", "拒绝方案"),
    "offer-lapsed": ("Offer lapsed", "方案失效"),
    "escalated": ("Escalated", "平台介入"),
    "evidence-requested": ("Evidence requested", "要求补充凭证"),
    "evidence-submitted": ("Evidence submitted", "提交凭证"),
    "evidence-handed-in": ("Draft handed in", "提交凭证草稿"),
    "evidence-closed": ("Evidence closed", "举证结束"),
    "evidence-assessed": ("Evidence assessed", "审核凭证"),
    "burden-assigned": ("Burden of proof assigned", "分配举证责任"),
    "inquiry-sent": ("Inquiry sent", "向第三方查询"),
    "inquiry-answered": ("Inquiry answered", "第三方答复"),
    "ruling-drafted": ("Ruling drafted", "起草裁决"),
    "ruled": ("Ruled", "作出裁决"),
    "review-requested": ("Human review requested", "申请人工复核"),
    "appeal-filed": ("Appeal filed", "提出申诉"),
    "appeal-refused": ("Appeal refused", "申诉不予受理"),
    "appeal-decided": ("Appeal decided", "作出申诉决定"),
    "fulfilled": ("Performance reported", "报告履行"),
    "fulfilment-contested": ("Performance contested", "否认已履行"),
    "obligation-confirmed": ("Performance confirmed", "确认履行"),
    "defaulted": ("Defaulted", "违约"),
    "enforcement-ordered": ("Enforcement ordered", "决定强制执行"),
    "enforcement-executed": ("Enforcement executed", "强制执行完毕"),
    "enforcement-failed": ("Enforcement failed", "强制执行未果"),
    "advance-recovered": ("Advance recovered", "追回垫付款"),
    "closed": ("Closed", "结案"),
    "notice-served": ("Notice served", "送达通知"),
    "notice-undelivered": ("Notice could not be delivered", "通知未能送达"),
    "contact-stated": ("Contact stated", "填写联系方式"),
    "deadline-missed": ("Deadline missed", "期限已过"),
    "deadline-extended": ("Deadline extended", "延长期限"),
    "clocks-paused": ("Clocks paused", "暂停计时"),
    "clocks-resumed": ("Clocks resumed", "恢复计时"),
    "suspension-requested": ("Suspension requested", "申请中止"),
    "suspended": ("Suspended", "中止案件"),
    "suspension-proved": ("Suspension proved", "提交中止证明"),
    "resumed": ("Resumed", "恢复处理"),
    "sanction-imposed": ("Sanction imposed", "作出处罚"),
    "sanction-published": ("Sanction published", "公布处罚"),
    "sanction-lifted": ("Sanction lifted", "解除处罚"),
    "legal-hold-placed": ("Legal hold placed", "依法保全"),
    "legal-hold-lifted": ("Legal hold lifted", "解除依法保全"),
    "restricted": ("Personal data restricted", "限制处理个人信息"),
    "restriction-lifted": ("Restriction lifted", "解除个人信息处理限制"),
    "subject-erased": ("Personal data erased", "删除个人信息"),
    "corrected": ("Imported record corrected", "更正导入记录"),
    "import-withdrawn": (
        "Import withdrawn, case set aside",
        "撤回导入，本案停止使用",
    ),
}
"""What events are called."""

ROLES = {
    "buyer": ("buyer", "买家"),
    "seller": ("seller", "卖家"),
    "mediator": ("mediator", "平台客服"),
    "supervisor": ("supervisor", "主管"),
    "clock": ("clock", "系统计时"),
    "platform": ("platform", "平台系统"),
    "auditor": ("auditor", "审计员"),
    "regulator": ("regulator", "监管人员"),
    "analyst": ("analyst", "数据分析员"),
}


def timeline(held: Held) -> list[dict[str, Any]]:
    """Return a bare timeline, made of the events alone.

    Of each event its version, its times, the role of who acted (and for whom), and its
    topic; None for what is not there or is no text.
    """
    rows = []
    for _, version, _, event in held.told:
        actor = event.get("actor")
        actor = actor if isinstance(actor, dict) else {}
        rows.append(
            {
                "version": version,
                "at": _text(event.get("at")),
                "recorded_at": _text(event.get("recorded_at")),
                "role": _text(actor.get("role")),
                "on_behalf_of": _text(actor.get("on_behalf_of")),
                "topic": _text(event["event"].get("type")),
                "imported": event.get("imported") is not None,
            }
        )
    return rows


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


# A name has no space and no plus (C2SP signed-note). Which characters are spaces is
# written out, as Unicode 15 has them (White_Space): programs do not agree on `\s`.
_NAME = (
    "[^\x00-\x20+\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\ud800-\udfff]+"
)
_KEY_NAME = re.compile(_NAME)
_LINE = re.compile(f"\u2014 ({_NAME}) ([A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")


def parse_note(content: str) -> tuple[str, tuple[Signature, ...]]:
    """Read a signed note. Raises ValueError."""
    if _CONTROL.search(content) or len(content.encode("utf-8")) > NOTE_LIMIT:
        raise ValueError("note")
    text, blank, signed = content.rpartition("\n\n")
    lines = signed.split("\n")
    if not blank or lines.pop() or not 0 < len(lines) <= 128:
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


def _checkpoint(held: Held) -> Checkpoint:
    code = "checkpoint-wrong"
    try:
        text, signatures = parse_note(held.note)
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
    entries = [(numbered(n)[1], state) for _, n, state in bundle.states]
    entries.append(("proofs/head.tlog-proof", bundle.members["head.json"]))
    for name, entry in entries:
        text = bundle.text(name, "proof-malformed")
        _check_proof(text, name, bundle.note, checkpoint, entry)


def _check_proof(
    text: str, name: str, note: str, checkpoint: Checkpoint, entry: bytes
) -> None:
    index, path = _proof(text, name, note)
    computed = root_of(leaf_hash(entry), index, checkpoint.size, path)
    if computed != checkpoint.root:
        raise Refused("not-in-log", name)


def _proof(text: str, name: str, note: str) -> tuple[int, list[bytes]]:
    code = "proof-malformed"
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
    """Read a C2SP verifier key of Ed25519 or ML-DSA-44. Raises ValueError."""
    name, _, rest = text.partition("+")
    key_id, _, material = rest.partition("+")
    try:
        content = base64(material)
    except ValueError:
        content = b""
    known = content and len(content) == 1 + KEY_BYTES.get(content[0], -1)
    if not known or not _KEY_NAME.fullmatch(name):
        raise ValueError(f"not an Ed25519 or ML-DSA-44 verifier key: {text[:80]}")
    computed = _key_id(name, content)
    if computed.hex() != key_id:
        raise ValueError(f"key and id do not belong together: {text[:80]}")
    return Key(name, computed, content[0], content[1:])


def _key_id(name: str, content: bytes) -> bytes:
    return sha256(f"{name}\n".encode() + content).digest()[:4]


def check_signed(held: Held, keys: tuple[Key, ...]) -> list[int]:
    """Refuse a checkpoint that no given key signed, nor one that those name.

    Return the times (POSIX) that the log's signatures state, the earliest first.
    """
    checkpoint, times = _checkpoint(held), []
    ours = [key for key in keys if key.name == checkpoint.origin]
    if not ours:
        raise Refused("foreign-log", checkpoint.origin)
    made = list(_made(checkpoint.signatures, trusted_keys(held, ours)))
    if not made:
        raise Refused("foreign-key", checkpoint.origin)
    for key, signature in made:
        held_by, time = _verified(key, checkpoint, signature.value)
        if not held_by:
            raise Refused("signature-wrong", f"{key.name}+{key.key_id.hex()}")
        times += [] if time is None else [time]
    return sorted(times)


def _verified(
    key: Key, checkpoint: Checkpoint, value: bytes
) -> tuple[bool, int | None]:
    """Tell whether a signature of a checkpoint holds, and which time it states."""
    if key.algorithm == LOG_KEY:
        return verify(key.public, checkpoint.text.encode(), value), None
    time, signature = int.from_bytes(value[:8], "big"), value[8:]
    if key.algorithm == WITNESS_KEY:
        message = f"cosignature/v1\ntime {time}\n{checkpoint.text}".encode()
        return len(value) == 72 and verify(key.public, message, signature), time
    name, origin = key.name.encode(), checkpoint.origin.encode()
    if len(name) > 255 or len(origin) > 255 or checkpoint.size >= 1 << 63:
        return False, time
    # C2SP: the tree, as the subtree from entry 0 on. It leaves out extension lines.
    message = b"subtree/v1\n\0" + bytes([len(name)]) + name + value[:8]
    message += bytes([len(origin)]) + origin + pack(">QQ", 0, checkpoint.size)
    return verify_mldsa(key.public, message + checkpoint.root, signature), time


def _made(
    signatures: tuple[Signature, ...], keys: list[Key]
) -> Iterator[tuple[Key, Signature]]:
    for signature in signatures:
        for key in keys:
            if (signature.name, signature.key_id) == (key.name, key.key_id):
                yield key, signature


ENDORSED, STATING = "redress log keys", "redress statement key"
"""First lines of the notes in which a log's keys endorse others; see `_endorsed`."""


def trusted_keys(held: Held, given: list[Key]) -> list[Key]:
    """Return the given keys of a log and those that they endorsed, and so on.

    Refuse a list of the log's keys that is none, or that names a key of another log.
    """
    trusted = list(given)
    rows = _published(held)
    _listed_keys(rows, held.origin)
    for row in rows:
        for key in _endorsed(row["endorsement"], ENDORSED, held.origin, trusted):
            if key.name == held.origin and key not in trusted:
                trusted.append(key)
    return trusted


def check_known(held: Held, trusted: list[Key]) -> list[str]:
    """Refuse a listed key that is neither trusted nor older than those that are.

    Of the first generation, one ML-DSA-44 key may be named by nobody. Return the ids of
    such keys, and of older ones: they count for nothing.
    """
    rows = _published(held)
    keys = _listed_keys(rows, held.origin)
    unknown = [key for key in keys if key not in trusted]
    older = _older(keys, rows, trusted)
    left = [key for key in unknown if key not in older]
    quiet = [key for key in left if key.algorithm == ML_DSA_44][:1]
    for key in left:
        if key not in quiet:
            raise Refused("key-unknown", f"{key.name}+{key.key_id.hex()}")
    return [key.key_id.hex() for key in unknown]


def _older(keys: list[Key], rows: list[Any], trusted: list[Key]) -> list[Key]:
    """Return the listed keys that have endorsed a trusted key, and so on."""
    older: list[Key] = []
    for row in reversed(rows):
        known = trusted + older
        for key in keys:
            named = _endorsed(row["endorsement"], ENDORSED, key.name, [key])
            if key not in known and any(one in known for one in named):
                older.append(key)
    return older


def _endorsed(
    content: str | None, heading: str, origin: str, signers: list[Key]
) -> list[Key]:
    """Return the keys that an endorsement names, if one of the signers has signed it.

    It is a signed note: a heading, the log's name, and the keys, a line each.
    """
    try:
        text, signatures = parse_note(content or "")
    except ValueError:
        return []
    first, name, *vkeys = [*text[:-1].split("\n"), ""]
    if first != heading or name != origin:
        return []
    able = [key for key in signers if (key.name, key.algorithm) == (origin, LOG_KEY)]
    if not any(
        verify(key.public, text.encode(), one.value)
        for key, one in _made(signatures, able)
    ):
        return []
    return list(_parsed(vkeys[:-1]))


def _parsed(vkeys: list[str]) -> Iterator[Key]:
    for vkey in vkeys:
        try:
            yield parse_key(vkey)
        except ValueError:
            continue


def _published(held: Held) -> list[dict[str, Any]]:
    """Return the rows of the log's list of keys, each with an endorsement or None."""
    listed = held.listed("keys.json")
    fields = {"endorsement": str, "made_at": str, "vkey": str}
    return _rows(listed, "keys.json", fields)


def _rows(listed: Any, name: str, fields: Mapping[str, type]) -> list[dict[str, Any]]:
    if not isinstance(listed, list):
        raise Refused("keys-wrong", name)
    for row in listed:
        known = isinstance(row, dict) and "endorsement" in row
        empty = known and row["endorsement"] is None
        if not known or not _has(dict(row, endorsement="") if empty else row, fields):
            raise Refused("keys-wrong", name)
    return listed


def _listed_keys(rows: list[dict[str, Any]], name: str) -> list[Key]:
    """Return the keys of a list, all of which have to be of one name."""
    keys = []
    for row in rows:
        try:
            key = parse_key(row["vkey"])
        except ValueError:
            raise Refused("keys-wrong", row["vkey"]) from None
        if key.name != name:
            raise Refused("keys-wrong", f"{key.name}+{key.key_id.hex()}")
        keys.append(key)
    return keys


def statement_keys(held: Held, asked: Asked) -> list[Key]:
    """Return the trusted keys of statements: given, or endorsed by the log's keys."""
    name = f"{held.origin}/statements"
    trusted = [key for key in asked.statement_keys if key.name == name]
    rows = _rows(
        held.listed("statement-keys.json"),
        "statement-keys.json",
        {"endorsement": str, "vkey": str},
    )
    signers = trusted_keys(held, [key for key in asked.keys if key.name == held.origin])
    _listed_keys(rows, name)
    for row in rows:
        named = _endorsed(row["endorsement"], STATING, held.origin, signers)
        trusted += [
            one for one in named if (one.name, one.algorithm) == (name, LOG_KEY)
        ]
    return trusted


_STATED = re.compile(rb',"statement":"([A-Za-z0-9+/=]{92})"\}\Z')


def check_statements(held: Held, asked: Asked) -> Told:
    """Refuse a statement that does not hold, or an event without one after one with."""
    found = [
        (name, version, *_statement(state, event, name))
        for name, version, state, event in held.told
    ]
    signed = [one for one in found if one[3]]
    if not signed:
        return (tell("not-stated"),)
    first = signed[0][1]
    for name, version, _, blob in found:
        if version > first and not blob:
            raise Refused("statement-missing", name)
    trusted = statement_keys(held, asked)
    for name, _, text, blob in signed:
        if not trusted:
            raise Unsure("unvouched", name)
        message = b"redress-statement/1\n" + text
        _check_stated(
            blob, message, trusted, name, ("statement-foreign", "statement-wrong")
        )
    return (tell("stated", len(signed), len(found), first),)


def _statement(state: bytes, event: dict[str, Any], name: str) -> tuple[bytes, bytes]:
    """Return what an event's statement signs, and the statement: empty without one."""
    if "statement" not in event:
        return state, b""
    found = _STATED.search(state)
    try:
        blob = base64(found[1].decode() if found else "")
    except ValueError:
        blob = b""
    if found is None or len(blob) != 68:
        raise Refused("statement-wrong", name)
    return state[: found.start()] + b"}", blob


def _check_stated(
    blob: bytes, message: bytes, keys: list[Key], about: str, codes: tuple[str, str]
) -> Key:
    """Return the key by which a text was stated; refuse a foreign or a wrong one."""
    foreign, wrong = codes
    named = [key for key in keys if key.key_id == blob[:4]]
    if not named:
        raise Refused(foreign, about)
    for key in named:
        if verify(key.public, message, blob[4:]):
            return key
    raise Refused(wrong, about)


def check_vouched(bundle: Bundle, asked: Asked) -> Told:
    """Refuse a manifest that the platform's application has not signed.

    With it, everything that the bundle says besides the record is the platform's word.
    A bundle of the first format has none, and none of the events that need it.
    """
    if bundle.format == UNSIGNED:
        for name, _, _, event in bundle.told:
            if "statement" in event or "rules" in event:
                raise Refused("downgraded", name)
        return (tell("unsigned"),)
    blob = _manifest_signature(bundle.members)
    return _vouched(bundle.members, blob, statement_keys(bundle, asked))


def _manifest_signature(members: dict[str, bytes]) -> bytes:
    try:
        line = members[SIGNATURE].decode("utf-8")
        blob = base64(line[:-1] if line[-1:] == "\n" else "")
    except ValueError:
        blob = b""
    if len(blob) != 68:
        raise Refused("manifest-forged", SIGNATURE)
    return blob


def _vouched(members: dict[str, bytes], blob: bytes, trusted: list[Key]) -> Told:
    if not trusted:
        raise Unsure("unvouched", SIGNATURE)
    message = b"redress-manifest/1\n" + members[MANIFEST]
    codes = "manifest-foreign", "manifest-forged"
    key = _check_stated(blob, message, trusted, SIGNATURE, codes)
    return (tell("vouched", f"{key.name}+{key.key_id.hex()}"),)


def cosigned(held: Held, witnesses: tuple[Key, ...]) -> list[int]:
    """Return when each of the witnesses co-signed (POSIX), the earliest first."""
    checkpoint, times = _checkpoint(held), {}
    for key, signature in _made(checkpoint.signatures, list(witnesses)):
        holds, time = _verified(key, checkpoint, signature.value)
        if not holds or time is None:
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
    return _add_ready(p, _ready(q))


def _ready(q: Point) -> Point:
    """Return what an addition takes of the second point: Y - X, Y + X, 2DT, 2Z."""
    return q[1] - q[0], q[1] + q[0], 2 * D * q[3] % P, 2 * q[2]


def _add_ready(p: Point, ready: Point) -> Point:
    x, y, z, t = p
    minus, plus, double_t, double_z = ready
    a, b = (y - x) * minus % P, (y + x) * plus % P
    c, d = t * double_t % P, z * double_z % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    for row in _multiples(point):
        if number & 63:
            total = _add_ready(total, row[number & 63])
        number >>= 6
    return total


@lru_cache(maxsize=64)
def _multiples(point: Point) -> list[list[Point]]:
    """Return 0 to 63 times a point, 64 to 63 * 64 times it, and so on, to be added.

    A case has as many statements as events, nearly all by one key: with this table each
    is verified in a tenth of the time.
    """
    rows = []
    for _ in range(43):
        row, ready = [(0, 1, 1, 0), point], _ready(point)
        while len(row) < 64:
            row.append(_add_ready(row[-1], ready))
        rows.append(list(map(_ready, row)))
        point = _add_ready(row[-1], ready)
    return rows


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


@lru_cache(maxsize=64)
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


# ML-DSA-44 (FIPS 204): the ring of polynomials of 256 coefficients modulo Q.
Q, ROOT = 8380417, 1753
GAMMA_2, BETA, OMEGA, TAU = (8380417 - 1) // 88, 78, 80, 39
Polynomial = list[int]
_ZETAS = [pow(ROOT, int(f"{n:08b}"[::-1], 2), Q) for n in range(256)]


@lru_cache(maxsize=4096)
def verify_mldsa(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an ML-DSA-44 signature holds (FIPS 204, with an empty context)."""
    if len(public) != 1312 or len(signature) != 2420:
        return False
    hints = _hints(signature[2336:])
    z = [_packed(signature[32 + 576 * n :], 18) for n in range(4)]
    z = [[(1 << 17) - one for one in row] for row in z]
    if hints is None or any(abs(one) >= (1 << 17) - BETA for row in z for one in row):
        return False
    mu = shake_256(public).digest(64) + b"\0\0" + message
    mu = shake_256(mu).digest(64)
    in_z = [_ntt(row) for row in z]
    challenge = _ntt(_ball(signature[:32]))
    commitment = b""
    for row in range(4):
        t_1 = _ntt([one << 13 for one in _packed(public[32 + 320 * row :], 10)])
        total = [-a * b for a, b in zip(challenge, t_1)]
        for column in range(4):
            factor = _uniform(public[:32] + bytes([column, row]))
            total = [one + a * b for one, a, b in zip(total, factor, in_z[column])]
        high = map(_use_hint, _inverse_ntt(total), hints[row])
        number = sum(one << 6 * n for n, one in enumerate(high))
        commitment += number.to_bytes(192, "little")
    return shake_256(mu + commitment).digest(32) == signature[:32]


def _packed(content: bytes, bits: int) -> Polynomial:
    """Read 256 numbers of so many bits each."""
    number = int.from_bytes(content[: 32 * bits], "little")
    mask = (1 << bits) - 1
    return [number >> bits * n & mask for n in range(256)]


def _hints(content: bytes) -> list[list[bool]] | None:
    """Read which coefficients a hint is about, None if it is not in its one form."""
    rows, begin = [[False] * 256 for _ in range(4)], 0
    for row, end in zip(rows, content[OMEGA:]):
        places = content[begin:end]
        if not begin <= end <= OMEGA or any(
            one <= before
            for before, one in zip(places, places[1:])  # noqa: RUF007
        ):
            return None
        for place in places:
            row[place] = True
        begin = end
    return None if any(content[begin:OMEGA]) else rows


def _ball(seed: bytes) -> Polynomial:
    """Return the challenge of a seed: 39 coefficients are 1 or -1, the others 0."""
    stream = shake_256(seed).digest(1024)
    signs, place, found = int.from_bytes(stream[:8], "little"), 8, [0] * 256
    for n in range(256 - TAU, 256):
        while stream[place] > n:
            place += 1
        found[n] = found[stream[place]]
        found[stream[place]] = -1 if signs & 1 else 1
        signs, place = signs >> 1, place + 1
    return found


@lru_cache(maxsize=256)
def _uniform(seed: bytes) -> Polynomial:
    """Return the polynomial of a seed: numbers of 23 bits, those below Q."""
    stream = shake_128(seed).digest(1344)
    numbers = (
        int.from_bytes(stream[n : n + 3], "little") & 0x7FFFFF
        for n in range(0, len(stream), 3)
    )
    return [one for one in numbers if one < Q][:256]


def _ntt(content: Polynomial) -> Polynomial:
    values, at, length = list(content), 0, 128
    while length:
        for start in range(0, 256, 2 * length):
            at += 1
            for n in range(start, start + length):
                step = _ZETAS[at] * values[n + length]
                values[n + length] = (values[n] - step) % Q
                values[n] = (values[n] + step) % Q
        length //= 2
    return values


def _inverse_ntt(content: Polynomial) -> Polynomial:
    values, at, length = [one % Q for one in content], 256, 1
    while length < 256:
        for start in range(0, 256, 2 * length):
            at -= 1
            for n in range(start, start + length):
                one, other = values[n], values[n + length]
                values[n] = (one + other) % Q
                values[n + length] = (other - one) * _ZETAS[at] % Q
        length *= 2
    return [one * 8347681 % Q for one in values]


def _use_hint(number: int, hint: bool) -> int:  # noqa: FBT001
    """Return the high bits of a number, one up or down where there is a hint."""
    low = number % (2 * GAMMA_2)
    low -= 2 * GAMMA_2 if low > GAMMA_2 else 0
    high = 0 if number - low == Q - 1 else (number - low) // (2 * GAMMA_2)
    if not hint:
        return high
    # For number - low = Q - 1, FIPS 204 lowers `low` by one.
    low -= number - low == Q - 1
    return (high + (1 if low > 0 else -1)) % 44


Place = tuple[int, str]


def check_erased(bundle: Bundle) -> Told:
    """Refuse a list of sealed texts that does not name each of them once."""
    sealed = _sealed(bundle)
    opened = _opened(bundle, sealed)
    listed = _list(bundle, "redactions.json", "redactions-wrong")
    names = [(one.get("version"), one.get("path")) for one in listed]
    if names != sorted(sealed):
        raise Refused("redactions-wrong", tell("not-each"))
    for one, name in zip(listed, names):
        wanted = {"opened"} if name in opened else {"erased", "sealed"}
        fields = {"version": int, "path": str, "state": str}
        if not _has(one, fields) or one["state"] not in wanted:
            raise Refused("redactions-wrong", f"{name[0]}/{name[1]}")
    erased = [f"{one['version']}/{one['path']}" for one in listed if _gone(one)]
    words = "texts-erased" if erased else "texts"
    return (tell(words, len(sealed), len(erased), " ".join(erased)),)


def _gone(one: dict[str, Any]) -> bool:
    return bool(one["state"] == "erased")


def _sealed(bundle: Bundle) -> dict[Place, str]:
    return {
        (version, path): text
        for _, version, _, event in bundle.told
        for path, text in sealed_texts(event)
    }


def check_opened(bundle: Bundle) -> Told:
    """Refuse an opened text that is not the one its event commits to."""
    sealed, proved, stated = _sealed(bundle), 0, 0
    for (version, path), one in _opened(bundle, sealed).items():
        text = sealed[version, path]
        if not text.startswith(COMMITTED):
            stated += 1
            continue
        place = f"{bundle.case}/{version}/{path}".encode()
        said_of = base64(one["salt"]) + place + b"\n" + one["text"].encode()
        committed = sha256(b"redress-text/1\n" + said_of).digest()
        if base64(text[len(COMMITTED) :])[:32] != committed:
            raise Refused("opened-other", f"{version}/{path}")
        proved += 1
    if not proved and not stated:
        return ()
    return (tell("opened", proved, stated),)


COMMITTED = "enc2:"
"""A sealed text that begins with its commitment: 32 bytes, then nonce and ciphertext.

The ciphertext holds 32 bytes of salt, the text, and 16 bytes of tag.
"""


def _opened(bundle: Bundle, sealed: dict[Place, str]) -> dict[Place, dict[str, Any]]:
    """Return the opened texts; each has to name the sealed text that it stands for."""
    opened: dict[Place, dict[str, Any]] = {}
    if "opened.json" not in bundle.members:
        return opened
    for one in _list(bundle, "opened.json", "opened-wrong"):
        name = one["version"], one["path"]
        text = sealed.get(name, "") if name not in opened else ""
        fields = {"version": int, "path": str, "sealed": str, "text": str}
        if text.startswith(COMMITTED):
            fields["salt"] = str
        same = text and _has(one, fields) and one["sealed"] == _digest(text)
        if not same or not _fits(text, one.get("salt", "")):
            raise Refused("opened-wrong", f"{name[0]}/{name[1]}")
        opened[name] = one
    return opened


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _fits(sealed: str, salt: str) -> bool:
    """Tell whether a sealed text, and a salt, are as long as they have to be."""
    if not sealed.startswith(COMMITTED):
        return True
    try:
        return len(base64(salt)) == 32 and len(base64(sealed[5:])) >= 92
    except ValueError:
        return False


def _list(bundle: Bundle, name: str, code: str) -> list[dict[str, Any]]:
    """Read a member that is a list of objects, each with a version and a path."""
    content = _json_of(bundle.members[name])
    if not isinstance(content, list) or not all(map(_is_placed, content)):
        raise Refused(code, name)
    return content


def _is_placed(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and type(one.get("version")) is int
        and type(one.get("path")) is str
    )


_SEALED = re.compile(r"enc[0-9]+:[A-Za-z0-9+/=]+")


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
    members, unproved = bundle.members, 0
    rows: list[dict[str, Any]] = []
    for name, version, _, event in bundle.told:
        rows += exhibits(event["event"], version, name)
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
        unproved += name.endswith(".sealed") and "sealed" not in row
    told = tell("exhibits", len(rows), len(files))
    return (told, tell("sealed-files", unproved)) if unproved else (told,)


def exhibits(event: dict[str, Any], version: int, name: str) -> list[dict[str, Any]]:
    """Return the file that came with an event, if one did.

    `sealed`, where there is one, is the digest of the file as it is stored.
    """
    about = event if event.get("type") == "evidence-submitted" else None
    if event.get("type") == "message-posted":
        about = event.get("attachment")
    if about is None:
        return []
    if not isinstance(about, dict):
        raise Refused("event-malformed", name)
    row = {
        "version": version,
        "number": event.get("number"),
        "by": event.get("by"),
        "kind": about.get("kind", "attachment"),
        "sha256": about.get("sha256"),
        "size": about.get("size"),
        "media_type": about.get("media_type"),
    }
    sealed = about.get("sealed")
    return [row if sealed is None else dict(row, sealed=sealed)]


def _is_file(content: bytes, row: dict[str, Any]) -> bool:
    same = sha256(content).hexdigest() == row["sha256"]
    return same and type(row["size"]) is int and len(content) == row["size"]


_SEALED_FORMS = {b"RDRS1": 13, b"RDRS2": 69}
"""How many bytes each form in which files are sealed has besides its chunks."""


def _is_sealed_file(content: bytes, row: dict[str, Any]) -> bool:
    """Tell whether a sealed file is the event's; without a digest only by its length.

    That a sealed file holds what was handed in, without a digest, only its key shows.
    """
    size, more = row["size"], _SEALED_FORMS.get(content[:5])
    if type(size) is not int or size < 0 or more is None:
        return False
    if "sealed" in row and sha256(content).hexdigest() != row["sealed"]:
        return False
    chunks = max(1, -(-size >> 20)) if size else 1
    return len(content) == more + size + 16 * chunks


_PROOF = re.compile(r"[ \t]*proof[ \t]*=[ \t]*([\"'])([^\"'\n]+)\1[ \t]*(#[^\n]*)?")
_QUOTED = re.compile(r"[\"']([^\"'\n]+)[\"']")
_SETS, _BODIES = "rules/sets/", "rules/files/"


def check_rules(bundle: Bundle) -> Told:
    """Refuse rules that no event names, and events whose rules are not here."""
    digests: dict[str, set[str | None]] = {}
    named: set[str] = set()
    for name, _, _, event in bundle.told:
        policy, digest = _policy(event, name), _rules_digest(event, name)
        if digest is not None:
            digests.setdefault(digest, set()).add(policy)
        elif policy:
            named.add(policy)
    by_name = _check_named(bundle, named)
    if bundle.format == UNSIGNED:
        return (tell("rules", *by_name),)
    if named and "rules/codes.toml" not in bundle.members:
        raise Refused("missing-member", "rules/codes.toml")
    told = [tell("rule-sets", *_check_sets(bundle, digests))]
    return (*told, tell("rules", *by_name)) if named else tuple(told)


def _policy(event: dict[str, Any], name: str) -> str | None:
    policy = event.get("policy")
    if policy is not None and type(policy) is not str:
        raise Refused("event-malformed", name)
    return policy


def _rules_digest(event: dict[str, Any], name: str) -> str | None:
    """Return the digest (hex) of the rules that an event was decided by."""
    stated = event.get("rules")
    if stated is None:
        return None
    try:
        digest = base64(_text(stated) or "")
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise Refused("event-malformed", name)
    return digest.hex()


def _check_sets(bundle: Bundle, digests: dict[str, set[str | None]]) -> tuple[int, int]:
    """Check the rule sets that events name, and the files that those name, by digest.

    Return how many there are of each. Of the days off only the years have to be there
    that the platform chose to give.
    """
    wanted = {f"{_SETS}{digest}.json" for digest in digests}
    here = {name for name in bundle.members if name.startswith(_SETS)}
    _check_same(here, wanted, wanted)
    needed: set[str] = set()
    allowed: set[str] = set()
    for digest, policies in sorted(digests.items()):
        name = f"{_SETS}{digest}.json"
        body = bundle.members[name]
        content = _json_of(body)
        if sha256(body).hexdigest() != digest or not _is_rule_set(content):
            raise Refused("rules-other", name)
        if policies - {None, content["policy"]["id"]}:
            raise Refused("rules-other", name)
        needed |= {content[part]["sha256"] for part in _RULE_FILES}
        needed |= {one["sha256"] for one in content.get("regulations", [])}
        allowed |= set(content["calendar"]["years"].values())
        allowed.add(content["calendar"]["sha256"])
    files = {name for name in bundle.members if name.startswith(_BODIES)}
    names = [{_BODIES + one for one in some} for some in (needed | allowed, needed)]
    _check_same(files, *names)
    for name in sorted(files):
        if _BODIES + sha256(bundle.members[name]).hexdigest() != name:
            raise Refused("rules-other", name)
    return len(wanted), len(files)


_RULE_FILES = ("codes", "policy", "proof", "texts")
_PART: dict[str, type] = {"id": str, "sha256": str}
_RULE_SET: dict[str, dict[str, type]] = {
    "calendar": {"edition": str, "sha256": str, "years": dict, "zone": str},
    **dict.fromkeys(_RULE_FILES, _PART),
}


def _is_rule_set(content: Any) -> bool:
    fields: dict[str, type] = dict.fromkeys(_RULE_SET, dict)
    # Sets of earlier versions name no regulations.
    if isinstance(content, dict) and "regulations" in content:
        fields["regulations"] = list
    if not _has(content, fields):
        return False
    if not all(_has(one, _PART) for one in content.get("regulations", [])):
        return False
    if not all(_has(content[part], kinds) for part, kinds in _RULE_SET.items()):
        return False
    years = content["calendar"]["years"]
    return all(isinstance(one, str) for one in years.values())


def _check_same(here: set[str], allowed: set[str], needed: set[str]) -> None:
    for name in sorted(here - allowed):
        raise Refused("unknown-member", name)
    for name in sorted(needed - here):
        raise Refused("missing-member", name)


def _check_named(bundle: Bundle, named: set[str]) -> tuple[int, int]:
    """Check the profiles that events name by id, and the proof rules that those name.

    Events of earlier versions give no digest. Return how many there are of each.
    """
    policies = _exactly(bundle, "policy", named)
    texts = [bundle.members[name].decode("latin-1") for name in sorted(policies)]
    stated = [_proof_rules(text) for text in texts]
    needed = {one for one in stated if one}
    mentioned = {one for text in texts for one in _QUOTED.findall(text)}
    # A profile that words it in another way tells only what it may mean.
    allowed = needed if all(stated) else needed | mentioned
    return len(policies), len(_exactly(bundle, "proof", allowed, needed))


def _exactly(
    bundle: Bundle, kind: str, allowed: set[str], needed: set[str] | None = None
) -> set[str]:
    """Return the members of a kind of rules: all that are needed, none not allowed."""
    folder = f"rules/{kind}/"
    here = {name for name in bundle.members if name.startswith(folder)}
    wanted = allowed if needed is None else needed
    known, files = (
        {folder + rule_file(one) for one in ids} for ids in (allowed, wanted)
    )
    _check_same(here, known, files)
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


def recorded(held: Held) -> int:
    """Return when the last event says that it was recorded (POSIX)."""
    return max(_recorded(event, name) for name, _, _, event in held.told)


def _recorded(event: dict[str, Any], name: str) -> int:
    found = _TIME.fullmatch(_text(event.get("recorded_at")) or "")
    if found is None:
        raise Refused("event-malformed", name)
    try:
        return max(0, timegm(tuple(map(int, found.groups()))))
    except ValueError:
        raise Refused("event-malformed", name) from None


def check_order(bundle: Held, time: int) -> None:
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
    """What was found, which code it comes to, and whose bundle or receipt it is.

    `timeline`: what the events tell, in rows of `timeline`.
    """

    found: tuple[Found, ...]
    digest: str = ""
    case: str = ""
    version: int = 0
    kind: str = ""
    timeline: tuple[dict[str, Any], ...] = ()

    @property
    def first(self) -> Found | None:
        """Return the first property that fails; else that cannot be told, if any."""
        for state in ("fails", "unknown"):
            for one in self.found:
                if one.state == state and one.code:
                    return one
        return None

    @property
    def verdict(self) -> str:
        """Return the code of the first property that does not hold, or "valid"."""
        return (self.first and self.first.code) or "valid"


def check(data: bytes, asked: Asked) -> Report:
    """Check a bundle or receipt. Whatever it holds, this answers and never raises."""
    digest = sha256(data).hexdigest()
    names = OF_RECEIPTS if data[:1] == b"{" else OF_BUNDLES
    try:
        held = Receipt(data) if data[:1] == b"{" else Bundle(read_zip(data))
    except Refused as refused:
        return Report(_stopped(refused, names), digest)
    checks = _OF_RECEIPT if isinstance(held, Receipt) else _OF_BUNDLE
    found = tuple(_found(name, checks[name], held, data, asked) for name in names)
    try:
        told = tuple(timeline(held))
    except Refused:
        told = ()
    kind = "receipt" if isinstance(held, Receipt) else "bundle"
    return Report(found, digest, held.case, held.version, kind, told)


def _stopped(
    refused: Refused, names: tuple[str, ...] = OF_BUNDLES
) -> tuple[Found, ...]:
    """Return what is found of a file of which nothing else can be said."""
    rest = (Found(name, "unknown") for name in names[1:])
    return (Found(names[0], "fails", refused.code, refused.told), *rest)


def _found(name: str, check: Any, held: Held, data: bytes, asked: Asked) -> Found:
    try:
        told = check(held, data, asked)
    except Refused as refused:
        state = "unknown" if isinstance(refused, Unsure) else "fails"
        return Found(name, state, refused.code, refused.told)
    except (
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        RecursionError,
    ) as error:
        odd = tell("as-it-is", type(error).__name__)
        return Found(name, "fails", "unexpected", (odd,))
    holds = any(one.words not in _PROVES_NOTHING for one in told)
    return Found(name, "holds" if holds else "none", None, told)


_PROVES_NOTHING = frozenset(
    {"stamp-not-verified", "not-stated", "unsigned", "not-yet"},
)


def _bundle(bundle: Bundle, data: bytes, _: Asked) -> Told:
    bundle.check_digests()
    if write_zip(bundle.members) != data:
        raise Refused("not-canonical", tell("zip"))
    return (tell("members", len(bundle.members)),)


def _events(bundle: Bundle, _: bytes, __: Asked) -> Told:
    check_events(bundle)
    return (tell("versions", bundle.version),)


def _logged(bundle: Bundle, _: bytes, __: Asked) -> Told:
    check_logged(bundle)
    return (tell("log", _checkpoint(bundle).origin, _checkpoint(bundle).size),)


def _signed(held: Held, _: bytes, asked: Asked) -> Told:
    check_signed(held, asked.keys)
    told = tell("as-it-is", _checkpoint(held).origin)
    given = [key for key in asked.keys if key.name == held.origin]
    older = check_known(held, trusted_keys(held, given))
    return (told, tell("older-keys", " ".join(older))) if older else (told,)


def _witnessed(held: Held, _: bytes, asked: Asked) -> Told:
    if not asked.witnesses:
        return ()
    times, needed = cosigned(held, asked.witnesses), _quorum(asked)
    if len(times) < needed:
        raise Refused("quorum-missed", tell("too-few", len(times), needed))
    return (tell("cosigned", len(times), len(asked.witnesses)),)


def _quorum(asked: Asked) -> int:
    return len(asked.witnesses) if asked.quorum is None else asked.quorum


def _bounds(held: Held, asked: Asked) -> tuple[list[int], list[Said]]:
    """Return when witnesses co-signed, and what that says of the time."""
    times = cosigned(held, asked.witnesses) if asked.witnesses else []
    needed = _quorum(asked)
    if not 0 < needed <= len(times):
        return times, []
    check_order(held, times[needed - 1])
    return times, [tell("by-witnesses", said(times[needed - 1]))]


def _timed(bundle: Bundle, _: bytes, asked: Asked) -> Told:
    times, bounds = _bounds(bundle, asked)
    if STAMP in bundle.members:
        bounds.append(check_stamp(bundle, times, asked.stampers))
    elif asked.stampers:
        raise Refused("timestamp-missing", STAMP)
    return tuple(bounds)


def _receipt_stated(receipt: Receipt, _: bytes, asked: Asked) -> Told:
    told = check_statements(receipt, asked)
    # Without statement and proof, anybody can write it.
    if receipt.proof is None and told == (tell("not-stated"),):
        raise Refused("statement-missing", "event")
    return told


def _receipt(receipt: Receipt, _: bytes, __: Asked) -> Told:
    return (tell("as-it-is", receipt.origin),)


def _event(receipt: Receipt, _: bytes, __: Asked) -> Told:
    check_receipt(receipt)
    ((name, version, _, event),) = receipt.told
    time = said(_recorded(event, name))
    return (tell("one-event", version, _topic(event, name), time),)


def _receipt_logged(receipt: Receipt, _: bytes, __: Asked) -> Told:
    if receipt.proof is None:
        return (tell("not-yet"),)
    checkpoint = _checkpoint(receipt)
    if checkpoint.origin != receipt.origin:
        raise Refused("other-log", "proof")
    _check_proof(receipt.proof, "proof", receipt.note, checkpoint, receipt.event)
    return (tell("log", checkpoint.origin, checkpoint.size),)


def _if_proved(check: Callable[[Any, bytes, Asked], Told]) -> Any:
    """Return a check of a receipt's checkpoint, which says so where there is none."""

    def checked(receipt: Receipt, data: bytes, asked: Asked) -> Told:
        return (
            (tell("not-yet"),) if receipt.proof is None else check(receipt, data, asked)
        )

    return checked


_OF_BUNDLE: dict[str, Any] = {
    "bundle": _bundle,
    "events": _events,
    "reach": lambda bundle, _, asked: check_reach(bundle, asked),
    "statements": lambda bundle, _, asked: check_statements(bundle, asked),
    "lifecycle": lambda bundle, _, __: check_lifecycle(bundle),
    "logged": _logged,
    "signed": _signed,
    "witnessed": _witnessed,
    "timed": _timed,
    "vouched": lambda bundle, _, asked: check_vouched(bundle, asked),
    "erased": lambda bundle, _, __: check_erased(bundle),
    "opened": lambda bundle, _, __: check_opened(bundle),
    "evidence": lambda bundle, _, __: check_evidence(bundle),
    "rules": lambda bundle, _, __: check_rules(bundle),
}
_OF_RECEIPT: dict[str, Any] = {
    "receipt": _receipt,
    "event": _event,
    "statements": _receipt_stated,
    "logged": _receipt_logged,
    "signed": _if_proved(_signed),
    "witnessed": _if_proved(_witnessed),
    "timed": _if_proved(lambda held, _, asked: tuple(_bounds(held, asked)[1])),
}


class SetReport(NamedTuple):
    """What was found of several bundles in one file, and of each of them by name."""

    found: tuple[Found, ...]
    digest: str
    reports: tuple[tuple[str, Report], ...]

    @property
    def first(self) -> Found | None:
        """Return the first property that fails, of the set or of a bundle."""
        inner = (one for _, report in self.reports for one in report.found)
        return Report((*self.found, *inner)).first

    @property
    def verdict(self) -> str:
        """Return the code of the first property that does not hold, or "valid"."""
        return (self.first and self.first.code) or "valid"


def check_any(data: bytes, asked: Asked) -> Report | SetReport:
    """Check a bundle, a receipt, or several bundles in one file."""
    try:
        members = {} if data[:1] == b"{" else read_zip(data)
    except Refused:
        members = {}
    manifest = _json_of(members.get(MANIFEST, b""))
    if not isinstance(manifest, dict) or manifest.get("format") != SEVERAL:
        return check(data, asked)
    names = sorted(name for name in members if name.startswith("bundles/"))
    reports = tuple((name, check(members[name], asked)) for name in names)
    inner = dict(reports)
    whole = _found("set", lambda *_: _set(members, manifest, data, inner), *_NONE)
    signed = _found("set-signed", lambda *_: _set_signed(members, asked), *_NONE)
    return SetReport((whole, signed), sha256(data).hexdigest(), reports)


_NONE: Any = (None, b"", None)


def _set(
    members: dict[str, bytes],
    manifest: dict[str, Any],
    data: bytes,
    reports: dict[str, Report],
) -> Told:
    if canonical(manifest) != members[MANIFEST] or set(manifest) != {
        "format",
        "bundles",
    }:
        raise Refused("manifest-wrong", tell("other-form"))
    listed = manifest["bundles"]
    if not isinstance(listed, dict) or not listed:
        raise Refused("manifest-wrong", "bundles")
    kinds = {"case": str, "sha256": str, "size": int, "version": int}
    for name, row in sorted(listed.items()):
        if not _has(row, kinds) or name != f"bundles/{row['case']}.zip":
            raise Refused("manifest-wrong", name)
    for name in sorted(members):
        if name not in listed and name not in {MANIFEST, SIGNATURE}:
            raise Refused("unknown-member", name)
    for name in sorted({*listed, SIGNATURE}):
        if name not in members:
            raise Refused("missing-member", name)
    for name, row in sorted(listed.items()):
        body, report = members[name], reports[name]
        if (sha256(body).hexdigest(), len(body)) != (row["sha256"], row["size"]):
            raise Refused("altered-member", name)
        if (report.case, report.version) != (row["case"], row["version"]):
            raise Refused("altered-member", name)
    if write_zip(members) != data:
        raise Refused("not-canonical", tell("zip"))
    return (tell("bundles", len(listed)),)


def _set_signed(members: dict[str, bytes], asked: Asked) -> Told:
    """Refuse a list of bundles that the application of none of their logs signed."""
    if SIGNATURE not in members:
        raise Refused("manifest-forged", SIGNATURE)
    blob, trusted = _manifest_signature(members), list[Key]()
    for name in sorted(members):
        if not name.startswith("bundles/"):
            continue
        try:
            found = statement_keys(Bundle(read_zip(members[name])), asked)
        except Refused:
            # What is wrong with it is said of the bundle.
            continue
        trusted += [key for key in found if key not in trusted]
    return _vouched(members, blob, trusted)


def main(arguments: list[str] | None = None) -> int:
    """Check a file, say what was found, and return the exit status."""
    options = _parser().parse_args(arguments)
    asked = _asked(options)
    report: Report | SetReport
    try:
        path = Path(options.bundle)
        size = path.stat().st_size
        if size > FILE_LIMIT:
            report = Report(_stopped(Refused("too-large", tell("bytes", size))))
        else:
            report = check_any(path.read_bytes(), asked)
    except (OSError, ValueError) as error:
        report = Report(_stopped(Refused("unreadable", _reason(error))))
    if isinstance(report, SetReport):
        told = (_set_as_json if options.json else _set_in_words)(report, options)
    else:
        told = _as_json(report) if options.json else _in_words(report, options)
    sys.stdout.buffer.write(told.encode("utf-8") + b"\n")
    return CODES[report.verdict][0]


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Checks a Redress bundle or receipt, offline."
    )
    parser.add_argument("bundle")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY")
    parser.add_argument("--keys", action="append", default=[], metavar="FILE")
    parser.add_argument("--witness", action="append", default=[], metavar="VKEY")
    parser.add_argument("--quorum", type=int, metavar="N", help="default: all of them")
    parser.add_argument("--statement-key", action="append", default=[], metavar="VKEY")
    parser.add_argument("--tsa", action="append", default=[], metavar="CERT.pem")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--timeline", action="store_true", help="tell what happened")
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
    listed = [_given(f"--keys {one}", one, _keys_in) for one in options.keys]
    given = [_given("--key", one, parse_key) for one in options.key]
    given += [key for keys in listed for key in keys]
    asked = Asked(
        tuple(key for key in given if not _states(key)),
        tuple(_given("--witness", one, parse_key) for one in options.witness),
        options.quorum,
        tuple(_given(f"--tsa {one}", one, _certificate_in) for one in options.tsa),
        (
            *(
                _given("--statement-key", one, parse_key)
                for one in options.statement_key
            ),
            *(key for key in given if _states(key)),
        ),
    )
    if not asked.keys:
        _parser().error("--key or --keys: a key of the log is needed")
    if any(key.algorithm == WITNESS_KEY for key in asked.keys):
        _parser().error("--key: not the key of a log")
    if any(key.algorithm == LOG_KEY for key in asked.witnesses):
        _parser().error("--witness: not the key of a witness")
    if any(key.algorithm != LOG_KEY for key in asked.statement_keys):
        _parser().error("--statement-key: not the key of statements")
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


def _states(key: Key) -> bool:
    """Tell whether it is a key of statements: its name is the log's, and this."""
    return key.algorithm == LOG_KEY and key.name.endswith("/statements")


def read_keys(text: str) -> list[Key]:
    """Read verifier keys: what `/v1/log/keys` answers, or one a line.

    Raises ValueError.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return [parse_key(one.strip()) for one in text.split("\n") if one.strip()]
    found = parse_json(text.encode())
    rows = found.get("items") if isinstance(found, dict) else found
    listed = rows if isinstance(rows, list) else [None]
    vkeys = [row.get("vkey") if isinstance(row, dict) else row for row in listed]
    texts = [one for one in vkeys if isinstance(one, str)]
    if len(texts) < len(vkeys):
        raise ValueError("not a list of keys")
    return [parse_key(one) for one in texts]


def _keys_in(path: str) -> list[Key]:
    return read_keys(Path(path).read_bytes().decode("utf-8"))


def _certificate_in(path: str) -> bytes:
    return parse_certificate(Path(path).read_bytes().decode("latin-1"))


def _as_json(report: Report) -> str:
    return json.dumps(_built(report), ensure_ascii=True)


def _set_as_json(report: SetReport, _: argparse.Namespace) -> str:
    told = {
        "kind": "set",
        "verdict": report.verdict,
        "status": CODES[report.verdict][0],
        "sha256": report.digest,
        "properties": [dict(one._asdict(), about=one.about) for one in report.found],
        "not_proved": [en for en, _ in NOT_PROVED],
        "bundles": [dict(_built(one), name=name) for name, one in report.reports],
    }
    return json.dumps(told, ensure_ascii=True)


def _built(report: Report) -> dict[str, Any]:
    return {
        "kind": report.kind,
        "verdict": report.verdict,
        "status": CODES[report.verdict][0],
        "sha256": report.digest,
        "case": report.case,
        "version": report.version,
        "properties": [dict(one._asdict(), about=one.about) for one in report.found],
        "not_proved": [en for en, _ in not_proved(report)],
        "timeline": report.timeline,
    }


def not_proved(report: Report) -> tuple[tuple[str, str], ...]:
    """Return what a bundle, or a receipt, does not prove: en and zh."""
    return NOT_PROVED_BY_RECEIPT if report.kind == "receipt" else NOT_PROVED


def _in_words(report: Report, options: argparse.Namespace) -> str:
    place = 0 if options.lang == "en" else 1
    lines = []
    if report.case:
        lines.append(filled(tell("case", report.case, report.version), place))
    if report.digest:
        lines.append(f"SHA-256 {report.digest}")
    lines.append("")
    lines += [_property(one, place) for one in report.found]
    if options.timeline:
        lines += ["", *(_line(row, place) for row in report.timeline)]
    beside = ("; ", "；")[place].join(one[place] for one in not_proved(report))
    lines += ["", BESIDE[place] + beside + (".", "。")[place]]
    lines.append(f"{report.verdict} ({CODES[report.verdict][0]})")
    lines.append(_words(report.verdict, place, report.first))
    return "\n".join(map(shown, lines))


def _set_in_words(report: SetReport, options: argparse.Namespace) -> str:
    place = 0 if options.lang == "en" else 1
    lines = [f"SHA-256 {report.digest}", ""]
    lines += [_property(one, place) for one in report.found]
    lines.append("")
    for name, one in report.reports:
        about = filled(tell("case", one.case, one.version), place) if one.case else name
        lines.append(f"{about}: {one.verdict} ({CODES[one.verdict][0]})")
        lines += [f"  {_property(bad, place)}" for bad in one.found if bad.code]
        if options.timeline:
            lines += [_line(row, place) for row in one.timeline]
    beside = ("; ", "；")[place].join(one[place] for one in NOT_PROVED)
    lines += ["", BESIDE[place] + beside + (".", "。")[place]]
    lines.append(f"{report.verdict} ({CODES[report.verdict][0]})")
    lines.append(_words(report.verdict, place, report.first))
    return "\n".join(map(shown, lines))


def _property(one: Found, place: int) -> str:
    """Say what became of a property."""
    words = _words(one.code, place, one) if one.code else one.words(place)
    said_of, state = PROPERTIES[one.name][place], STATES[one.state][place]
    return said_of + COLON[place] + state + (DASH[place] if words else "") + words


def _line(row: dict[str, Any], place: int) -> str:
    """Say one event: its version, when, by whom, what, and if another system tells."""
    who, topic = who_acted(row, place), row["topic"] or ""
    what = TOPICS.get(topic, (topic, topic))[place]
    told = ASIDE[place].format(TOLD["imported"][place]) if row["imported"] else ""
    where = f"{row['version']:>4}  {row['at'] or ''}"
    return f"{where}  {who}{COLON[place]}{what}{told}"


def who_acted(row: dict[str, Any], place: int) -> str:
    """Return the role of who acted, and for whom, in English (0) or Chinese (1)."""
    names = [row["role"], row["on_behalf_of"]]
    words = [ROLES.get(one, (one, one))[place] for one in names if one is not None]
    return " → ".join(words)


def _words(code: str, place: int, about: Found | None) -> str:
    return CODES[code][1:][place].replace("{0}", about.words(place) if about else "")


if __name__ == "__main__":
    sys.exit(main())
