"""The actions that a case offers: which request, with which fields, until when."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from domain.actions import Action, possible
from domain.codes import Codes
from domain.commands.command import Command
from domain.commands.filing import Admit, Assign, ReferOut, Refuse, Reopen, Withdraw
from domain.commands.investigation import (
    Escalate,
    RequestEvidence,
    SendInquiry,
    SubmitEvidence,
)
from domain.commands.negotiation import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    RespondToClaim,
)
from domain.commands.performance import (
    ConfirmFulfilment,
    FailEnforcement,
    Fulfil,
    ImposeSanction,
    OrderEnforcement,
)
from domain.commands.ruling import DecideAppeal, DraftRuling, Rule
from domain.context import Context
from domain.decide.enforcement import methods_for
from domain.decide.escalation import triggers
from domain.decide.evidence import kinds_asked
from domain.decide.performance import duty
from domain.dispute import Dispute
from interface.api import requests
from interface.api.acts import ACTS
from interface.api.fields import Body
from interface.api.representations import ActionShown, Field
from interface.api.rulings import RulingBody


class Route(Struct, frozen=True):
    """Where a command is sent (below the case), and what it takes."""

    path: str
    body: type[Body] | None = None

    @property
    def name(self) -> str:
        """Return the action's name, such as "offers-acceptance"."""
        return self.path.replace("/{n}/", "-")


_OWN: dict[type[Command], Route] = {
    Admit: Route("admission", requests.AdmissionBody),
    Refuse: Route("refusal", requests.RefusalBody),
    Withdraw: Route("withdrawal", requests.WithdrawalBody),
    RespondToClaim: Route("seller-response", requests.ResponseBody),
    MakeOffer: Route("offers", requests.OfferBody),
    AcceptOffer: Route("offers/{n}/acceptance"),
    DeclineOffer: Route("offers/{n}/decline", requests.DeclineBody),
    Escalate: Route("escalation", requests.EscalationBody),
    SubmitEvidence: Route("evidence"),
    Assign: Route("assignment", requests.AssignmentBody),
    Rule: Route("ruling", RulingBody),
    Fulfil: Route("fulfilments", requests.FulfilmentBody),
    ConfirmFulfilment: Route("fulfilments/{n}/confirmation"),
    Reopen: Route("reopening", requests.ReopeningBody),
}
ROUTES: Mapping[type[Command], Route] = _OWN | {
    act.kind: Route(act.path, act.body) for act in ACTS
}
"""Every command that a client may send on a case; those of the clock are not here."""

UPLOAD = (
    Field(name="file", type="file", required=True),
    Field(name="kind", type="string", required=True),
    Field(name="note", type="string", required=False),
    Field(name="draft", type="string", required=False),
)


def offered(case: UUID, dispute: Dispute, context: Context) -> tuple[ActionShown, ...]:
    """List what the caller can do with a case now."""
    return tuple(
        ActionShown(
            name=ROUTES[action.command].name,
            method="POST",
            href=f"/v1/disputes/{case}/{_path(action.command, action.item)}",
            fields=_with_codes(action, dispute, context),
            due=action.due,
        )
        for action in possible(dispute, context)
        if action.command in ROUTES
    )


def names(dispute: Dispute, context: Context) -> tuple[str, ...]:
    """List the names of what the caller can do with a case now, each once."""
    kinds = (action.command for action in possible(dispute, context))
    return tuple(dict.fromkeys(ROUTES[kind].name for kind in kinds if kind in ROUTES))


def _path(kind: type[Command], item: int | None) -> str:
    return ROUTES[kind].path.replace("{n}", str(item))


def _with_codes(
    action: Action, dispute: Dispute, context: Context
) -> tuple[Field, ...]:
    """Add to the fields of an action the codes that are possible now."""
    codes = _codes_now(action, dispute, context)
    return tuple(
        replace(field, codes=codes.get(field.name, ()))
        for field in _fields(action.command)
    )


def _codes_now(
    action: Action, dispute: Dispute, context: Context
) -> dict[str, tuple[str, ...]]:
    match action:
        case Action(command=kind) if kind is Escalate:
            return {"trigger": tuple(map(str, triggers(dispute, context)))}
        case Action(command=kind) if kind is SubmitEvidence:
            return {"kind": tuple(sorted(kinds_asked(dispute, context)))}
        case Action(command=kind, item=int(item)) if kind is Fulfil:
            return {"obligation": (str(item),)}
        case Action(command=kind, item=int(item)) if kind is OrderEnforcement:
            methods = methods_for(duty(dispute, item))
            return {"obligation": (str(item),), "method": tuple(map(str, methods))}
        case _:
            return _possible_codes(action.command, context.codes)


def _possible_codes(kind: type[Command], codes: Codes) -> dict[str, tuple[str, ...]]:
    return {
        Refuse: {"ground": tuple(codes.grounds), "routes": tuple(codes.routes)},
        ReferOut: {"authority": tuple(codes.routes)},
        RespondToClaim: {"position": codes.own("positions")},
        RequestEvidence: {"kinds": tuple(codes.evidence)},
        SendInquiry: {"kind": tuple(codes.inquiries)},
        Rule: {"liability": tuple(codes.liabilities)},
        DraftRuling: {"liability": tuple(codes.liabilities)},
        DecideAppeal: {"liability": tuple(codes.liabilities)},
        FailEnforcement: {
            "cause": tuple(codes.failures),
            "routes": tuple(codes.routes),
        },
        ImposeSanction: {
            "kind": tuple(codes.sanctions),
            "breach": tuple(codes.breaches),
        },
    }.get(kind, {})


@cache
def _fields(kind: type[Command]) -> tuple[Field, ...]:
    if kind is SubmitEvidence:
        return UPLOAD
    body = ROUTES[kind].body
    if body is None:
        return ()
    return tuple(
        Field(name=one.encode_name, type=_kind(one.type), required=one.required)
        for one in msgspec.inspect.type_info(body).fields  # type: ignore[attr-defined]
    )


def _kind(info: Any) -> str:
    """Name a field's JSON type."""
    match info:
        case msgspec.inspect.UnionType(types=types):
            return _kind(types[0])
        case msgspec.inspect.IntType():
            return "integer"
        case msgspec.inspect.StructType() | msgspec.inspect.DictType():
            return "object"
        case msgspec.inspect.VarTupleType() | msgspec.inspect.ListType():
            return "array"
        case _:
            return "string"
