"""The computation graph as the entries of a tree: each node worked out where it first stands, later only referred to.

The numbers are put into formulas as in a derivation, with as many digits as the printed line needs to be true.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bptui.core.formulas.network import Network
from bptui.core.formulas.rounding import NONE
from bptui.core.quantities.chain_rule import find_departures
from bptui.core.quantities.computation_graph import GraphNode, compute_arriving, find_above, list_graph
from bptui.derive.worked import WorkedLine, Working
from bptui.record import record

SEE_ABOVE = ", see above"
OWN = "in the round"  # before a number that is not the chain rule's


@record
class GraphEntry:
    """An entry of the tree: a node below one of the nodes above it.

    Attributes:
        level: How deep it stands; E is at 0.
        name: The node's name.
        label: The same as people write it.
        value: Its value; empty while it is not calculated.
        local: The derivative of the node above by it; None for E.
        arrives: What arrives at it, the sum over all nodes above it; None for E, and where it was written before.
        again: Whether it was written before.
        own: The round's own quantity for what arrives, where it is not the chain rule's: its label and value.
    """

    level: int
    name: str
    label: str
    value: str
    local: WorkedLine | None = None
    arrives: WorkedLine | None = None
    again: bool = False
    own: tuple[str, str] | None = None

    @property
    def lines(self) -> tuple[tuple[str, WorkedLine], ...]:
        """What is derived of it, each line with its word."""
        found = (("local", self.local), ("arrives", self.arrives))
        return tuple((word, line) for word, line in found if line)


def list_entries(working: Working, sample: int, to: str = "") -> tuple[GraphEntry, ...]:
    """Return the entries of a sample's graph, each below the one it hangs from.

    Args:
        working: The numbers of the round.
        sample: One of its samples; 0 where there is only one.
        to: The node to draw the way to; without it, all nodes are drawn.
    """
    graph = list_graph(working.network, sample)
    nodes = find_above(graph, to) if to else graph
    arriving = compute_arriving(working.network, sample, working.values)
    return tuple(_Tree(working, working.add(arriving), nodes).list_below(nodes[0], "", 0))


def describe_departures(network: Network, entries: tuple[GraphEntry, ...]) -> str:
    """Return why the round's own numbers are not those of the graph, where they may not be; else an empty text."""
    if not any(entry.own for entry in entries):
        return ""
    if network.rounding != NONE:
        return "The graph rounds nothing on the way; the round rounds every result before using it."
    return f'The graph follows the chain rule; the round follows the rule "{network.rule}".'


@dataclass
class _Tree:
    """A tree that is being made: the numbers of the round, the same with what arrives, and its nodes."""

    working: Working
    with_arriving: Working
    nodes: tuple[GraphNode, ...]
    written: set[str] = field(default_factory=set)

    def list_below(self, node: GraphNode, local: str, level: int) -> Iterator[GraphEntry]:
        """Yield a node, reached by a local derivative, and all below it, if they are not there yet."""
        again = node.name in self.written
        self.written.add(node.name)
        yield GraphEntry(
            level,
            node.name,
            self.working.form.letters.name(node.name),
            self.working.value(node.name) if node.name in self.working.values else "",
            self.working.line(local) if local else None,
            self._work_out(node) if local and not again else None,
            again,
            None if again else self._find_own(node),
        )
        for below in () if again else self.nodes:
            for edge in below.edges:
                if edge.above == node.name:
                    yield from self.list_below(below, edge.local, level + 1)

    def _work_out(self, node: GraphNode) -> WorkedLine:
        assert node.arrives is not None
        line = self.with_arriving.line(node.arriving, node.arrives)
        directly = node.arriving == node.edges[0].local  # below E, where its local derivative says how it is calculated
        return replace(line, letters=line.result, numbers=line.result, holds=True) if directly and line.result else line

    def _find_own(self, node: GraphNode) -> tuple[str, str] | None:
        """Return the round's own number for what arrives, if it is not the chain rule's."""
        if node.quantity not in find_departures(self.working.network):
            return None
        known = node.quantity in self.working.values
        return self.working.form.letters.name(node.quantity), self.working.value(node.quantity) if known else ""
