"""An exercise while it is typed, frozen: the fields above the cells, and every text ever typed into a cell, by its key.

Texts outlive their cells: sizes that are made smaller and larger again bring back what was there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.kinds.setting_kinds import FiniteNumber
from bptui.core.problem.layer_keys import HIDDEN_KEYS, SAME, activation_of
from bptui.core.problem.settings import find_setting
from bptui.core.problem.spec import Spec, SpecError
from bptui.core.problem.tables import Table
from bptui.exercise.cells import BIASES, INPUTS, TARGETS, WEIGHTS, Shape, add_verb, name_cells
from bptui.exercise.filling import Filling
from bptui.exercise.heading import FIELDS, check_field, find_hidden_fields, find_shape
from bptui.exercise.reading import is_list
from bptui.lessons.lesson import Lesson
from bptui.record import record

_NUMBER = FiniteNumber()
_DECIMALS = 3  # of a random weight, which is to be calculated with by hand


@record
class Draft:
    """An exercise while it is typed.

    Attributes:
        heading: The text of each field above the cells, by its name.
        shape: The sizes that these state, or stated when they last stated any.
        texts: What was typed into cells, by key.
        base: The lesson it was made from: its other settings, note and printed values are kept.
        seed: The seed of the next random weights.
    """

    heading: Mapping[str, str]
    shape: Shape
    texts: Mapping[str, str]
    base: Lesson | None = None
    seed: int = 1

    # Fields

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The keys of all fields in order: those above the cells, then the cells."""
        hidden = find_hidden_fields(self.shape)
        return (*(name for name in FIELDS if name not in hidden), *(cell.key for cell in self.shape.cells))

    def name_of(self, key: str) -> str:
        """Return the name of a field or a cell."""
        return FIELDS[key].label if key in FIELDS else self.shape.names[key]

    def text_of(self, key: str) -> str:
        """Return what is typed in a field or a cell."""
        return self.heading[key] if key in FIELDS else self.texts.get(key, "")

    def with_text(self, key: str, text: str) -> "Draft":
        """Return the draft with another text in a field or a cell."""
        if key not in FIELDS:
            return replace(self, texts={**self.texts, key: text})
        heading = {**self.heading, key: text}
        return replace(self, heading=heading, shape=find_shape(heading, self.shape))

    def with_filling(self, filling: Filling) -> "Draft":
        """Return the draft with what was pasted."""
        found = replace(self, texts={**self.texts, **filling.texts})
        return found.with_text("samples", str(filling.samples)) if filling.samples != self.shape.samples else found

    # Starts

    def with_random_weights(self) -> "Draft":
        """Return the draft with random weights from −1 to 1, each time others, and 0 for biases not yet typed."""
        start = {"kind": "uniform", "low": -1.0, "high": 1.0, "seed": self.seed}
        size = {INPUTS: [0.0] * self.shape.inputs, TARGETS: [0.0] * self.shape.outputs, "hidden": [*self.shape.hidden]}
        drawn = make_initial_parameters(Spec.from_table({"network": {**size, "init": start}}))
        by_source = replace(self.shape, numbering="by source", biased=())
        keys = [cell.key for group in by_source.groups if group.kind == WEIGHTS for cell in group.cells]
        texts = {key: f"{value:.{_DECIMALS}f}" for key, value in zip(keys, drawn.tolist(), strict=True)}
        return replace(self._start(texts), seed=self.seed + 1)

    def with_zero_weights(self) -> "Draft":
        """Return the draft with weights of 0, and 0 for biases not yet typed."""
        return self._start(dict.fromkeys(self._list_keys(WEIGHTS), "0"))

    def _start(self, weights: Mapping[str, str]) -> "Draft":
        return replace(self, texts={**self.texts, **weights, **dict.fromkeys(self._list_empty_biases(), "0")})

    def _list_empty_biases(self) -> list[str]:
        return [key for key in self._list_keys(BIASES) if not self.text_of(key).strip()]

    def describe_zero_biases(self) -> str:
        """Return that a start makes the biases 0 that are not yet typed; empty if all are."""
        empty = name_cells(self.shape, set(self._list_empty_biases()))
        return f"; {add_verb(empty)} 0" if empty else ""

    def name_group(self, kind: str) -> str:
        """Return the names of the cells of a kind, such as ``w1 to w6``."""
        return name_cells(self.shape, set(self._list_keys(kind)))

    def _list_keys(self, kind: str) -> list[str]:
        return [cell.key for group in self.shape.groups if group.kind == kind for cell in group.cells]

    # Faults

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The keys of the cells that are still to be filled."""
        return tuple(cell.key for cell in self.shape.cells if not self.text_of(cell.key).strip())

    @cached_property
    def faults(self) -> Mapping[str, str]:
        """What is wrong with fields and cells, by key; a cell that is empty has no fault.

        What is wrong elsewhere, as in a setting of the lesson that this was made from, stands under "title".
        """
        found = dict(self._list_own_faults())
        if not found.keys() & set(FIELDS):
            try:
                Spec.from_table(self._make_table())
            except SpecError as error:
                for fault in error.faults:
                    name = find_setting(fault.path)
                    key = "hidden" if name == INPUTS else name
                    found.setdefault(*(key, fault.message) if key in self.fields else ("title", str(fault)))
        return found

    def _list_own_faults(self) -> Iterator[tuple[str, str]]:
        for key in self.fields:
            text = self.text_of(key)
            if key in FIELDS:
                try:
                    check_field(key, text)
                except ValueError as fault:
                    yield key, str(fault)
            elif text.strip() and (message := find_number_fault(text)):
                yield key, message

    # The result

    @property
    def title(self) -> str:
        """The title."""
        return str(check_field("title", self.heading["title"] or "?"))

    @cached_property
    def spec(self) -> Spec | None:
        """The problem; None while anything is missing or wrong."""
        return None if self.missing or self.faults else Spec.from_table(self._make_table())

    def _make_table(self) -> Table:
        """Return the tables of a lesson file: a cell without a number is 0, a field without a value left out."""
        base: Table = self.base.spec.to_table() if self.base else {}
        shown, shape = {name: self.heading[name] for name in FIELDS if name in self.fields}, self.shape
        values = dict(_read_all(shown))
        numbers = {cell.key: read_cell(self.text_of(cell.key)) or 0.0 for cell in shape.cells}
        by_kind = {kind: [numbers[key] for key in self._list_keys(kind)] for kind in (INPUTS, TARGETS, WEIGHTS)}
        network: Table = {
            INPUTS: _make_rows(by_kind[INPUTS], shape.inputs),
            TARGETS: _make_rows(by_kind[TARGETS], shape.outputs),
            "hidden": list(shape.hidden),
            "numbering": shape.numbering,
            WEIGHTS: by_kind[WEIGHTS],
            "activation": self._make_activations(values),
        }
        if shape.biased:
            network[BIASES] = {"update": values.get("bias_update", "per neuron"), **self._make_biases(numbers)}
        decided = ("loss", "step", "rounds", "batch", "over_samples")
        training = {key: value for key, value in base.get("training", {}).items() if key not in decided}
        training |= {key: values[key] for key in decided if key in values}
        return {"network": network, "training": training}

    def _make_biases(self, numbers: Mapping[str, float]) -> dict[str, list[float]]:
        shape, found = self.shape, dict[str, list[float]]()
        for group in (group for group in shape.groups if group.kind == BIASES):
            size = len(shape.network.layers[shape.layer_keys.index(group.layer)].neurons)
            own = [numbers[cell.key] for cell in group.cells]
            found[group.layer] = own * size if shape.shared else own
        return found

    def _make_activations(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the activations of layers, and of single neurons where the base has some and the layer is as there."""
        shape, found = self.shape, dict[str, str]()
        for key in shape.layer_keys:
            name = values.get(activation_of(key))
            if name and not (key in HIDDEN_KEYS[1:] and name == SAME):
                found[key] = name
        own = dict(self.base.spec.activation_neurons) if self.base else {}
        before = self.base.spec if self.base else None
        for key, layer in zip(shape.layer_keys, shape.network.layers, strict=True):
            if before and getattr(before, activation_of(key)) == values.get(activation_of(key)):
                found |= {neuron: own[neuron] for neuron in layer.neurons if neuron in own}
        return found


def find_number_fault(text: str) -> str:
    """Return what is wrong with the text of a cell; empty if it is a number."""
    if is_list(text):
        return "enter one number; tab or enter spreads a list over the cells"
    try:
        _NUMBER.check(_NUMBER.read(text))
    except ValueError as fault:
        return f"must be {fault}"
    return ""


def read_cell(text: str) -> float | None:
    """Return the number in the text of a cell; None if it is none."""
    return None if not text.strip() or find_number_fault(text) else _NUMBER.check(_NUMBER.read(text))


def _read_all(heading: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, text in heading.items():
        try:
            yield name, check_field(name, text)
        except ValueError:
            continue


def _make_rows(numbers: list[float], columns: int) -> list[list[float]]:
    return [numbers[start : start + columns] for start in range(0, len(numbers), columns)]
