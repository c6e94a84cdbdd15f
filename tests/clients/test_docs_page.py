"""The documentation page gives each try a key of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import interface
from interface.api.openapi.header_parameters import IDEMPOTENCY_KEY
from tests.bundle.node_verifier import NODE
from tests.clients.tools import run

SCRIPT = Path(interface.__path__[0]) / "static" / "docs.js"

ASK = """
let options;
globalThis.window = {addEventListener: (_, begin) => begin()};
globalThis.SwaggerUIBundle = Object.assign((given) => { options = given; },
  {presets: {apis: []}});
eval(require("fs").readFileSync(process.argv[1], "utf8"));
const keys = process.argv.slice(2).map((key) =>
  options.requestInterceptor({headers: {"Idempotency-Key": key}})
    .headers["Idempotency-Key"]);
const read = options.requestInterceptor({headers: {Purpose: "Audit"}});
console.log(JSON.stringify([...keys, read.headers]));
"""


@pytest.mark.skipif(NODE is None, reason="Node is not here")
def test_each_try_has_a_key_of_its_own(tmp_path: Path) -> None:
    example = (IDEMPOTENCY_KEY.examples or {})["key"].value
    said = run(
        *("node", "-e", ASK, "--", SCRIPT, str(example), str(example), "my own"),
        cwd=tmp_path,
    )
    first, second, own, read = json.loads(said)
    assert len({first, second, example}) == 3
    assert len(first) == 32
    # A retry can be tried too, and a read has no key.
    assert own == "my own"
    assert read == {"Purpose": "Audit"}
