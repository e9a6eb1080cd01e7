"""Rounds as all samples of a problem see them.

Where each round uses other samples, its loss says how hard these samples are, not how well the network does. What is
said about a run is therefore measured over all samples, at the parameters that a round starts from.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import Floats, Rounds, Values, evaluate_forward
from bptui.core.problem.spec import Spec
from bptui.core.training.history import History


def evaluate_all_samples(spec: Spec, state: Floats, round_: Rounds) -> Values:
    """Compute the outputs and losses of a round, or of many, as if it used all samples.

    Args:
        spec: The problem.
        state: The state that the round starts from, of shape (state,) or (state, rounds).
        round_: The number of the round, or an array of shape (rounds,).

    Returns:
        The quantities up to the loss by name, in the precision of the state: scalars, or arrays of shape (rounds,).
    """
    return evaluate_forward(spec.with_all_samples(), state, round_)


def compute_losses(run: History, rounds: Sequence[int]) -> NDArray[np.floating]:
    """Compute the loss over all samples in some computed rounds of a run, in its own precision.

    Args:
        run: The run.
        rounds: The rounds.

    Returns:
        An array of shape (rounds,).
    """
    if run.spec.period == 1 or not rounds:
        return np.array([run.loss(round_) for round_ in rounds], run.next_state.dtype)
    states = np.stack([run.state(round_) for round_ in rounds], axis=1)
    losses = evaluate_all_samples(run.spec, states, np.array(rounds))["E"]
    return np.broadcast_to(losses, len(rounds))
