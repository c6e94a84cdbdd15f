"""A table's test names every cell that fails, and how."""

from __future__ import annotations

import pytest

from domain.admission.commands import Admit
from domain.case.dispute import Phase
from domain.roles import Role
from tests.domain.cells import check_cells

PHASES = (Phase.FILED, Phase.CLOSED)
CELLS = [(Admit, phase, role) for phase in PHASES for role in Role]


def test_every_cell_is_checked() -> None:
    checked = []
    check_cells(lambda *cell: checked.append(cell), CELLS)
    assert checked == CELLS


def test_a_table_without_cells_fails() -> None:
    with pytest.raises(AssertionError, match="no cells"):
        check_cells(lambda *_: None, [])


def test_every_cell_that_fails_is_named_with_what_is_wrong() -> None:
    def check(_: type[Admit], phase: Phase, role: Role) -> None:
        assert phase is Phase.FILED or role is not Role.BUYER, "is not refused"
        if role is Role.CLOCK:
            raise KeyError(phase.value)

    with pytest.raises(pytest.fail.Exception) as caught:
        check_cells(check, CELLS)
    first, *named = str(caught.value).splitlines()
    assert first == f"3 of {len(CELLS)} cells fail:"
    assert [line.partition(" assert ")[0] for line in named] == [
        "Admit, filed, clock: KeyError 'filed'",
        "Admit, closed, buyer: is not refused",
        "Admit, closed, clock: KeyError 'closed'",
    ]
