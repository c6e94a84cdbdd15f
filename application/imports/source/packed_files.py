"""Opens files as they are or compressed, and tells how much of them has been read."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from msgspec import Struct

from application.imports.mapping import MappingError
from application.operator_error import OperatorError

PACKED = (".gz", ".zst")

_MAGIC = {
    b"\x1f\x8b": "it is compressed by gzip; its name has to end in .gz",
    b"\x28\xb5\x2f\xfd": "it is compressed by zstd; its name has to end in .zst",
    b"PK\x03\x04": 'it is a zip; a workbook is read with format = "xlsx"',
    b"\x89PNG": "it is a picture (PNG)",
    b"\xff\xd8\xff": "it is a picture (JPEG)",
    b"%PDF": "it is a PDF",
    b"PAR1": 'it is a Parquet file; say format = "parquet"',
    b"\xff\xfe": 'it begins like UTF-16; say encoding = "utf-16"',
    b"\xfe\xff": 'it begins like UTF-16; say encoding = "utf-16"',
    b"\xd0\xcf\x11\xe0": "it is an old workbook (xls); save it as xlsx or CSV",
}


class Packed(Struct):
    """An open file: its content, and the file of which the place is known."""

    content: IO[bytes]
    raw: BinaryIO
    size: int

    @property
    def share_read(self) -> float:
        """Return the share of the file that has been read, from 0 to 1."""
        return min(1.0, self.raw.tell() / self.size) if self.size else 1.0


def _zstd_errors() -> tuple[type[Exception], ...]:
    try:
        from backports import zstd  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return ()
    return (zstd.ZstdError,)


_DAMAGED: tuple[type[Exception], ...] = (
    *(EOFError, gzip.BadGzipFile, zlib.error),
    *_zstd_errors(),
)
"""What unpacking raises for a file that is cut off or damaged."""


@contextmanager
def opened_file(path: Path) -> Iterator[Packed]:
    """Open a file, unpacked by the end of its name. Raises OperatorError."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror or error}") from None
    with raw:
        size = path.stat().st_size
        try:
            yield from _opened(path, raw, size)
        except _DAMAGED:
            said = "the compressed file is cut off or damaged"
            raise OperatorError(f"{path}: {said}") from None


def _opened(path: Path, raw: BinaryIO, size: int) -> Iterator[Packed]:
    if path.suffix == ".gz":
        with gzip.open(raw) as content:
            yield Packed(cast("IO[bytes]", content), raw, size)
    elif path.suffix == ".zst":
        with _zstd(raw) as unpacked:
            yield Packed(unpacked, raw, size)
    else:
        yield Packed(raw, raw, size)


def _zstd(raw: BinaryIO) -> IO[bytes]:
    try:
        from backports import zstd  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise MappingError(
            "files that end in .zst need the extra `import`: pip install '.[import]'"
        ) from None
    return cast("IO[bytes]", zstd.open(raw))


def looks_like(path: Path) -> str | None:
    """Return what a file looks like, by its first bytes, if it is no plain text."""
    with path.open("rb") as file:
        begins = file.read(8)
    return next(
        (said for magic, said in _MAGIC.items() if begins.startswith(magic)), None
    )
