"""Help pages for the problem on screen: rows of ``bptui.help.topics``, with keys and formulas filled in.

The formulas are the general terms of those the engine runs, so a network with biases, another loss or a wrong gradient
rule shows its own.
"""

import re
from collections.abc import Callable, Mapping

from bptui.core.formulas.expr import SumOver
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import gradient, split_layer
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.notation import write
from bptui.core.formulas.optimisers import DESCENT, OPTIMISERS
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.quantities.chain_rule import find_derivations
from bptui.core.quantities.general_formulas import list_columns, list_general_formulas, make_general
from bptui.derive.notations import UNICODE, format_label
from bptui.help.topics import Topic
from bptui.record import record

_KEY = re.compile(r"\{([a-z0-9-]+)\}")


@record
class HelpContext:
    """What help knows about the screen.

    Attributes:
        network: The network of the round that is shown.
        torch_state: "loading", "ready" or "unavailable".
        torch_detail: Torch's version, or why it is unavailable.
        keys: The key of each binding, by the binding's name.
    """

    network: Network
    torch_state: str
    torch_detail: str
    keys: Mapping[str, str]


@record
class HelpPage:
    """A page of help: paragraphs, formulas, and how to read it."""

    name: str
    paragraphs: tuple[str, ...]
    formulas: tuple[str, ...]
    reading_hint: str

    @property
    def text(self) -> str:
        """All that it says."""
        return "\n".join((self.name, *self.paragraphs, *self.formulas, self.reading_hint))


def make_page(topic: Topic, shown: HelpContext) -> HelpPage:
    """Return a topic's page for what is on the screen.

    Raises:
        KeyError: If the topic names an unknown key.
    """
    more = _EXTRA_PARAGRAPHS[topic.said](shown) if topic.said else ()
    says = (*(_insert_keys(text, shown) for text in topic.paragraphs), *more)
    return HelpPage(topic.name, says, tuple(_formulas(topic, shown.network)), _insert_keys(topic.reading_hint, shown))


def _insert_keys(text: str, shown: HelpContext) -> str:
    return _KEY.sub(lambda found: shown.keys[found[1]], text)


def _formulas(topic: Topic, network: Network) -> list[str]:
    letters = UNICODE.letters
    found = [
        f"{format_label(f.name)} = {write(f.expr, letters)}"
        for f in list_general_formulas(network)
        if split_layer(f.phase)[0] in topic.phases
    ]
    general, columns = make_general(network.one_sample), list_columns(network)
    for name in (gradient(w.name) for w in reversed(general.weights) if topic.has_chains):
        chain = find_derivations(general)[name].chain
        assert chain is not None, name
        column = next(place for place, one in enumerate(columns) if name.endswith(one.index))
        if has_joint_outputs(general):
            chain = general.sum_jointly(lambda _, chain=chain: chain)  # type: ignore[misc]
        for after in reversed(columns[column + 1 :]):  # a path leads through one neuron of each layer after it
            chain = SumOver(after.index, after.count, chain)
        found.append(f"{format_label(name)} = {write(chain, letters)}")
    return [*found, *topic.formulas]


def _loss_paragraphs(shown: HelpContext) -> tuple[str, ...]:
    return (f"In this problem it is the {shown.network.loss}: {LOSSES[shown.network.loss].about}",)


def _rule_paragraphs(shown: HelpContext) -> tuple[str, ...]:
    rule = shown.network.rule
    if rule == CHAIN_RULE:
        return ()
    idle = "" if RULES[rule].applies(shown.network) else " It changes nothing in this network."
    return (f'This problem uses the gradient rule "{rule}": {RULES[rule].describe(shown.network)}.{idle}',)


def _update_paragraphs(shown: HelpContext) -> tuple[str, ...]:
    """Return the optimiser in words, where it is not plain gradient descent."""
    n = shown.network
    optimiser = f"This problem uses the optimiser {n.optimiser}: {OPTIMISERS[n.optimiser].about}."
    decay = "Before that, weight decay adds λ times each parameter to its gradient, biases included."
    return (*((optimiser,) if n.optimiser != DESCENT else ()), *((decay,) if n.decays else ()))


def _torch_paragraphs(shown: HelpContext) -> tuple[str, ...]:
    """Return the state of torch; if it is missing, the full reason and what to do."""
    if shown.torch_state == "ready":
        return (f"PyTorch {shown.torch_detail} is loaded.",)
    if shown.torch_state == "loading":
        return ("PyTorch is being loaded; until then, finite differences take its place.",)
    again = f"{shown.keys['restart-torch']} loads it again."
    return (
        f"PyTorch is unavailable: {shown.torch_detail}",
        f"{again} If it was never installed, install it with python3 dev.py torch in a clone, or with pip install "
        "torch elsewhere. Until then, finite differences take its place.",
    )


_EXTRA_PARAGRAPHS: dict[str, Callable[[HelpContext], tuple[str, ...]]] = {
    "update": _update_paragraphs,
    "loss": _loss_paragraphs,
    "rule": _rule_paragraphs,
    "torch": _torch_paragraphs,
}
