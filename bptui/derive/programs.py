"""The programs of a problem as text: by hand in NumPy, number by number or in matrices, and with autograd in torch."""

from collections.abc import Callable, Iterable

from bptui.core.problem.spec import Spec
from bptui.derive.matrices.program import make_matrix_program
from bptui.derive.numpy_program import make_numpy_program
from bptui.derive.program_parts import ProgramPart
from bptui.derive.torch_program import make_torch_program

PROGRAMS: dict[str, Callable[[Spec, str], tuple[ProgramPart, ...]]] = {
    "numpy": make_numpy_program,
    "torch": make_torch_program,
    "matrix": make_matrix_program,
}


def join_source(program: Iterable[ProgramPart]) -> str:
    """Return the text of a program."""
    return "".join(part.source for part in program)


def count_code_lines(program: Iterable[ProgramPart]) -> int:
    """Return the number of lines that are neither empty nor comments."""
    return sum(line.strip()[:1] not in ("", "#") for line in join_source(program).splitlines())
