"""Where each command of a client is sent, under which name, and what it takes."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from domain.admission.commands import Admit, Refuse
from domain.assignment.commands import Assign
from domain.case.command import Command
from domain.escalation.commands import Escalate
from domain.evidence.commands import SubmitEvidence
from domain.filing.commands import Reopen, Withdraw
from domain.negotiation.commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
    RespondToClaim,
)
from domain.performance.commands import ConfirmFulfilment, Fulfil
from domain.ruling.commands import Rule
from interface.api.actions.body_fields import fields_of
from interface.api.commands import requests
from interface.api.commands.acts import ACTS
from interface.api.commands.fields import Body
from interface.api.commands.rulings import RulingBody
from interface.api.responses.case_parts import Field
from interface.api.uploads import MAX_NOTE, MAX_TEXT, SIGNATURES


class Route(Struct, frozen=True):
    """Where a command is sent (below the case), and what it takes."""

    path: str
    body: type[Body] | None = None
    upload: tuple[Field, ...] = ()

    @property
    def name(self) -> str:
        """Return the action's name, such as "offers-acceptance"."""
        return self.path.replace("/{n}", "").replace("/", "-")

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields of its body or upload."""
        return self.upload if self.body is None else fields_of(self.body)

    def below(self, item: int | None) -> str:
        """Return the path for an item of the case."""
        return self.path.replace("{n}", str(item))


FILE = Field(name="file", type="file", required=True, codes=tuple(SIGNATURES))
EVIDENCE = (
    FILE,
    Field(name="kind", type="string", required=True),
    Field(name="note", type="string", required=False, max_length=MAX_NOTE),
    Field(name="draft", type="boolean", required=False),
)
ATTACHMENT = (
    FILE,
    Field(name="text", type="string", required=True, min_length=1, max_length=MAX_TEXT),
)

_OWN: dict[type[Command], Route] = {
    Admit: Route("admission", requests.AdmissionBody),
    Refuse: Route("refusal", requests.RefusalBody),
    Withdraw: Route("withdrawal", requests.WithdrawalBody),
    RespondToClaim: Route("seller-response", requests.ResponseBody),
    MakeOffer: Route("offers", requests.OfferBody),
    AcceptOffer: Route("offers/{n}/acceptance"),
    DeclineOffer: Route("offers/{n}/decline", requests.DeclineBody),
    Escalate: Route("escalation", requests.EscalationBody),
    SubmitEvidence: Route("evidence", upload=EVIDENCE),
    Assign: Route("assignment", requests.AssignmentBody),
    Rule: Route("ruling", RulingBody),
    Fulfil: Route("fulfilments", requests.FulfilmentBody),
    ConfirmFulfilment: Route("fulfilments/{n}/confirmation"),
    Reopen: Route("reopening", requests.ReopeningBody),
}
_ACTS = {act.kind: Route(act.path, act.body) for act in ACTS}
_SECOND: dict[type[Command], tuple[Route, ...]] = {
    PostMessage: (Route("messages/files", upload=ATTACHMENT),)
}

ROUTES: Mapping[type[Command], tuple[Route, ...]] = {
    kind: (route, *_SECOND.get(kind, ())) for kind, route in (_OWN | _ACTS).items()
}
"""Every command that a client may send on a case; those of the clock are not here."""
