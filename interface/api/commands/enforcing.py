"""Acts of seeing to it: contest, enforcement, recovery, sanctions."""

from __future__ import annotations

from domain.sanctions.commands import PublishSanction
from interface.api.commands import enforcements
from interface.api.commands.act import MONEY, Act

ENFORCING = (
    Act(
        path="fulfilments/{n}/contest",
        tag="parties",
        summary="Contest performance",
        about="Say that what was reported was not performed (creditor).",
        body=enforcements.ContestBody,
        item="obligation",
        example={"statement": "No money has arrived."},
    ),
    Act(
        path="enforcement",
        tag="staff",
        summary="Order enforcement",
        about="Execute an obligation in default by a method.",
        body=enforcements.EnforcementBody,
        example={"obligation": 1, "method": "deduct-deposit", "amount": MONEY},
    ),
    Act(
        path="enforcement/{n}/execution",
        tag="staff",
        summary="Report the execution",
        about="Record that what was ordered was executed.",
        body=enforcements.ExecutionBody,
        example={"reference": "dep-77"},
    ),
    Act(
        path="enforcement/{n}/failure",
        tag="staff",
        summary="Report the failure",
        about="Record that it could not be executed; `final` gives it up.",
        body=enforcements.EnforcementFailureBody,
        example={"cause": "insufficient-funds", "final": True, "routes": ["court"]},
    ),
    Act(
        path="recovery",
        tag="staff",
        summary="Record a recovery",
        about="Record what the seller paid back of what the platform had advanced.",
        body=enforcements.RecoveryBody,
        example={"amount": MONEY},
    ),
    Act(
        path="sanctions",
        tag="staff",
        summary="Impose a sanction",
        about="Warn, restrict or suspend a seller in breach (supervisor).",
        body=enforcements.SanctionBody,
        example={
            "kind": "warning",
            "breach": "refusal-to-perform",
            "measure": "Public warning.",
        },
    ),
    Act(
        path="sanctions/{n}/publication",
        tag="staff",
        summary="Record the publication",
        about="Record that a sanction, or its end, was made public. Takes no body.",
        asks=PublishSanction,
    ),
    Act(
        path="sanctions/{n}/lifting",
        tag="staff",
        summary="Lift a sanction",
        about="End a sanction (supervisor).",
        body=enforcements.LiftingBody,
        example={"why": "The seller has performed."},
    ),
)
