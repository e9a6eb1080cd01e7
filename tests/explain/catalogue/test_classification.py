"""Changes of softmax and cross entropies: what is offered for which outputs and losses, and what it means."""

from dataclasses import replace

import pytest

from bptui.core.engines.engine import make_engine
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import apply_changes
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.classification import list_means, list_softmax_places, list_squared_deltas
from bptui.explain.catalogue.settings import list_activations, list_losses
from bptui.explain.search.evidence import Evidence
from tests.strategies import problem

CATEGORICAL, LOGITS = "categorical cross entropy", "cross entropy"


def of(activation: str, loss: str, outputs: int = 3) -> Spec:
    return problem((2, 2, outputs), activation, loss)


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        (of("softmax", CATEGORICAL), ["softmax applied twice", "softmax in the loss"]),
        (of("softmax", LOGITS), ["softmax applied once", "softmax applied once, in the loss"]),
        (of("identity", LOGITS), ["softmax applied twice", "softmax in the outputs"]),
        (of("sigmoid", LOGITS), ["softmax applied twice"]),
        (of("softmax", "half squared error"), []),
        (of("sigmoid", "binary cross entropy"), []),
        (of("softmax", CATEGORICAL, 1), []),
    ],
)
def test_softmax_may_stand_in_its_other_place_in_both_or_in_one(spec: Spec, names: list[str]) -> None:
    assert [change.name for change in list_softmax_places(spec)] == names


@pytest.mark.parametrize("spec", [of("softmax", CATEGORICAL), of("identity", LOGITS)])
def test_only_the_same_loss_in_other_words_is_a_convention(spec: Spec) -> None:
    """With it all deltas, gradients and the loss are the same, and the outputs are others."""
    start = make_initial_parameters(spec)
    mine = make_engine("numpy", spec).evaluate(start, 1)
    for change in list_softmax_places(spec):
        theirs = make_engine("numpy", apply_changes(spec, [change])).evaluate(start, 1)
        same = [f"dE_d{w.name}" for w in spec.network.weights] + ["E", "delta_o1", "delta_h1"]
        is_same = all(mine[name] == pytest.approx(theirs[name], rel=1e-12) for name in same)
        assert (is_same == change.convention and mine["o1"] != theirs["o1"]) or not change.convention


def test_no_other_row_offers_the_same_under_another_name() -> None:
    for spec in (of("softmax", CATEGORICAL), of("softmax", LOGITS), of("identity", LOGITS), of("sigmoid", LOGITS)):
        own = [apply_changes(spec, [change]) for change in list_softmax_places(spec)]
        assert not [
            c.name for row in (list_losses, list_activations) for c in row(spec) if apply_changes(spec, [c]) in own
        ]


def test_a_mean_is_offered_for_cross_entropies_of_several_outputs_and_is_usual_for_the_binary_one() -> None:
    for loss, convention in ((CATEGORICAL, False), (LOGITS, False), ("binary cross entropy", True)):
        (change,) = list_means(of("softmax", loss))
        assert change.convention == convention and {"E", "dE_do1"} <= dict(change.edits).keys()
        assert not list(list_means(of("softmax", loss, 1)))
    assert not list(list_means(of("softmax", "squared error")))
    assert not list(list_means(replace(of("softmax", CATEGORICAL), rounding="4 digits")))


def test_the_deltas_of_sigmoids_are_offered_for_softmax_with_a_cross_entropy_alone() -> None:
    for loss in (CATEGORICAL, LOGITS):
        spec = of("softmax", loss)
        (change,) = list_squared_deltas(spec)
        values = Evidence([Figure(spec, 1, "E", "0.1")], TorchValues()).values_in_round(1, (change,))
        for k, y in enumerate(spec.targets[0], 1):
            o = values[f"o{k}"]
            assert values[f"delta_o{k}"] == pytest.approx((o - y) * o * (1.0 - o), rel=1e-12)
    for other in (of("sigmoid", LOGITS), of("identity", LOGITS), of("softmax", "half squared error")):
        assert not list(list_squared_deltas(other))
    assert not list(list_squared_deltas(replace(of("softmax", CATEGORICAL), rounding="4 digits")))
