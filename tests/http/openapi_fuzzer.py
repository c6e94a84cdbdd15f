"""Requests made from the OpenAPI document, right ones and wrong ones, by a seed.

Any number by hand, with another seed:
`FUZZ_REQUESTS=45000 FUZZ_SEED=7 pytest tests/http/test_openapi_fuzz.py`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import httpx
from jsonschema import Draft202012Validator
from msgspec import Struct

Json = Any
METHODS = ("get", "post", "put", "patch", "delete")

ODD_TEXTS = (
    "",
    " ",
    "\u0000",
    "a\u200bb",
    "e\u0301",
    "\ud7ff",
    "\ufeff",
    "\uff11\uff12",
    "💥",
    "%00",
    "../../etc/passwd",
    "'; DROP TABLE events; --",
    "x" * 300,
    "x" * 7_000,
    "=cmd|' /C calc'!A0",
    "2026-02-30T25:00:00Z",
    "2026-11-25T10:00:00",
    "+00000000000000000000001",
)
ODD_NUMBERS = (0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**400, 0.5, 1e308, -0.0)
ODD: tuple[Json, ...] = (
    None,
    True,
    False,
    [],
    {},
    [[]],
    {"a": {"a": {"a": {}}}},
    *ODD_NUMBERS,
)
JSON = {"application/json", "application/problem+json"}
CURSORS = ("eyJ9", "bnVsbA", "WzFd", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "____", "é")


class Sent(Struct, frozen=True):
    """One request, as it can be sent again."""

    method: str
    path: str
    operation: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    content: bytes | None

    def __str__(self) -> str:
        body = (self.content or b"")[:300]
        return f"{self.method.upper()} {self.path} {self.query} {self.headers} {body!r}"


class Operation(Struct, frozen=True):
    """One operation of the document."""

    method: str
    path: str
    about: dict[str, Any]


class Fuzzer:
    """Makes requests; `known` are values for path parameters that there really are."""

    def __init__(
        self, document: dict[str, Any], seed: int, known: dict[str, list[str]]
    ) -> None:
        self.document = document
        self.rng = random.Random(seed)
        self.known = known
        self.operations = [
            Operation(method, path, about)
            for path, item in document["paths"].items()
            for method, about in item.items()
            if method in METHODS
        ]
        self._validators: dict[str, Draft202012Validator] = {}

    def requests(self, number: int) -> Iterator[Sent]:
        """Yield requests; each operation comes before any comes again."""
        left: list[Operation] = []
        for _ in range(number):
            if not left:
                left = self.rng.sample(self.operations, len(self.operations))
            yield self._request(left.pop())

    def faults(self, sent: Sent, answer: httpx.Response) -> Iterator[str]:
        """Yield what is wrong with an answer, by the document."""
        about = self.document["paths"][sent.operation][sent.method]
        if answer.status_code >= 500:
            yield f"{answer.status_code}: {answer.text[:200]}"
        documented = about["responses"].get(str(answer.status_code))
        if documented is None:
            yield f"{answer.status_code} is not documented: {answer.text[:200]}"
            return
        kinds = documented.get("content") or {}
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if kinds and answer.content and not {kind, "*/*"} & {*kinds}:
            yield f"{answer.status_code} is {kind}, documented are {[*kinds]}"
        elif kind in kinds and kind in JSON:
            yield from self._misfits(sent, answer, kinds[kind].get("schema") or {})

    def _misfits(
        self, sent: Sent, answer: httpx.Response, schema: dict[str, Any]
    ) -> Iterator[str]:
        name = f"{sent.method} {sent.operation} {answer.status_code}"
        if name not in self._validators:
            whole = schema | {"components": self.document["components"]}
            self._validators[name] = Draft202012Validator(whole)
        for error in self._validators[name].iter_errors(json.loads(answer.content)):
            yield f"{answer.status_code} {error.json_path}: {error.message[:200]}"

    def _request(self, operation: Operation) -> Sent:
        rng, about = self.rng, operation.about
        path, query, headers = operation.path, [], self._headers(about)
        for one in about.get("parameters", ()):
            name, place = one["name"], one["in"]
            if place == "path":
                path = path.replace(f"{{{name}}}", self._in_path(name))
            elif place == "query" and rng.random() < (
                0.9 if one.get("required") else 0.25
            ):
                query.append((name, self._in_query(name, one.get("schema") or {})))
        if rng.random() < 0.05:
            query.append((rng.choice(("nothing", "limit", "a\u0000")), "1"))
        content = self._content(about, headers)
        return Sent(operation.method, path, operation.path, query, headers, content)

    def _headers(self, about: dict[str, Any]) -> dict[str, str]:
        rng = self.rng
        usual = {"Idempotency-Key": str(uuid4()), "If-Match": "*", "Purpose": "Audit"}
        headers = {}
        for one in about.get("parameters", ()):
            if one["in"] != "header":
                continue
            odd = rng.choice(("", "1", '"9"', "W/1", "zh-CN;q=x", "x" * 300, "\u00e9"))
            if rng.random() < 0.93 and one["name"] in usual:
                headers[one["name"]] = usual[one["name"]]
            elif rng.random() < 0.2:
                headers[one["name"]] = odd.encode("latin-1").decode("latin-1")
        return headers

    def _in_path(self, name: str) -> str:
        real = self.known.get(name)
        if real and self.rng.random() < 0.85:
            return self.rng.choice(real)
        return self.rng.choice(
            ("0", "-1", str(2**63), str(uuid4()), "x%00", "é", "%20")
        )

    def _in_query(self, name: str, schema: dict[str, Any]) -> str:
        rng = self.rng
        if name in {"after", "min_version"}:
            # What no view will ever hold is waited for, and is no fault.
            return rng.choice(("x", "0", "-1", "1", ":", "a:b", "9" * 30))
        if name == "cursor":
            return rng.choice(CURSORS)
        if rng.random() < 0.3:
            return rng.choice(ODD_TEXTS)
        made = self._made(schema)
        return made if isinstance(made, str) else json.dumps(made)

    def _content(self, about: dict[str, Any], headers: dict[str, str]) -> bytes | None:
        rng = self.rng
        body = about.get("requestBody")
        if body is None:
            if rng.random() < 0.95:
                return None
            headers["Content-Type"] = "application/json"
            return rng.choice((b"{}", b"null", b"[1]", b'{"a":1}', b"{"))
        kind, media = next(iter(body["content"].items()))
        if kind.startswith("multipart/"):
            return self._form(headers)
        headers["Content-Type"] = kind
        roll = rng.random()
        if roll < 0.05:
            return rng.choice((b"", b"{", b"\xff", b"\xef\xbb\xbf{}", b"[" * 5_000))
        examples = [one["value"] for one in (media.get("examples") or {}).values()]
        value = self._made(media["schema"])
        if examples and roll < 0.7:
            value = json.loads(json.dumps(rng.choice(examples)))
        for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
            value = self._changed(value)
        return json.dumps(value).encode("utf-8", "surrogatepass")

    def _form(self, headers: dict[str, str]) -> bytes:
        rng = self.rng
        boundary = rng.choice(("b", "b", "b", "x" * 70, "x" * 1_025))
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        parts = [
            b'Content-Disposition: form-data; name="kind"\r\n\r\nphoto',
            b'Content-Disposition: form-data; name="text"\r\n\r\nHere it is.',
            b'Content-Disposition: form-data; name="file"; filename="a.png"\r\n'
            b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n" + rng.randbytes(20),
            b'Content-Disposition: form-data; name="note"\r\n\r\n\xff',
            b"no disposition",
        ]
        chosen = rng.sample(parts, rng.randint(0, 4))
        line = b"--" + boundary.encode()
        whole = b"".join(line + b"\r\n" + one + b"\r\n" for one in chosen)
        return (whole + line + b"--\r\n")[: rng.choice((10_000, 10_000, 40))]

    def _changed(self, value: Json) -> Json:
        """Return a value in which one place is something else."""
        rng = self.rng
        if isinstance(value, dict) and value and rng.random() < 0.85:
            name = rng.choice(list(value))
            if rng.random() < 0.2:
                value.pop(name)
            elif rng.random() < 0.1:
                value[rng.choice(ODD_TEXTS)] = 1
            else:
                value[name] = self._changed(value[name])
            return value
        if isinstance(value, list) and value and rng.random() < 0.85:
            at = rng.randrange(len(value))
            value[at] = self._changed(value[at])
            return value * rng.choice((1, 1, 1, 30))
        # Copied: what is chosen may be changed in place later on.
        return deepcopy(rng.choice((*ODD_TEXTS, *ODD)))

    def _made(self, schema: dict[str, Any], depth: int = 0) -> Json:
        """Return a value that mostly fits a schema."""
        rng = self.rng
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = self.document["components"]["schemas"][name]
        for several in ("oneOf", "anyOf", "allOf"):
            if schema.get(several):
                return self._made(rng.choice(schema[several]), depth + 1)
        if "enum" in schema:
            return rng.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        match schema.get("type"):
            case "object" if depth < 8:
                return {
                    name: self._made(one, depth + 1)
                    for name, one in (schema.get("properties") or {}).items()
                    if name in schema.get("required", ()) or rng.random() < 0.5
                }
            case "array" if depth < 8:
                items = schema.get("items") or {}
                return [self._made(items, depth + 1) for _ in range(rng.randint(0, 2))]
            case "integer" | "number":
                return rng.choice((1, 2, 50, schema.get("maximum", 7)))
            case "boolean":
                return rng.random() < 0.5
            case "null":
                return None
            case _:
                return self._text(schema)

    def _text(self, schema: dict[str, Any]) -> str:
        rng = self.rng
        match schema.get("format"):
            case "date-time":
                return rng.choice(("2026-03-01T10:00:00+08:00", "2026-03-02T00:00:00Z"))
            case "uuid":
                return str(rng.choice([*self.known["dispute_id"], uuid4()]))
        return rng.choice(_TEXTS)


_TEXTS = ("quality", "b-1", "s-1", "CNY", "129.00", "A text.", "\u6587\u5b57")
