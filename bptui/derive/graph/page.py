"""The computation graph of a round as a page, from E down: all of it, or the way to one quantity.

With several samples it is the graph of one, the first where none is named.
"""

from collections.abc import Iterator

from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.tables import UserError
from bptui.core.quantities.computation_graph import find_node, list_graph
from bptui.derive.blocks import Block, Equation, Heading, Paragraph, Tree, TreeItem
from bptui.derive.formats import FORMATS
from bptui.derive.graph.entries import OWN, SEE_ABOVE, GraphEntry, describe_departures, list_entries
from bptui.derive.notations import format_label
from bptui.derive.page import make_working, train_to
from bptui.derive.worked import WorkedLine, Working
from bptui.lessons.lesson import Lesson

_HOW_TO_READ = (
    'Each node is listed below a node that is calculated from it. "local" is the derivative of the node above with '
    'respect to this one. "arrives" is the derivative of E with respect to this one: what arrives at a node above '
    "times the local derivative, summed over all nodes above. A node below several others is derived where it first "
    "appears."
)


def derive_graph(lesson: Lesson, round_: int, kind: str, digits: int, quantity: str | None = None) -> Iterator[str]:
    """Yield the lines of the page.

    Args:
        lesson: The problem.
        round_: The round, from 1.
        kind: One of ``FORMATS``.
        digits: Significant digits shown.
        quantity: The quantity to draw the way to; without it, the whole graph is drawn.

    Raises:
        UserError: If the graph has no such quantity.
    """
    working = make_working(train_to(lesson.spec, round_), round_, FORMATS[kind].form, digits)
    node, sample = _resolve_node(working, quantity) if quantity else ("", next(iter(working.network.samples), 0))
    return FORMATS[kind].print(_make_page(lesson, working, round_, node, sample))


def _resolve_node(working: Working, quantity: str) -> tuple[str, int]:
    network = working.network
    samples = network.samples or (0,)
    nodes = [node for sample in samples for node in list_graph(network, sample)]
    known = [name for node in nodes for name in (node.name, node.arriving, node.quantity) if name]
    name = {format_label(name): name for name in known}.get(quantity, quantity.replace("/d", "_d"))
    node, sample = find_node(network, name)
    if not node:
        hint = suggest(name, known) or f"; it has {', '.join(dict.fromkeys(node.name for node in nodes))}"
        raise UserError(f"--quantity: the graph has no {name}{hint}")
    return node, sample


def _make_page(lesson: Lesson, working: Working, round_: int, node: str, sample: int) -> Iterator[Block]:
    of_sample = f", sample {sample}" if sample else ""
    yield Heading(f"Computation graph of round {round_:,}{of_sample}", 1)
    yield Paragraph(lesson.title)
    yield Paragraph(_HOW_TO_READ)
    if sample:
        yield Paragraph(
            f"Here E is the sample's own loss; a gradient of the round is the {working.network.over_samples} over the "
            "samples of the round."
        )
    entries = list_entries(working, sample, node)
    if departures := describe_departures(working.network, entries):
        yield Paragraph(departures)
    yield Tree(tuple(map(_make_item, entries)))


def _make_item(entry: GraphEntry) -> TreeItem:
    lines = [(word, _make_equation(line)) for word, line in entry.lines]
    if entry.own:
        label, value = entry.own
        lines.append((OWN, Equation(label, (value,))))
    return TreeItem(entry.level, Equation(entry.label, (entry.value,)), SEE_ABOVE * entry.again, tuple(lines))


def _make_equation(line: WorkedLine) -> Equation:
    sides = tuple(dict.fromkeys((line.letters, line.numbers, line.result)))
    return Equation(line.label, sides, on_one_line=True, exact=line.holds)
