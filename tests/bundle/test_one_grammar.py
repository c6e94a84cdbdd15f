"""Both verifiers, and the log itself, read one grammar: by code points, with types."""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from application.log.format.note import is_key_name
from interface.verifier.redress_verify import parse_json, parse_key
from tests.bundle.node_verifier import NODE, VERIFIER

SPACES = {
    *(*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)),
    *(0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
}
"""White_Space of Unicode 15, which Go's signed notes go by."""

POINTS = [*range(0x3100), *range(0xD7F0, 0xE010), *range(0xFE00, 0x10010), 0x1F600]
WORDS: dict[str, bool] = {
    '{"a":1}': True,
    "[]": True,
    " \t\r\n[ 1 , -2 ]\n": True,
    '"\\u00e9\\ud83d\\ude00\\/"': True,
    "9007199254740991": True,
    "-9007199254740991": True,
    '{"__proto__":1,"constructor":{}}': True,
    "9007199254740992": False,
    "99999999999999999999": False,
    "1" * 5_000: False,
    "1.0": False,
    "1e2": False,
    "-0": False,
    "01": False,
    "+1": False,
    "NaN": False,
    "Infinity": False,
    "-Infinity": False,
    '{"a":1,"a":1}': False,
    '{"a":1,"\\u0061":2}': False,
    '{"__proto__":1,"__proto__":2}': False,
    '"\\ud800"': False,
    '{"\\udc00":1}': False,
    '["\\ude00\\ud83d"]': False,
    '"\\x41"': False,
    '"\\u12"': False,
    '"\t"': False,
    "'a'": False,
    "[1,]": False,
    "{}{}": False,
    "\ufeff[]": False,
    "\u00a0[]": False,
    "[]\u2028": False,
    "": False,
    "nul": False,
    "nullx": False,
    '{"a" 1}': False,
    '{"a":1 "b":2}': False,
    "{a:1}": False,
    '"abc': False,
    '"abc\\': False,
    "[" * 64 + "]" * 64: True,
    "[" * 64 + "1" + "]" * 64: True,
    "[" * 65 + "]" * 65: False,
    "[" * 65 + "1" + "]" * 65: False,
    '{"a":' * 64 + "1" + "}" * 64: True,
    "[" * 100_000: False,
}


def vkey(name: str) -> str:
    material = b"\1" + bytes(32)
    identity = sha256(f"{name}\n".encode() + material).hexdigest()[:8]
    return f"{name}+{identity}+{b64encode(material).decode()}"


def in_node(folder: Path, code: str, given: Any) -> Any:
    """Run some lines with what verify.js exports; `given` is what they are given."""
    shutil.copy(VERIFIER / "verify.js", folder / "verify.mjs")
    head = (
        'import * as verify from "./verify.mjs";'
        'import { readFileSync } from "node:fs";'
        "const given = JSON.parse(readFileSync(0));"
    )
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", head + code],
        cwd=folder,
        input=json.dumps(given).encode(),
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


def accepts(name: str) -> bool:
    try:
        parse_key(vkey(name))
    except ValueError:
        return False
    return True


def names() -> dict[int, str]:
    return {
        point: f"x{chr(point)}y" for point in POINTS if not 0xD800 <= point < 0xE000
    }


def test_a_name_has_no_space_no_plus_and_no_control_character() -> None:
    for point, name in names().items():
        right = point > 0x20 and point != ord("+") and point not in SPACES
        assert accepts(name) is right, hex(point)
        assert is_key_name(name) is right, hex(point)
    assert not accepts("")


@pytest.mark.skipif(NODE is None, reason="Node is not here")
def test_the_page_takes_the_same_names(tmp_path: Path) -> None:
    code = (
        "const found = await Promise.all(given.map((one) =>"
        " verify.parseKey(one).then(() => true, () => false)));"
        "process.stdout.write(JSON.stringify(found));"
    )
    found = in_node(tmp_path, code, [vkey(name) for name in names().values()])
    assert found == [accepts(name) for name in names().values()]


@pytest.mark.parametrize("text", WORDS, ids=lambda text: repr(text[:20]))
def test_json_is_read_strictly(text: str) -> None:
    try:
        parse_json(text.encode())
    except ValueError:
        assert not WORDS[text]
    else:
        assert WORDS[text]


def test_what_is_no_utf_8_is_no_json() -> None:
    for content in (b"\xff", b'"\xed\xa0\x80"', b'"\xc0\xaf"', b'"\xf5\x80\x80\x80"'):
        with pytest.raises(ValueError, match=r"utf-8"):
            parse_json(content)


@pytest.mark.skipif(NODE is None, reason="Node is not here")
def test_the_page_reads_the_same_json(tmp_path: Path) -> None:
    code = (
        "const found = given.map((one) => {"
        " try { verify.parseJson(new TextEncoder().encode(one)); return true; }"
        " catch (error) { return error.name === 'SyntaxError' ? false : error.name; }"
        "});"
        "process.stdout.write(JSON.stringify(found));"
    )
    assert in_node(tmp_path, code, list(WORDS)) == list(WORDS.values())
