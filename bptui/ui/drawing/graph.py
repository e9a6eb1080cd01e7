"""The computation graph down to a part, quantity or factor, as lines: a tree from E down.

With several samples it is the graph of the sample shown, or of the first while all are shown.
"""

from collections.abc import Iterator

from bptui.core.formulas.names import weighted_input
from bptui.core.quantities.computation_graph import find_node
from bptui.derive.graph.entries import OWN, SEE_ABOVE, GraphEntry, describe_departures, list_entries
from bptui.derive.notations import format_label
from bptui.derive.worked import WorkedLine
from bptui.session.frame import Frame
from bptui.text.trees import draw_branches
from bptui.text.words import wrap_formula
from bptui.ui.drawing.lines import Line, Span, make_line

_HOW_TO_READ = (
    '"local" is the derivative of the number above with respect to this one. "arrives" is the derivative of E with '
    "respect to this one: the sum, over the numbers above, of what arrives there times the local derivative."
)
_LEAST = 20  # columns of a line, however deep it stands


def draw_graph(frame: Frame, name: str, width: int) -> list[Line]:
    """Return the lines of the graph from E down to a part of the network, a quantity or a factor."""
    node, sample = _find_node(frame, name)
    if not node:
        said = f"{format_label(name)} is not in the computation graph: no derivative of E with respect to it is needed."
        return list(_wrap("", "", said, "dim", width))
    entries = list_entries(frame.working, sample, node)
    lines = list(_wrap("", "", _HOW_TO_READ, "dim", width))
    if sample:
        lines += _wrap("", "", f"This is the graph of sample {sample}; E is this sample's own loss.", "dim", width)
    if departures := describe_departures(frame.network, entries):
        lines += _wrap("", "", departures, "warning", width)
    lines.append(make_line())
    for entry, (first, rest) in zip(entries, draw_branches([one.level for one in entries]), strict=True):
        lines += _draw_entry(entry, first, rest, width)
    return lines


def _find_node(frame: Frame, name: str) -> tuple[str, int]:
    """Return the node to draw the way to, and its sample: of a neuron its weighted input, which has the delta."""
    neuron = name in frame.network.neurons
    return find_node(frame.network, weighted_input(name) if neuron else name, frame.sample)


def _draw_entry(entry: GraphEntry, first: str, rest: str, width: int) -> Iterator[Line]:
    value = entry.value or "· not calculated yet"
    yield from _wrap(first, rest, f"{entry.label} = {value}{SEE_ABOVE * entry.again}", "title", width)
    for word, line in entry.lines:
        yield from _wrap(rest, rest, f"{word} {_join_sides(line)}", "accent" if word == "arrives" else "label", width)
    if entry.own:
        label, number = entry.own
        yield from _wrap(rest, rest, f"{OWN} {label} = {number or '· not calculated yet'}", "warning", width)


def _join_sides(line: WorkedLine) -> str:
    sides = dict.fromkeys((line.letters, line.numbers))
    sides.pop(line.result, None)
    before = " = ".join((line.label, *filter(None, sides)))
    return f"{before} {'=' if line.holds else '≈'} {line.result or '· not calculated yet'}"


def _wrap(first: str, rest: str, text: str, role: str, width: int) -> Iterator[Line]:
    """Yield a text behind the branches of the tree, which are others before its further lines."""
    before = first
    for part in wrap_formula(text, max(width - len(rest), _LEAST), 4 if rest else 0):
        yield make_line(Span(before, "dim"), Span(part, role))
        before = rest
