"""The parts of a program, and the lines that both programs share.

A program is a tuple of ``ProgramPart``. Part k of one program is the counterpart of part k of the other, and a file
holds the sources of all parts in order. The only user input that becomes source is numbers, and a title, which is made
a comment first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap

from bptui.core.problem.spec import Spec
from bptui.derive.code_lines import INDENT, MAX_COLUMNS, break_line

PART_NAMES = ("imports", "data", "weights", "loop", "forward", "loss", "gradient", "update", "print")
PHASE_COMMENTS = {
    "forward hidden": "forward pass, hidden layer",
    "forward output": "forward pass, output layer",
    "output deltas": "backward pass: the outputs' deltas, dE/d(in)",
    "output gradients": "gradients of the weights into the outputs",
    "hidden deltas": "the hidden neurons' deltas",
    "hidden gradients": "gradients of the weights into the hidden layer",
    "update": "update: a step down the slope",
}


@dataclass(frozen=True)
class ProgramPart:
    """A part of a program: its name, one of ``PART_NAMES``, and its source with all line ends."""

    name: str
    source: str


def make_parts(
    spec: Spec, imports: Iterable[str], data: Iterable[str], *others: Iterable[str]
) -> tuple[ProgramPart, ...]:
    """Make the parts from their lines, and add the lines that both programs share."""
    data = [*data, f"eta = {float(spec.step)!r}  # the step size", f"rounds = {spec.rounds:d}"]
    weights, *inside = others
    blocks = zip(PART_NAMES, (imports, data, weights, ["for n in range(1, rounds + 1):"], *inside), strict=True)
    return tuple(
        ProgramPart(p, "\n".join(lines) + ("\n" if p in ("loop", PART_NAMES[-1]) else "\n\n")) for p, lines in blocks
    )


def make_top_comment(how: str, library: str, title: str) -> list[str]:
    """Return the comment at the top.

    The title is its third line, because a comment in the first two lines may set an encoding.
    """
    plain = " ".join("".join(sign if sign.isprintable() or sign.isspace() else "?" for sign in title).split())
    lesson = wrap(f"Lesson: {plain}", MAX_COLUMNS - 2, max_lines=3, placeholder="…")
    lines = [f"Backpropagation {how}, round by round.", f"Runs by itself: it needs {library}, nothing else.", *lesson]
    return [*(f"# {line}" for line in lines), ""]


def make_print_statements(
    loss: str, outputs: Iterable[str], gradients: Iterable[str], after: Iterable[str]
) -> Iterator[str]:
    """Yield the print statements of a round, which print four lines."""
    yield f'{INDENT}print(f"round {{n}}  E {{{loss}}}")'
    for name, values in (("outputs", outputs), ("gradients", gradients), ("updated", after)):
        yield from break_line(f"{INDENT}print(", f'"  {name:9}", {", ".join(values)})')
