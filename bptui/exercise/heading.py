"""The fields above an exercise's cells: its title, its sizes, and the settings that a hand calculation names.

Each is checked as typed by the kind that checks it in a lesson file.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.problem.kinds.setting_kinds import Choice, Kind, LayerSizes, WholeNumber
from bptui.core.problem.layer_keys import HIDDEN_KEYS, OUTPUT, SAME, activation_of
from bptui.core.problem.settings import MOST, MOST_SAMPLES
from bptui.core.problem.spec import list_settings
from bptui.exercise.cells import Shape
from bptui.lessons.training import OWN_TITLE
from bptui.text.words import make_one_line

LONGEST_TITLE = 200  # characters of one that is typed
BIAS_LAYERS = ("none", "all layers", "hidden layers", "outputs")


class _TitleKind:
    """A title: one line that says something."""

    @staticmethod
    def check(value: object) -> str:
        title = make_one_line(str(value))
        if not title:
            raise ValueError("a title")
        return title

    read = show = staticmethod(str)


class HeadField(NamedTuple):
    """A field above the cells.

    Attributes:
        name: Its key: for a setting of ``Spec``, the setting's name.
        label: The word before it.
        kind: What it takes.
        needs: What to enter where it is empty.
        about: What it is.
        start: Its text in an empty exercise.
    """

    name: str
    label: str
    kind: Kind
    needs: str
    about: str
    start: str

    @property
    def options(self) -> tuple[str, ...]:
        """What there is to choose from; nothing where a text is typed."""
        return self.kind.names if isinstance(self.kind, Choice) else ()


_AS_FIRST = "as the first hidden layer"


def _of_setting(name: str, label: str, needs: str = "", start: str = "", about: str = "") -> HeadField:
    item = next(item for item in list_settings() if item.name == name)
    kind = item.metadata["kind"]
    if isinstance(kind, Choice) and name in map(activation_of, HIDDEN_KEYS):  # softmax is for outputs
        kind = Choice.of({one: row for one, row in ACTIVATIONS.items() if row.of_layer is None})
        kind = kind if name == activation_of(HIDDEN_KEYS[0]) else Choice((SAME, *kind.names), (_AS_FIRST, *kind.about))
    return HeadField(name, label, kind, needs, about or item.metadata["about"], start or kind.show(item.default))


_ABOUT_BIASES = (
    "no neuron has a bias",
    "every neuron has a bias",
    "only the hidden neurons have a bias",
    "only the outputs have a bias",
)
_FIELDS = (
    HeadField("title", "title", _TitleKind(), "a title", "the name of the exercise", OWN_TITLE),
    HeadField("inputs", "inputs", WholeNumber(1, MOST), f"1 to {MOST}", "number of inputs: x1, x2, …", "2"),
    HeadField(
        "hidden",
        "hidden",
        LayerSizes(MOST, len(HIDDEN_KEYS)),
        f"1 to {MOST}, or 0 for no hidden layer",
        "number of hidden neurons; with several layers, one number per layer: 3, 2",
        "2",
    ),
    HeadField("outputs", "outputs", WholeNumber(1, MOST), f"1 to {MOST}", "number of outputs: o1, o2, …", "1"),
    HeadField("samples", "samples", WholeNumber(1, MOST_SAMPLES), f"1 to {MOST_SAMPLES}", "number of samples", "1"),
    _of_setting("numbering", "numbering"),
    HeadField(
        "biases", "biases", Choice(BIAS_LAYERS, _ABOUT_BIASES), "a choice", "which neurons have a bias", BIAS_LAYERS[0]
    ),
    _of_setting("bias_update", "bias update"),
    _of_setting("activation_hidden", "hidden activation"),
    _of_setting("activation_hidden2", "hidden 2"),
    _of_setting("activation_hidden3", "hidden 3"),
    _of_setting("activation_hidden4", "hidden 4"),
    _of_setting("activation_output", "output activation"),
    _of_setting("loss", "loss"),
    _of_setting("step", "learning rate η", "a number above 0", "0.5", "the learning rate η, also called step size"),
    _of_setting("batch", "a round uses", "all, one at a time, or a number", about="the samples that a round uses"),
    _of_setting("over_samples", "over samples"),
    _of_setting("rounds", "rounds", "a whole number"),
)
FIELDS = {field.name: field for field in _FIELDS}


def find_hidden_fields(shape: Shape) -> set[str]:
    """Return the names of the fields that mean nothing at some sizes."""
    found = {activation_of(key) for key in HIDDEN_KEYS[len(shape.hidden) :]}
    found |= {"batch", "over_samples"} if shape.samples == 1 else set()
    return found | (set() if shape.biased else {"bias_update"})


def check_field(name: str, text: str) -> Any:
    """Return the value of a field.

    Raises:
        ValueError: If it has none; the message says what to enter.
    """
    field = FIELDS[name]
    if not text.strip():
        raise ValueError(f"enter {field.needs}")
    if name == "biases" and text not in BIAS_LAYERS:
        return tuple(key.strip() for key in text.split(","))
    try:
        return field.kind.check(field.kind.read(text))
    except ValueError as fault:
        raise ValueError(f"must be {fault}") from fault


def find_shape(heading: Mapping[str, str], before: Shape) -> Shape:
    """Return the sizes that the fields state; where one states none, as before."""

    def read(name: str, otherwise: Any) -> Any:
        try:
            return check_field(name, heading[name])
        except ValueError:
            return otherwise

    found = Shape(
        read("inputs", before.inputs),
        read("hidden", before.hidden),
        read("outputs", before.outputs),
        read("samples", before.samples),
        read("numbering", before.numbering),
    )
    layers, update = read("biases", ()), read("bias_update", "")
    return Shape(
        *(found.inputs, found.hidden, found.outputs, found.samples, found.numbering),
        biased=tuple(key for key in found.layer_keys if _has_biases(key, layers)),
        shared=update == "shared",
    )


def _has_biases(key: str, layers: str | tuple[str, ...]) -> bool:
    """Whether the layer of a key has biases, by one of ``BIAS_LAYERS`` or by the keys of those that have."""
    if isinstance(layers, tuple):
        return key in layers
    return {BIAS_LAYERS[0]: False, BIAS_LAYERS[2]: key != OUTPUT, BIAS_LAYERS[3]: key == OUTPUT}.get(layers, True)


def choose_bias_layers(biased: tuple[str, ...], keys: tuple[str, ...]) -> str:
    """Return the text of the field for biases: one of ``BIAS_LAYERS``, or the keys of the layers that have some."""
    by_layers = {(): BIAS_LAYERS[0], keys[:-1]: BIAS_LAYERS[2], keys[-1:]: BIAS_LAYERS[3], keys: BIAS_LAYERS[1]}
    return by_layers.get(biased) or (BIAS_LAYERS[0] if not biased else ", ".join(biased))
