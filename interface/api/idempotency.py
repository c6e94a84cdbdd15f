"""Idempotency keys of requests that are no commands on a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec

from application.record.keyed_answers import KeyedAnswers
from interface.api.request_context import RequestContext

A = TypeVar("A")


def once(context: RequestContext, data: Any, kind: type[A], work: Callable[[], A]) -> A:
    """Do what is asked once under the request's key; return the first answer.

    Raises KeyReused if the key was used for another request, Failure without a key.
    """
    answer = KeyedAnswers(context.system.database).once(
        context.command_id(),
        context.digest(context.actor, context.path, data),
        lambda: msgspec.json.encode(work()),
    )
    try:
        return msgspec.json.decode(answer, type=kind)
    except msgspec.ValidationError:
        # Of an earlier version, with other fields: still the first answer.
        return cast("A", msgspec.Raw(answer))
