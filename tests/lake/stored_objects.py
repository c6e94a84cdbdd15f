"""The objects of a store that speaks as much of S3 as a lake needs, and fails.

What a lake rests on is true here as in S3: an object is there whole or not at all, is
seen by everybody as soon as it is, and a request with `If-None-Match: *` writes only
where nothing is. Answers may come late, not at all, or say that something failed that
was done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from email.utils import formatdate
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from itertools import count
from random import Random
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import msgspec
from msgspec import Struct

BUCKET = "lakes"
CONTROL = "/-/control"
NAMES = "{http://s3.amazonaws.com/doc/2006-03-01/}"
DATE = "2026-10-20T09:30:00.000Z"


class Weather(Struct):
    """How the store answers. Shares are of 1, seconds the most that it waits.

    `refused`: requests that nothing is done for; `lost`: what was done and is answered
    by an error, or not at all. `conditional`: it heeds If-None-Match.
    """

    late: float = 0.0
    refused: float = 0.0
    lost: float = 0.0
    conditional: bool = True


class Answer(Struct, frozen=True):
    """What is answered: a status, a body, and the object that it is about."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Seen(Struct):
    """What a store has seen: refusals of a write where something is, lost answers."""

    conflicts: int = 0
    lost: int = 0
    keys: list[str] = []


class Objects:
    """The objects, by their keys, in the process that serves them."""

    def __init__(self) -> None:
        self.weather, self.seen = Weather(), Seen()
        self.objects: dict[str, bytes] = {}
        self._uploads: dict[str, dict[int, bytes]] = {}
        self._numbers, self._chance = count(1), Random(1)
        self._lock = threading.Lock()

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> Answer | None:
        """Do what is asked, in this weather; None: the connection breaks."""
        if handler.path == CONTROL:
            return self._controlled(body)
        with self._lock:
            late, refused, lost, how = (self._chance.random() for _ in range(4))
        time.sleep(late * self.weather.late)
        if refused < self.weather.refused:
            return Answer(503, _error("SlowDown"))
        with self._lock:
            found = self._done(handler, body)
        # The effect is there, and whoever asked for it does not know that yet.
        time.sleep(late * self.weather.late)
        if handler.command != "GET" and lost < self.weather.lost:
            self.seen.lost += 1
            return None if how < 1 / 2 else Answer(500, _error("InternalError"))
        return found

    def _controlled(self, body: bytes) -> Answer:
        """Take another weather, if one is sent; tell what was seen."""
        if body:
            self.weather = msgspec.json.decode(body, type=Weather)
        self.seen.keys = sorted(self.objects)
        return Answer(200, msgspec.json.encode(self.seen))

    def _done(self, handler: BaseHTTPRequestHandler, body: bytes) -> Answer:
        parts = urlsplit(handler.path)
        asked = {
            name: values[0]
            for name, values in parse_qs(parts.query, keep_blank_values=True).items()
        }
        key = unquote(parts.path).removeprefix(f"/{BUCKET}").removeprefix("/")
        match handler.command:
            case "GET" | "HEAD" if key:
                return self._read(key, handler.headers.get("Range"))
            case "GET":
                return self._listed(asked)
            case "PUT" if "partNumber" in asked:
                self._uploads[asked["uploadId"]][int(asked["partNumber"])] = body
                return Answer(headers={"ETag": _tag(body)})
            case "PUT":
                is_new = handler.headers.get("If-None-Match") == "*"
                return self._write(key, body, is_new=is_new)
            case "POST" if "delete" in asked:
                return self._deleted(body)
            case "POST":
                return self._upload(key, asked)
            case "DELETE":
                self.objects.pop(key, None)
                return Answer(204)
        return Answer(405, _error("MethodNotAllowed"))

    def _read(self, key: str, asked: str | None) -> Answer:
        found = self.objects.get(key)
        if found is None:
            return Answer(404, _error("NoSuchKey"))
        headers = {"ETag": _tag(found), "Last-Modified": formatdate(usegmt=True)}
        if asked is None:
            return Answer(200, found, headers)
        first, last = asked.removeprefix("bytes=").split("-")
        since = int(first) if first else max(0, len(found) - int(last))
        until = int(last) + 1 if first and last else len(found)
        part = found[since:until]
        place = f"bytes {since}-{since + len(part) - 1}/{len(found)}"
        return Answer(206, part, headers | {"Content-Range": place})

    def _write(self, key: str, body: bytes, *, is_new: bool) -> Answer:
        if is_new and self.weather.conditional and key in self.objects:
            self.seen.conflicts += 1
            return Answer(412, _error("PreconditionFailed"))
        self.objects[key] = body
        return Answer(headers={"ETag": _tag(body)})

    def _listed(self, asked: Mapping[str, str]) -> Answer:
        prefix, after = asked.get("prefix", ""), asked.get("start-after", "")
        delimiter = asked.get("delimiter")
        folders, lines = set(), []
        for key in sorted(self.objects):
            if not key.startswith(prefix) or key <= after:
                continue
            if delimiter and delimiter in key[len(prefix) :]:
                below = key[len(prefix) :].partition(delimiter)[0]
                folders.add(f"{prefix}{below}{delimiter}")
                continue
            lines.append(
                f"<Contents><Key>{escape(key)}</Key><LastModified>{DATE}</LastModified>"
                f"<ETag>{_tag(self.objects[key])}</ETag>"
                f"<Size>{len(self.objects[key])}</Size></Contents>"
            )
        lines += [
            f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>"
            for one in sorted(folders)
        ]
        listed = f"<IsTruncated>false</IsTruncated>{''.join(lines)}"
        return Answer(200, _xml("ListBucketResult", listed))

    def _deleted(self, body: bytes) -> Answer:
        lines = []
        for one in ET.fromstring(body).iter(f"{NAMES}Key"):  # noqa: S314 - our own
            self.objects.pop(one.text or "", None)
            lines.append(f"<Deleted><Key>{escape(one.text or '')}</Key></Deleted>")
        return Answer(200, _xml("DeleteResult", "".join(lines)))

    def _upload(self, key: str, asked: Mapping[str, str]) -> Answer:
        if "uploads" in asked:
            number = str(next(self._numbers))
            self._uploads[number] = {}
            told = f"<UploadId>{number}</UploadId>"
            return Answer(200, _xml("InitiateMultipartUploadResult", told))
        parts = self._uploads[asked["uploadId"]]
        whole = b"".join(parts[number] for number in sorted(parts))
        self.objects[key] = whole
        told = f"<ETag>{_tag(whole)}</ETag>"
        return Answer(200, _xml("CompleteMultipartUploadResult", told))


def _tag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()


def _xml(name: str, inner: str) -> bytes:
    space = NAMES.strip("{}")
    return f'<?xml version="1.0"?><{name} xmlns="{space}">{inner}</{name}>'.encode()
