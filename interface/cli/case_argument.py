"""The argument that names a case: by its id, or by the number that people read out."""

from __future__ import annotations

from uuid import UUID

import click

from domain.case_number import typed


class CaseArgument(click.ParamType[UUID | str]):
    """A case's id, or its number of 20 digits, with or without spaces and hyphens."""

    name = "case"

    def convert(
        self,
        value: UUID | str,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> UUID | str:
        """Return an id, or the digits of a number."""
        if isinstance(value, UUID):
            return value
        try:
            return UUID(value)
        except ValueError:
            pass
        try:
            return typed(value)
        except ValueError as error:
            self.fail(f"{value}: {SAID[str(error)]}", param, ctx)


SAID = {
    "case-number-length": "is neither a case's id nor its number of 20 digits",
    "case-number-check": "is no case number: a digit is wrong, or two are swapped",
}

CASE = CaseArgument()
