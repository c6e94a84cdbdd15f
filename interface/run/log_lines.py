"""Log lines: one line for each record, without any character that is no text.

As text for people, or as JSON (`REDRESS_LOG_FORMAT=json`) for what collects them.
"""

from __future__ import annotations

import json
import logging
import os
import time
from enum import StrEnum

from interface.request_id import REQUEST_ID

REQUESTS = "redress.requests"
"""The logger of the line that each request has."""

FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


def one_line(text: str) -> str:
    r"""Return a text as one line that can be printed: the rest is escaped as `\x0a`.

    What a client sends could else add lines that look like ours, hide others by the
    codes of a terminal, or turn the direction of writing.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def one_word(text: str) -> str:
    """Return a text with everything escaped that could forge a line, or a part of one.

    Paths hold whatever callers have sent, percent-decoded.
    """
    return "".join(
        char
        if char.isprintable() and char not in " \\"
        else char.encode("unicode_escape").decode("ascii")
        if char not in " \\"
        else f"\\x{ord(char):02x}"
        for char in text
    )


def _escaped(char: str) -> str:
    number = ord(char)
    if number <= 0xFF:  # noqa: PLR2004 - what two digits can hold
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004


class OneLineFormatter(logging.Formatter):
    """Formats a record with its traceback as one line; times are UTC (ISO 8601)."""

    # Lines of several machines, and those around a change of the clock, sort by this.
    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        asked = REQUEST_ID.get()
        suffix = f" request={asked}" if asked else ""
        return one_line(super().format(record) + suffix)


class JsonFormatter(OneLineFormatter):
    """Formats a record as one JSON object; what no ASCII is, is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; `request` and `error` only where there is one.

        A record may bring `fields` of its own, which then tell what its message does.
        """
        fields: dict[str, object] = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "process": record.process,
            "thread": record.threadName,
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields.update(getattr(record, "fields", {}))
        if asked := REQUEST_ID.get():
            fields["request"] = asked
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return json.dumps(fields)


class LogFormat(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    JSON = "json"


def log_to_stderr(*, verbose: bool) -> None:
    """Send every record of this process to the error stream, as one line each."""
    handler = logging.StreamHandler()
    # Asked for here, before the settings are read: what is wrong with them is logged.
    as_json = os.environ.get("REDRESS_LOG_FORMAT") == LogFormat.JSON
    handler.setFormatter(JsonFormatter() if as_json else OneLineFormatter(FORMAT))
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, handlers=[handler])
    # Whether it writes any is a setting; these are no news of the program's own state.
    logging.getLogger(REQUESTS).setLevel(logging.INFO)
    # Warnings of Python itself would go there by another way.
    logging.captureWarnings(capture=True)
