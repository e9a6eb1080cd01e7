"""Tests that go through tables: one test for all cells, whose failure names those that failed."""

import inspect
import os
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import product
from typing import Any

import pytest

ONLY_ROWS = set(filter(None, os.environ.get("ONLY_ROWS", "").split("|")))
"""Rows whose cells alone are tested, and printed: see test_adding.py."""


def over(**axes: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make one test of a function that is to hold in every cell of a table.

    Args:
        axes: The values of each of the function's arguments that is no fixture.
    """
    cells = [dict(zip(axes, cell, strict=True)) for cell in product(*axes.values())]

    def decorate(check: Callable[..., None]) -> Callable[..., None]:
        @wraps(check)
        def test(**fixtures: Any) -> None:
            faults: dict[str, BaseException] = {}
            for cell in cells:
                if ONLY_ROWS and not ONLY_ROWS & set(map(str, cell.values())):
                    continue
                name = ", ".join(ascii(str(value))[1:-1][:60] for value in cell.values())
                try:
                    check(**fixtures, **cell)
                except (Exception, pytest.fail.Exception) as fault:
                    faults[name] = fault
                else:
                    print(f"\ncell {check.__name__}: {name}" * bool(ONLY_ROWS))
            if faults:
                first, *_ = faults.values()
                first.add_note(f"{len(faults)} of {len(cells)} cells failed: {'; '.join(faults)}"[:2000])
                raise first

        signature = inspect.signature(check)
        fixtures = [parameter for name, parameter in signature.parameters.items() if name not in axes]
        vars(test)["__signature__"] = signature.replace(parameters=fixtures)
        marked: Callable[..., None] = pytest.mark.table(test)
        return marked

    return decorate
