"""The runs of bundled lessons, and the numbers that their notes quote."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.tables import Table
from bptui.core.training.all_samples import compute_losses
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson, Variant, load_lesson
from bptui.text.printed import agrees

# Runs that a note mentions and that are not variants: they would leave no room in the picture for the others
MORE: dict[str, dict[str, Table]] = {
    "online-or-batch": {"twice": {"training": {"step": 0.1}}},
    "momentum": {"ten times": {"training": {"step": 0.05, "optimiser": {"kind": "gradient descent"}}}},
}


@dataclass(frozen=True)
class Runs:
    """The runs of a lesson and of its variants, by the variant's name; the lesson's own is ``""``."""

    name: str
    found: dict[str, Run] = field(default_factory=dict)

    @property
    def lesson(self) -> Lesson:
        return load_lesson(self.name)

    def of(self, variant: str = "", rounds: int = 0) -> Run:
        """Return the run, with all rounds of the lesson, or with more."""
        if variant not in self.found:
            changes = {v.name: v.changes for v in self.lesson.variants} | {"": {}, **MORE.get(self.name, {})}
            self.found[variant] = Run(NumpyEngine(self.lesson.make_variant(Variant(variant, changes[variant])).spec))
        self.found[variant].train_to(max(rounds, self.found[variant].spec.rounds))
        return self.found[variant]

    def changed(self, rounds: int, **settings: Any) -> "Runs":
        """Return the lesson with other settings, trained for some rounds."""
        key = f"{rounds} {settings}"
        if key not in self.found:
            self.found[key] = Run(NumpyEngine(replace(self.lesson.spec, rounds=rounds, **settings)))
        return Runs(self.name, {"": self.found[key]})

    def at(self, round_: int, name: str, variant: str = "") -> float:
        """Return a quantity of a round, or a number that it started from."""
        run = self.of(variant, round_)
        return float({**run.given(round_), **run.values(round_)}[name])

    def row(self, round_: int, names: str, variant: str = "") -> list[float]:
        """Return several quantities of a round."""
        return [self.at(round_, name, variant) for name in names.split()]

    def outputs(self, round_: int, name: str, variant: str = "") -> list[float]:
        """Return a quantity of every sample."""
        samples = range(1, len(self.of(variant).spec.inputs) + 1)
        return [self.at(round_, f"{name}_s{sample}", variant) for sample in samples]

    def before_epoch(self, epoch: int, variant: str = "") -> int:
        """Return the round that an epoch begins with."""
        spec = self.of(variant).spec
        return (epoch - 1) * len(spec.inputs) // spec.batch_size + 1

    def loss(self, epoch: int, variant: str = "") -> float:
        """Return the loss over all samples before an epoch."""
        return float(compute_losses(self.of(variant), [self.before_epoch(epoch, variant)])[0])

    def half_squared_error(self, round_: int) -> float:
        """Return half the squared error of a round, whatever the loss is."""
        (targets,) = self.of().spec.targets
        return sum((self.at(round_, f"o{k}") - target) ** 2 for k, target in enumerate(targets, 1)) / 2


@cache
def runs_of(name: str) -> Runs:
    return Runs(name)


def first_for_good(run: Run, holds: Callable[[int], bool]) -> int:
    """Return the first round from which on something holds in all of the lesson's rounds."""
    return next((k for k in range(run.spec.rounds, 0, -1) if not holds(k)), 0) + 1


def numbers_in(text: str) -> set[str]:
    """Return the numbers of a text that have a decimal point or two digits, as they stand there."""
    found = re.findall(r"(?<![\w.^])−?\d+(?:,\d{3})*(?:\.\d+)?(?![\w.]*\w|,\d)", text)
    return {number for number in found if len(number.lstrip("−")) > 1}


Claims = dict[str, Callable[[Runs], bool]]
"""What a note claims: its words, and whether the numbers bear them out."""


def match(digits: str, values: Iterable[float]) -> bool:
    """Whether numbers, separated by spaces, are those values, to their last digits."""
    return all(agrees(one, value) for one, value in zip(digits.split(), values, strict=True))
