"""The catalogue of mistakes and conventions that change a printed value.

Each row of ``CATALOGUE`` is one kind of change and lists its options for a problem. Changes made together alter
different settings, readings and steps. The gradient rules are one row here; their own rows are in ``gradient_rules``.
"""

from collections.abc import Callable, Iterable

from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import Change
from bptui.explain.catalogue.classification import list_means, list_softmax_places, list_squared_deltas
from bptui.explain.catalogue.conventions import (
    list_bias_signs,
    list_cut_digits,
    list_loss_scales,
    list_shifts,
    list_turned_signs,
)
from bptui.explain.catalogue.copying import list_orders, list_swaps
from bptui.explain.catalogue.gradients import list_kept_gradients, list_transposed
from bptui.explain.catalogue.hidden_layers import list_hidden_steps
from bptui.explain.catalogue.optimisers import list_decays, list_optimisers, list_penalties
from bptui.explain.catalogue.samples import list_batches, list_combinations
from bptui.explain.catalogue.settings import (
    list_activations,
    list_bias_updates,
    list_gradient_rules,
    list_learning_rates,
    list_losses,
    list_numberings,
    list_precisions,
    list_roundings,
    list_sigmoids,
)
from bptui.explain.catalogue.variants import (
    list_added_updates,
    list_derivatives,
    list_left_updates,
    list_missing_paths,
)
from bptui.explain.catalogue.weighted_inputs import list_left_biases, list_turned_weights
from bptui.record import record


@record
class CatalogueRow:
    """One kind of change.

    Attributes:
        kind: Its name.
        options: Lists the changes of this kind for a problem; none if it does not apply.
    """

    kind: str
    options: Callable[[Spec], Iterable[Change]]


CATALOGUE = (
    CatalogueRow("gradient rule", list_gradient_rules),
    CatalogueRow("loss", lambda spec: (*list_losses(spec), *list_loss_scales(spec))),
    CatalogueRow("softmax", lambda spec: (*list_softmax_places(spec), *list_squared_deltas(spec))),
    CatalogueRow("mean", list_means),
    CatalogueRow("biases", list_bias_updates),
    CatalogueRow("activation", list_activations),
    CatalogueRow("sigmoid", list_sigmoids),
    CatalogueRow("step", list_learning_rates),
    CatalogueRow("precision", list_precisions),
    CatalogueRow("rounding", list_roundings),
    CatalogueRow("numbering", list_numberings),
    CatalogueRow("round", list_shifts),
    CatalogueRow("digits", list_cut_digits),
    CatalogueRow("sign", list_turned_signs),
    CatalogueRow("bias sign", list_bias_signs),
    CatalogueRow("derivative", list_derivatives),
    CatalogueRow("update", lambda spec: (*list_added_updates(spec), *list_left_updates(spec))),
    CatalogueRow("path", list_missing_paths),
    CatalogueRow("hidden step", list_hidden_steps),
    CatalogueRow("swap", list_swaps),
    CatalogueRow("order", list_orders),
    CatalogueRow("over samples", list_combinations),
    CatalogueRow("batch", list_batches),
    CatalogueRow("optimiser", list_optimisers),
    CatalogueRow("decay", list_decays),
    CatalogueRow("penalty", list_penalties),
    CatalogueRow("zero", list_kept_gradients),
    CatalogueRow("transpose", list_transposed),
    CatalogueRow("left bias", list_left_biases),
    CatalogueRow("turned weights", list_turned_weights),
)
CHANGE_KINDS = (*(row.kind for row in CATALOGUE), "given", "formula", "slip")
