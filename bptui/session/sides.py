"""Whether an output is on its target's side of the boundary at each sample: as data, and in one sentence.

There are sides only where the targets of an output take exactly two values; elsewhere nothing is said of a boundary.
"""

from math import isnan

from bptui.core.engines.engine import Floats
from bptui.core.problem.spec import Spec
from bptui.core.quantities.input_plane import TargetPair, evaluate_at_samples, find_target_pairs, list_compared
from bptui.derive.notations import format_label
from bptui.record import record
from bptui.text.numbers import format_significant
from bptui.text.words import join_words

_ALL_DIGITS = 17


@record
class OutputSides:
    """An output at all samples, at the parameters that a round starts from.

    Attributes:
        name: The quantity that is compared with the targets: the output, or its softmax.
        values: Its value at each sample.
        targets: Its target at each sample.
        pair: The two values of the targets; None if they are not exactly two.
    """

    name: str
    values: tuple[float, ...]
    targets: tuple[float, ...]
    pair: TargetPair | None

    @property
    def wrong(self) -> tuple[int, ...]:
        """The numbers of the samples, from 1, at which the value is not on its target's side; none without sides."""
        if self.pair is None:
            return ()
        level, places = self.pair.boundary, enumerate(zip(self.values, self.targets, strict=True), 1)
        return tuple(n for n, (o, y) in places if not (o > level if y > level else o < level))


def find_sides(spec: Spec, state: Floats) -> tuple[OutputSides, ...]:
    """Return every output of a problem with two inputs at all samples.

    Args:
        spec: The problem.
        state: The state that a round starts from, of shape (state,).
    """
    found, pairs = evaluate_at_samples(spec, state), find_target_pairs(spec)
    columns = zip(list_compared(spec.network), zip(*spec.targets, strict=True), pairs, strict=True)
    return tuple(OutputSides(name, tuple(map(float, found[name])), targets, pair) for name, targets, pair in columns)


def describe_sides(sides: OutputSides, digits: int) -> tuple[str, ...]:
    """Return what there is to say of an output at the samples, in full and then in ever fewer words.

    Args:
        sides: The output.
        digits: Significant digits of the numbers; a value so near to the boundary that these would hide on which side
            it is has more.
    """
    name, count = format_label(sides.name), len(sides.values)
    if sides.pair is None:
        return _describe_without_sides(sides, name, digits)
    side, wrong = f"{name} is on the target's side of {format_significant(sides.pair.boundary, digits)}", sides.wrong
    if not wrong:
        return (f"{side} for {f'all {count}' if count > 2 else 'both'} samples",)
    right = f"{side} for {count - len(wrong) or 'none'} of {count} samples"
    numbers, word = [*map(str, wrong)], "sample" if len(wrong) == 1 else "samples"
    told = [f"{n} ({name} = {_format_apart(sides, n, digits)}, target {_write(sides.targets[n - 1])})" for n in wrong]
    few, named = join_words([told[0], *numbers[1:]]), join_words(numbers)
    return (*(f"{right}; not for {word} {which}" for which in (join_words(told), few, named)), right)


def _describe_without_sides(sides: OutputSides, name: str, digits: int) -> tuple[str, ...]:
    targets = sorted(set(sides.targets))
    if len(sides.values) == 1:
        value, target = format_significant(sides.values[0], digits), _write(sides.targets[0])
        said = f"{name} = {value} at the sample, target {target}"
        return (f"{said}; a single sample has no boundary", said)
    if len(targets) == 2:  # of a softmax
        why = "the targets of a sample do not add up to 1"
    else:
        why = (
            f"its targets take {len(targets)} values"
            if len(targets) > 1
            else f"its target is always {_write(targets[0])}"
        )
    return (
        f"{name} has no boundary here, because {why}; the picture only shows its value",
        f"{name} has no boundary: {why}",
    )


def _format_apart(sides: OutputSides, sample: int, digits: int) -> str:
    """Return a value with so many digits, or with those it takes to see on which side of the boundary it is."""
    value = sides.values[sample - 1]
    assert sides.pair is not None
    for count in range(digits, _ALL_DIGITS + 1):
        text = format_significant(value, count)
        if isnan(value) or _compare(float(text), sides.pair.boundary) == _compare(value, sides.pair.boundary):
            return text
    return format_significant(value, _ALL_DIGITS)


def _compare(one: float, other: float) -> int:
    return (one > other) - (one < other)


def _write(target: float) -> str:
    return format_significant(target, _ALL_DIGITS)
