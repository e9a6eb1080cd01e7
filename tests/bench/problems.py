"""The problems that rows measure beside 2-2-2: XOR, which has four samples, and 4-4-4-4, which has two hidden layers.

They should take no more than 2-2-2 does, times the more operations that their formulas have.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, find_parts
from bptui.lessons.lesson import DEFAULT_LESSON, Lesson, load_lesson, parse_lesson
from tests.bench.table import Measured, Reference

DEEP = """[network]
inputs = [0.1, 0.2, 0.3, 0.4]
targets = [0.1, 0.9, 0.2, 0.8]
hidden = [4, 4]
init = { kind = "xavier uniform" }
"""


class Problem(NamedTuple):
    """A problem: what it is called, its lesson, how many formulas a round has, and how many operations these."""

    name: str
    lesson: Lesson
    formulas: int
    operations: int


def list_problems() -> list[Problem]:
    """The problems, 2-2-2 first."""
    lessons = {
        "2-2-2": load_lesson(DEFAULT_LESSON),
        "XOR": load_lesson("xor"),
        "4-4-4-4": parse_lesson(DEEP, "deep"),
    }
    found = []
    for name, lesson in lessons.items():
        exprs = [line.expr for line in list_formulas(lesson.spec.network)]
        found.append(Problem(name, lesson, len(exprs), sum(map(_count_operations, exprs))))
    return found


def _count_operations(expr: Expr) -> int:
    parts = find_parts(expr)
    return (max(len(parts) - 1, 1) if parts else 0) + sum(map(_count_operations, parts))


def by_operations(found: list[float], unit: str, most: float = 1.0) -> dict[str, Measured]:
    """Numbers of all problems, each beside that of 2-2-2 times its more operations.

    Args:
        found: The number of each problem.
        unit: Of what.
        most: What the number divided by its reference should stay under.
    """
    (few, *others), (first, *rest) = list_problems(), found
    name = f"{few.name}, {few.operations} operations"
    return {
        f"{one.name}, {one.operations}": Measured(
            number, unit, reference=Reference(name, first * one.operations / few.operations, most)
        )
        for one, number in zip(others, rest, strict=True)
    }


@contextmanager
def deep_file() -> Iterator[str]:
    """The path of the lesson 4-4-4-4, for a program that opens it."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "deep.toml")
        file.write_text(DEEP, encoding="utf-8")
        yield str(file)
