"""The parts of a program, and the lines that both programs share.

A program is a tuple of ``ProgramPart``. Part k of one program is the counterpart of part k of the other, and a file
holds the sources of all parts in order. The only user input that becomes source is numbers, and a title, which is made
a comment first.
"""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from bptui.core.formulas.names import split_layer, split_sample
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.optimisers import DESCENT, OPTIMISERS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec, list_settings
from bptui.derive.code_lines import INDENT, MAX_COLUMNS, break_line
from bptui.derive.phases import number_hidden_layer
from bptui.record import record

PART_NAMES = ("imports", "data", "weights", "loop", "forward", "loss", "gradient", "update", "print")
_PHASES = {
    "forward hidden": "forward pass, hidden layer",
    "forward output": "forward pass, output layer",
    "output deltas": "backward pass: the outputs' deltas, dE/d(in)",
    "output gradients": "gradients of the weights into the outputs",
    "hidden deltas": "deltas of the hidden layer",
    "hidden gradients": "gradients of the weights into the hidden layer",
    "optimiser state": "the optimiser's state",
}


@record
class ProgramPart:
    """A part of a program: its name, one of ``PART_NAMES``, and its source with all line ends."""

    name: str
    source: str


def make_parts(
    spec: Spec,
    imports: Iterable[str],
    data: Iterable[str],
    weights: Iterable[str],
    picks: Iterable[str],
    *inside: Iterable[str],
) -> tuple[ProgramPart, ...]:
    """Make the parts from their lines, and add the lines that both programs share.

    Args:
        spec: The problem.
        imports: The lines before the data.
        data: The inputs and targets.
        weights: All that the first round starts from.
        picks: What a round does first, because it is not the same in every round; often nothing.
        inside: The lines of each part inside the loop.
    """
    data = [*data, *assign_settings(spec)]
    picks = list(picks)
    loop = ["for n in range(1, rounds + 1):", *picks]
    blocks = zip(PART_NAMES, (imports, data, weights, loop, *inside), strict=True)
    tight = (PART_NAMES[-1], *(() if picks else ("loop",)))
    return tuple(ProgramPart(p, "\n".join(lines) + ("\n" if p in tight else "\n\n")) for p, lines in blocks)


def assign_settings(spec: Spec) -> list[str]:
    """Return the lines of the training's numbers, which end the data of both programs."""
    return [
        f"eta = {float(spec.step)!r}  # the learning rate",
        *_assign_constants(spec),
        f"rounds = {spec.rounds:d}",
    ]


def _assign_constants(spec: Spec) -> Iterator[str]:
    """Yield the numbers of the optimiser, besides the learning rate."""
    row = OPTIMISERS[spec.optimiser]
    abouts = {item.name: item.metadata["about"] for item in list_settings()}
    if row.name != DESCENT:
        yield f"# optimiser: {row.name}"
        yield from write_comment(row.about)
    for name in spec.network.constants[1:]:
        line = f"{name} = {float(getattr(spec, name))!r}"
        fits = len(line) + len(abouts[name]) + 4 <= MAX_COLUMNS
        yield from [f"{line}  # {abouts[name]}"] if fits else [f"# {abouts[name]}", line]


def write_comment(text: str, indent: str = "") -> list[str]:
    """Return a comment, on as many lines as it needs."""
    return [f"{indent}# {line}" for line in wrap(text, MAX_COLUMNS - len(indent) - 2)]


def describe_phase(network: Network, phase: str, of_one: str = "sample {0}") -> list[str]:
    """Return the comment above the lines of a phase.

    Args:
        network: The network that the program's lines are of.
        phase: One of ``Network.phases``.
        of_one: How to call a sample, by its number.
    """
    name, sample = split_sample(phase)
    if name == "update":
        by = network.optimiser
        words = "update: a step down the slope" if by == DESCENT else f"update by {by}"
    else:
        kind, layer = split_layer(name)
        words = _PHASES.get(kind, kind)
        words = number_hidden_layer(words, layer)
    if sample:
        words = f"{of_one.format(sample)}: {words}"
    elif network.samples and name not in ("optimiser state", "update"):
        # deltas are derivatives of each sample's own loss there, not of E
        words = f"{words.removesuffix(', dE/d(in)').replace(' of the weights', '')}, by sample"
    return write_comment(words, INDENT)


def name_rule(network: Network) -> str:
    """Return the gradient rule in words, where it is not the chain rule; else an empty text."""
    idle = network.rule == CHAIN_RULE or not RULES[network.rule].applies(network)
    return "" if idle else f'rule "{network.rule}" in place of the chain rule; {RULES[network.rule].describe(network)}'


def make_top_comment(how: str, library: str, title: str) -> list[str]:
    """Return the comment at the top.

    The title is its third line, because a comment in the first two lines may set an encoding. An empty line ends it.
    """
    plain = " ".join("".join(sign if sign.isprintable() or sign.isspace() else "?" for sign in title).split())
    lesson = wrap(f"Lesson: {plain}", MAX_COLUMNS - 2, max_lines=3, placeholder="…")
    lines = [f"Backpropagation {how}, round by round.", f"A complete program that needs only {library}.", *lesson]
    return [*(f"# {line}" for line in lines), ""]


def print_values(label: str, values: Iterable[str]) -> list[str]:
    """Return the statement that prints values after a label; both are source."""
    return break_line(f"{INDENT}print(", f"{label}, {', '.join(values)})")


def make_print_statements(
    loss: str, outputs: Iterable[str], gradients: Iterable[str], after: Iterable[str]
) -> Iterator[str]:
    """Yield the print statements of a round, which print a line each; those of the outputs are given."""
    yield f'{INDENT}print(f"round {{n}}  E {{{loss}}}")'
    yield from outputs
    for name, values in (("gradients", gradients), ("updated", after)):
        yield from print_values(f'"  {name:9}"', values)
