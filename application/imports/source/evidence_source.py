"""The files of evidence that lie beside a table: in a folder, or in a zip archive."""

from __future__ import annotations

import hashlib
import mimetypes
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from msgspec import Struct

from application.imports.cells import BadRow
from application.imports.mapping import MappingError
from domain.names import quoted

CHUNK_BYTES = 1 << 20
_IS_UTF_8 = 0x800
_OLD_ENCODINGS = ("utf-8", "gb18030", "shift_jis")
UNKNOWN = "application/octet-stream"


class FoundFile(Struct, frozen=True):
    """A file as it is found: its SHA-256 (hex), its size in bytes, and its type."""

    sha256: str
    size: int
    media_type: str


class EvidenceSource:
    """Finds files by the names that a table has for them. `limit`: bytes of a file."""

    def __init__(self, place: Path, limit: int) -> None:
        if not place.exists():
            raise MappingError(f"source.evidence: there is no {place}")
        self._folder = place.resolve() if place.is_dir() else None
        self._limit = limit
        self._archive: zipfile.ZipFile | None = None
        if self._folder is None:
            try:
                self._archive = zipfile.ZipFile(place)
            except (OSError, zipfile.BadZipFile):
                said = "is neither a folder nor a zip archive"
                raise MappingError(f"source.evidence: {place} {said}") from None

    @cached_property
    def _members(self) -> Mapping[str, list[zipfile.ZipInfo]]:
        """Return the archive's members by their names, as they may be meant."""
        found: dict[str, list[zipfile.ZipInfo]] = {}
        for member in self._archive.infolist() if self._archive else ():
            for name in {str(PurePosixPath(one)) for one in _names(member)}:
                found.setdefault(name, []).append(member)
        return found

    def found(self, name: str) -> FoundFile | None:
        """Read a file to its end; None: it is not there. Raises BadRow."""
        with self._opened(name) as file:
            if file is None:
                return None
            digest, size = hashlib.sha256(), 0
            for chunk in self._chunks(file, name):
                digest.update(chunk)
                size += len(chunk)
        if size > self._limit:
            raise BadRow(f"file: {quoted(name)} is larger than {self._limit:,} bytes")
        kind, _ = mimetypes.guess_type(name)
        return FoundFile(digest.hexdigest(), size, kind or UNKNOWN)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file, which is there. Raises BadRow."""
        with self._opened(name) as file:
            if file is None:
                raise BadRow(f"file: {quoted(name)} is gone")
            yield from self._chunks(file, name)

    def _chunks(self, file: IO[bytes], name: str) -> Iterator[bytes]:
        left = self._limit + 1
        try:
            # No further than the limit: an archive may hold more than it seems to.
            while left and (chunk := file.read(min(CHUNK_BYTES, left))):
                left -= len(chunk)
                yield chunk
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
            raise BadRow(f"file: {quoted(name)} cannot be read") from None

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes] | None]:
        """Open a file by its name within the folder or archive. Raises BadRow."""
        # Tables that were written on Windows have backslashes.
        path = PurePosixPath(name.replace("\\", "/"))
        if not path.parts:
            raise BadRow(f"file: {quoted(name)} is no name of a file")
        is_outside = path.is_absolute() or bool(PureWindowsPath(name).drive)
        if is_outside or ".." in path.parts or "\0" in name:
            raise BadRow(f"file: {quoted(name)} lies outside of source.evidence")
        try:
            file = self._in_archive(path) if self._archive else self._in_folder(path)
        except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
            # RuntimeError: it is encrypted; NotImplementedError: an unknown packing.
            raise BadRow(f"file: {quoted(name)} cannot be read") from None
        if file is None:
            yield None
            return
        with file:
            yield file

    def _in_archive(self, path: PurePosixPath) -> IO[bytes] | None:
        if self._archive is None:
            return None
        found = self._members.get(str(path), [])
        if len(found) > 1:
            raise BadRow(f"file: {quoted(str(path))} is in the archive twice")
        if not found:
            return None
        (member,) = found
        mode = member.external_attr >> 16
        if member.is_dir() or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
            raise BadRow(f"file: {quoted(str(path))} is no file")
        return self._archive.open(member)

    def _in_folder(self, path: PurePosixPath) -> IO[bytes] | None:
        if self._folder is None:
            return None
        place = (self._folder / path).resolve()
        # A link may lead out of the folder.
        if not place.is_relative_to(self._folder):
            raise BadRow(f"file: {quoted(str(path))} lies outside of source.evidence")
        if place.exists() and not place.is_file():
            raise BadRow(f"file: {quoted(str(path))} is no file")
        return place.open("rb") if place.is_file() else None


def _names(member: zipfile.ZipInfo) -> Iterator[str]:
    """Yield what a member may be called: old programs do not say in which encoding."""
    yield member.filename
    if member.flag_bits & _IS_UTF_8:
        return
    with suppress(UnicodeError):
        raw = member.filename.encode("cp437")
        for encoding in _OLD_ENCODINGS:
            with suppress(UnicodeError):
                yield raw.decode(encoding)
