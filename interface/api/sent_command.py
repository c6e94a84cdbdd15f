"""What a client has sent of a command: the same request is recognised by it."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from domain.case.command import Command
from domain.evidence.commands import SubmitEvidence
from domain.negotiation.commands import PostMessage
from domain.negotiation.events import Attachment


def as_asked(command: Command) -> tuple[str, Any]:
    """Return a command's name and content, but not how its file is sealed.

    That differs each time that the same file is handed in.
    """
    return type(command).__name__, _content(command)


def _content(command: Command) -> Any:
    match command:
        case SubmitEvidence():
            return {
                name: value
                for name, value in msgspec.structs.asdict(command).items()
                if name != "sealed"
            }
        case PostMessage(attachment=Attachment() as file):
            return replace(command, attachment=replace(file, sealed=None))
        case _:
            return command
