"""What stands before the calculation of a round: the network, its given numbers, and the formulas in general."""

import re
from collections.abc import Iterator

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.names import of_sample
from bptui.core.formulas.network import NUMBERINGS, Network
from bptui.core.formulas.notation import write
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.problem.spec import Spec
from bptui.core.quantities.general_formulas import NodeColumn, list_columns, list_general_formulas, make_general
from bptui.derive.blocks import Block, Equation, Equations, Heading, Paragraph, Table
from bptui.derive.worked import Working
from bptui.text.words import format_count, join_words


def make_given_blocks(spec: Spec, working: Working) -> Iterator[Block]:
    """Yield the network in a sentence, and tables of its inputs, targets and parameters."""
    network, letters = working.network, working.form.letters
    columns = list_columns(network)
    yield describe_network(spec, network)
    samples = network.samples or (0,)
    rows = {
        f"{what}{f' of sample {sample}' if sample else ''}": [of_sample(name, sample) for name in names]
        for sample in samples
        for what, names in (("inputs", network.inputs), ("targets", network.targets))
    }
    rows["learning rate"] = ["eta"]
    if others := [name for name in (*network.constants, *network.data) if name == "t" or name in network.constants[1:]]:
        rows["optimiser"] = others
    shown = {n: f"{letters.name(n)} = {working.value(n)}" for names in rows.values() for n in names}
    yield Table(("given", ""), tuple((what, ", ".join(shown[n] for n in names)) for what, names in rows.items()), (1,))
    ends = {
        w.name: (w.source, w.target, column.weights)
        for gap, column in zip(network.gaps, columns[1:], strict=True)
        for w in gap
    }
    lines = []
    for p in network.state:
        source, target, sign = ends.get(p, ("", p.removeprefix("b_") if p in network.biases else "", ""))
        ends_of = "".join(re.findall(r"\d+", end)[-1] for end in (source, target) if sign)
        general = letters.name(f"{sign}_{ends_of}" if sign else p)
        lines.append((letters.name(p), source, target, general, working.value(p)))
    yield Table(("parameter", "from", "to", "in general", "value"), tuple(lines), formulas=(0, 3, 4))


def describe_network(spec: Spec, network: Network) -> Paragraph:
    """Return the network in a sentence."""
    counts = join_words([format_count(column.count, column.what) + column.where for column in list_columns(network)])
    return Paragraph(f"A network with {counts}. Loss: {spec.loss}. {_make_activation_sentence(network)}")


def make_general_blocks(working: Working) -> Iterator[Block]:
    """Yield the formulas of any round, for all neurons of a layer at once."""
    network, letters = working.network, working.form.letters
    yield Heading("The formulas in general")
    columns = list_columns(network)
    ranges = ", ".join(map(_describe_range, columns))
    yield Paragraph(f"With {ranges}, {_explain_weights(network)}:")
    lines = list_general_formulas(network)
    yield Equations(tuple(Equation(letters.name(f.name), (write(f.expr, letters),)) for f in lines))
    if has_joint_outputs(network):
        ((other, one),) = make_general(network.one_sample).output_pairs
        every, own = (node.rpartition("_")[2] for node in (other, one))
        yield Paragraph(f"Here {every} stands for any of the outputs, {own} for one of them.")
    if any(len(set(layer.activations)) > 1 for layer in network.layers):
        yield Paragraph("f is each neuron's own activation, and f' is its derivative.")


def _describe_range(column: NodeColumn) -> str:
    if column.count == 1:
        return f"{column.index} = 1 for the {column.what}{column.where}"
    return f"{column.index} = 1..{column.count} for the {column.what}s{column.where}"


def _explain_weights(network: Network) -> str:
    """Return which letters the weights have in the general formulas."""
    if len(network.hidden_layers) > 1:
        last = f"W{len(network.layers)} for those into the output layer"
        if network.numbering != NUMBERINGS[0]:
            last += ", with the index of the source first, although the matrices have a row for each neuron"
        return f"W1 for the weights into the first hidden layer, and so on up to {last}"
    hidden = "v for the weights into the hidden layer and w for those into the output layer"
    return hidden if network.hidden_layers else "w for the weights"


def _make_activation_sentence(network: Network) -> str:
    """Return a sentence with the activation of each neuron and its formula."""
    by_name: dict[str, list[str]] = {}
    for neuron in network.neurons:
        by_name.setdefault(network.activation(neuron), []).append(neuron)
    said = [
        f"{', '.join(neurons)}: {name}, {ACTIVATIONS[name].about.partition(';')[0]}"
        for name, neurons in by_name.items()
    ]
    return f"Activation of {'; of '.join(said)}."
