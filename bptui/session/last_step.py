"""The last step inside a round: what it calculated, and where in the network that took place."""

from bptui.core.formulas.backprop import Formula
from bptui.core.formulas.names import delta, describe_phase, split_sample, weighted_input
from bptui.core.formulas.network import Network
from bptui.core.quantities.parts import find_part
from bptui.core.quantities.sample_names import show_sample
from bptui.core.quantities.steps import count_steps, find_latest
from bptui.record import record
from bptui.session.session import Session


@record
class LastStep:
    """The last step taken inside a round.

    Attributes:
        phase: Its phase; empty if nothing is calculated yet.
        step: How many steps of the round are done.
        steps: How many steps the round has.
        names: The quantities it calculated, in order; of several samples those of all.
        quantities: The same, and those of the sample shown by the names that a single sample has.
        parts: The nodes and weights it passed through.
        flow: "forward" or "backward"; empty if nothing flows.
    """

    phase: str
    step: int
    steps: int
    names: tuple[str, ...]
    quantities: frozenset[str]
    parts: frozenset[str]
    flow: str

    def names_of(self, sample: int) -> list[str]:
        """Return the names that belong to the round or to a sample; all if none does, as where no sample is shown."""
        return [name for name in self.names if split_sample(name)[1] in (0, sample)] or list(self.names)


def find_last_step(session: Session) -> LastStep | None:
    """Return the last step of a session; None while its round is complete."""
    if session.formulas_done is None:
        return None
    network = session.network
    lines = find_latest(network, session.formulas_done, session.fine_steps)
    phase = lines[0].phase if lines else ""
    parts = {part for line in lines for part in _find_parts(network, line)}
    names = frozenset(show_sample(network, session.sample, {line.name: line for line in lines}))
    flow = "" if phase in ("", "update") else "forward" if phase.startswith(("forward", "loss")) else "backward"
    return LastStep(
        describe_phase(phase),
        *count_steps(network, session.formulas_done, session.fine_steps),
        tuple(line.name for line in lines),
        names,
        frozenset(parts),
        flow,
    )


def _find_parts(network: Network, line: Formula) -> list[str]:
    """Return the parts that a formula passes through: the part it belongs to, and the weights that feed it."""
    part, name = find_part(network, line.name), split_sample(line.name)[0]
    if name == weighted_input(part):
        return [part, *(w.name for w in network.weights if w.target == part)]
    if name == delta(part):
        return [part, *(w.name for w in network.weights if w.source == part)]
    return [part]
