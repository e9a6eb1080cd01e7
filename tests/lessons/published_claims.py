"""What the notes claim of the first lesson, of the document's experiments and of the examples in print.

Each claim is quoted from its note, with whether the numbers bear it out. ``test_published.py`` has the digits that the
notes state round by round.
"""

from decimal import Decimal
from itertools import pairwise, product
from math import isclose

from bptui.text.printed import agrees
from tests.lessons.lesson_runs import Claims, Runs, match, runs_of

RELU = ("activation_hidden", "activation_output")


def printed(runs: Runs, round_: int, name: str) -> str:
    """Return the digits printed for a quantity."""
    return next(f.printed[name] for f in runs.lesson.figures if f.round == round_ and name in f.printed)


def plain(runs: Runs) -> Runs:
    """Return a lesson's runs with half the squared error."""
    return runs.changed(1, loss="half squared error")


def sizes_of(runs: Runs) -> tuple[int, ...]:
    spec = runs.lesson.spec
    return (len(spec.inputs[0]), *spec.hidden, len(spec.targets[0]), len(spec.network.weights))


def uses_gradients_for_products(runs: Runs) -> bool:
    """Whether the sums of two gradients stand where the chain rule has sums of deltas times weights."""
    sums = (("dE_dw1", "h1", "dE_dw5 dE_dw6"), ("dE_dw2", "h2", "dE_dw7 dE_dw8"))
    return all(
        isclose(runs.at(1, name), sum(runs.row(1, two)) * (h := runs.at(1, neuron)) * (1 - h) * 0.5, rel_tol=1e-12)
        for name, neuron, two in sums
    )


def find_wrong_gradients(runs: Runs, **right: str) -> set[str]:
    """Return the weights whose gradients differ from another gradient rule's in round 1."""
    other, weights = runs.changed(1, **right), runs.of().spec.network.weights
    return {w.name for w in weights if runs.at(1, f"dE_d{w.name}") != other.at(1, f"dE_d{w.name}")}


def falls(runs: Runs, rounds: int) -> bool:
    return all(runs.at(k, "E") > runs.at(k + 1, "E") for k in range(1, rounds))


def slope(runs: Runs, round_: int, output: str) -> float:
    """Return the derivative of the loss by the output of a sigmoid."""
    return runs.at(round_, f"delta_{output}") / ((o := runs.at(round_, output)) * (1 - o))


def find_matching_relus(runs: Runs) -> list[tuple[str, ...]]:
    """Return which neurons may be ReLUs so that all values printed for round 10 match."""
    neurons, (values, *_) = runs.of().spec.network.neurons, runs.lesson.figures
    chosen = [tuple(n for n, used in zip(neurons, one, strict=True) if used) for one in product((0, 1), repeat=4)]
    found = []
    for relus in chosen:
        own = tuple((name, "relu" if name in relus else "torch.sigmoid") for name in neurons)
        other = runs.changed(10, activation_neurons=own)
        if all(agrees(digits, other.at(10, name)) for name, digits in values.printed.items()):
            found.append(relus)
    return found


def grow(runs: Runs, rounds: range) -> list[float]:
    """Return by how many per cent each weight that moves grows in each of some rounds."""
    pairs = pairwise(runs.row(k, "w1 w2 w3 w4 w5 w7") for k in (*rounds, rounds.stop))
    return [100 * (after / before - 1) for one, other in pairs for before, after in zip(one, other, strict=True)]


def above(runs: Runs, round_: int, **settings: float) -> float:
    """Return by how many per cent the loss of a round is above the lowest possible."""
    return 100 * (runs.changed(round_, **settings).at(round_, "E") / runs.lesson.spec.floor - 1)


def count_alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common before they differ."""
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))


def count_digits_alike(runs: Runs, names: str) -> list[int]:
    """Return how many significant digits of printed values are those of the recomputed ones, rounded as they are."""
    found = []
    for name in names.split():
        digits = printed(runs, 1, name)
        right = f"{runs.at(1, name):.{-int(Decimal(digits).as_tuple().exponent)}f}"
        found.append(count_alike(digits.lstrip("0."), right.lstrip("0.")))
    return found


FIRST: dict[str, Claims] = {
    "two-by-two": {
        "Two inputs, two hidden neurons, two outputs and eight weights": lambda r: sizes_of(r) == (2, 2, 2, 8),
        "All four neurons are sigmoids": lambda r: r.lesson.spec.activations == ("sigmoid", "sigmoid"),
        "the learning rate is 1.": lambda r: r.lesson.spec.step == 1,
        "Its target is −0.07": lambda r: r.lesson.spec.targets[0][1] == -0.07,
        "1/2 · 0.07² = 0.00245": lambda r: r.lesson.spec.floor == 0.07**2 / 2 and match("0.00245", [0.07**2 / 2]),
    },
}
EXPERIMENTS: dict[str, Claims] = {
    "numpy-by-hand": {
        "after 1000 rounds o1 = 0.23038 and o2 = 0.00954": lambda r: (
            [printed(r, 1000, name) for name in ("o1", "o2")] == ["0.23038", "0.00954"]
        ),
        "the gradients ∂E/∂w5 + ∂E/∂w6": uses_gradients_for_products,
        "it adds up ∂E/∂w7 + ∂E/∂w8": uses_gradients_for_products,
        "which is (δ_o1 + δ_o2)·h1": lambda r: isclose(
            sum(r.row(1, "dE_dw5 dE_dw6")), sum(r.row(1, "delta_o1 delta_o2")) * r.at(1, "h1"), rel_tol=1e-12
        ),
        "Only w1 to w4 get wrong gradients": lambda r: (
            find_wrong_gradients(r, gradient="chain rule") == {"w1", "w2", "w3", "w4"}
        ),
        "the opposite direction": lambda r: r.at(1, "dE_dw1") > 0 > r.changed(1, gradient="chain rule").at(1, "dE_dw1"),
        "With learning rate 10, h1 sinks": lambda r: (
            r.lesson.spec.step == 10 and r.at(1, "h1") > r.at(100, "h1") > r.at(1000, "h1")
        ),
        "it rises to 0.8383": lambda r: r.at(1, "h1") < 0.8383,
        "The loss still falls": lambda r: falls(r, 1000),
        "10 for the document's 10 rounds, 5 for its 100 and 1000 rounds, 1 in PyTorch": lambda r: (
            [r.lesson.spec_of(f).step for f in r.lesson.figures] == [10, 5, 5]
            and runs_of("torch-autograd").lesson.spec.step == 1
        ),
    },
    "torch-autograd": {
        "0.1108 in round 10, 0.01034 in round 100 and 0.003185 in round 1000": lambda r: match(
            "0.1108 0.01034 0.003185", [float(printed(r, k, "E")) for k in (10, 100, 1000)]
        ),
        "six of them are right": lambda r: (
            len({f"{value:.5e}" for value in (0.00318519771, 0.00318519701, 0.00318519907)}) == 1
        ),
        "round 1000 is still 30 % above it": lambda r: match("30", [above(r, 1000)]),
        "Nearly all of that gap comes from o2": lambda r: (
            ((r.at(1000, "o2") + 0.07) ** 2 - 0.07**2) / 2 > 0.999 * (r.at(1000, "E") - r.lesson.spec.floor)
        ),
        "1/2 · 0.07² = 0.00245": lambda r: match("0.00245", [r.lesson.spec.floor]),
    },
    "relu": {
        "only o2 was replaced": lambda r: find_matching_relus(r) == [("o2",)],
        "h2 is 0 from the start (its input is −0.02 and never changes)": lambda r: match(
            "-0.02 -0.02",
            [r.changed(10, activation_neurons=(), **dict.fromkeys(RELU, "relu")).at(n, "in_h2") for n in (1, 10)],
        ),
        "its derivative is 0": lambda r: r.at(3, "delta_o2") == 0,
        "Since y2 is −0.07": lambda r: r.lesson.spec.targets[0][1] == -0.07,
        "So the loss ends at 0.00245": lambda r: match("0.0024500", [r.at(1000, "E")]),
    },
    "mse-loss": {
        "the same outputs give twice the loss": lambda r: r.at(1, "E") == 2 * plain(r).at(1, "E"),
        "is 0.0049 instead of 0.00245": lambda r: match(
            "0.0049 0.00245", [r.lesson.spec.floor, plain(r).of().spec.floor]
        ),
        "every gradient doubles": lambda r: all(
            r.at(1, f"dE_dw{n}") == 2 * plain(r).at(1, f"dE_dw{n}") for n in range(1, 9)
        ),
        "this one is better in all three rounds": lambda r: all(
            r.half_squared_error(k) < runs_of("torch-autograd").at(k, "E") for k in (10, 100, 1000)
        ),
    },
    "cross-entropy": {
        "away from its target 0.23": lambda r: r.lesson.spec.targets[0][0] == 0.23,
        "it is worse than before training": lambda r: r.half_squared_error(1000) > r.half_squared_error(1),
        "one of them is negative, and their sum is 0.16": lambda r: (
            min(r.lesson.spec.targets[0]) < 0 and match("0.16", [sum(r.lesson.spec.targets[0])])
        ),
        "∂E/∂o1 = 0.16·softmax(o1) − 0.23 is negative": lambda r: all(
            isclose(slope(r, k, "o1"), 0.16 * r.at(k, "softmax_o1") - 0.23, rel_tol=1e-4) for k in (1, 10, 100)
        ),
        "∂E/∂o2 = 0.16·softmax(o2) + 0.07 is positive": lambda r: all(
            isclose(slope(r, k, "o2"), 0.16 * r.at(k, "softmax_o2") + 0.07, rel_tol=1e-4) for k in (1, 10, 100)
        ),
        "That is why it turns negative": lambda r: r.lesson.spec.floor < r.at(1000, "E") < 0,
    },
    "step-size": {
        "lowest possible loss, 0.00245": lambda r: match("0.00245", [r.lesson.spec.floor]),
        "is between 2940 and 2950": lambda r: all(
            2940 <= step * rounds <= 2950 for step, rounds in ((0.01, 294_353), (1, 2942), (5, 589), (10, 295))
        ),
        "learning rate 5 has a loss 8.9 times the lowest": lambda r: match("8.9", [1 + above(r, 10, step=5.0) / 100]),
        "in round 1000 they are still 30 % and 5.8 % above it": lambda r: match(
            "30 5.8", [above(r, 1000, step=step) for step in (1.0, 5.0)]
        ),
    },
    "random-weights": {
        "−0.3573 in round 10 to −489880 in round 100 and −9·10³² in round 500": lambda r: match(
            "-0.3573 -489880 -9e32", [float(printed(r, k, "E")) for k in (10, 100, 500)]
        ),
        "ReLU in all four neurons and learning rate 2": lambda r: (
            r.lesson.spec.activations == ("relu", "relu") and r.lesson.spec.step == 2
        ),
        "34 of the 41 printed values match to the last digit, and the other seven": lambda r: (
            sum(len(f.printed) for f in r.lesson.figures) == 41 == 34 + 7
        ),
        "printed as −0.3573056": lambda r: match("-0.3573056", [float(printed(r, 10, "E"))]),
        "o2 is 0 from the start, so they never move": lambda r: all(
            r.at(k, "o2") == r.at(k, "dE_dw6") == r.at(k, "dE_dw8") == 0 for k in range(1, 501)
        ),
        "w6 and w8 are the printed ones": lambda r: match(
            " ".join(printed(r, 500, f"new_{w}") for w in ("w6", "w8")), r.row(1, "w6 w8")
        ),
        "From round 10 on E is about −0.07·o1": lambda r: all(
            isclose(r.at(k, "E"), -0.07 * r.at(k, "o1"), rel_tol=0.005) for k in range(10, 501)
        ),
        "by up to 16 % a round at first": lambda r: match("16", [max(grow(r, range(1, 10)))]),
        "by 8.2 % from round 30 on": lambda r: all(agrees("8.2", each) for each in grow(r, range(30, 500))),
    },
    "zero-weights": {
        "the second hidden neuron adds nothing": lambda r: r.at(1000, "h1") == r.at(1000, "h2"),
        "After the first update it gets through": lambda r: all(r.at(2, f"dE_dw{n}") != 0 for n in range(1, 5)),
        "even lower than": lambda r: r.at(1000, "E") < runs_of("cross-entropy").at(1000, "E"),
    },
}
PRINT: dict[str, Claims] = {
    "mazur-2015": {
        "the 21 printed values of the first round": lambda r: len(r.lesson.figures[0].printed) == 21,
        "It does not update the biases": lambda r: r.lesson.spec.bias_update == "frozen",
        "Round 10,001 starts from the weights after 10,000 updates": lambda r: r.lesson.figures[-1].round == 10_001,
        "0.0000351085 after 10,000 updates": lambda r: match("0.0000351085", [float(printed(r, 10_001, "E"))]),
    },
    "era-sheet": {
        "with six learning rates": lambda r: len({r.lesson.spec_of(f).step for f in r.lesson.figures[2:]}) == 6,
        "This lesson has 44 of its values": lambda r: sum(len(f.printed) for f in r.lesson.figures) == 44,
        "after 67 updates": lambda r: {f.round for f in r.lesson.figures[2:]} == {68},
        "three values differ by 1 in the last digit": lambda r: all(
            abs(Decimal(printed(r, 2, name)) - Decimal(right)) == Decimal("1e-9")
            for name, right in (("o2", "0.626802249"), ("E", "0.013377916"), ("dE_dw6", "0.012626747"))
        ),
        "six digits match": lambda r: count_alike("209236521683586", "209236233509645") == 6,
    },
    "rgu-chapter-3": {
        "Here δ_o1 is +0.040681": lambda r: r.at(1, "delta_o1") > 0 > float(printed(r, 1, "delta_o1")),
        "0.0406 instead of 0.0407": lambda r: match("0.0407", [r.at(1, "delta_o1")]),
        "differ in the third or fourth digit": lambda r: (
            set(count_digits_alike(r, "new_w1 new_w2 new_w3 new_w4")) == {2, 3}
        ),
        "The target is 0.5": lambda r: r.lesson.spec.targets == ((0.5,),),
        "The network still learns": lambda r: r.at(2, "o1") < r.at(1, "o1"),
    },
    "nnwj": {
        "with learning rate 0.25": lambda r: r.lesson.spec.step == 0.25,
        "x1 is 0, so w1 and w3 do not move": lambda r: (
            r.at(1, "x1") == 0 and r.row(1, "new_w1 new_w3") == r.row(1, "w1 w3")
        ),
        "after 99 updates": lambda r: r.lesson.spec.rounds > 99,
    },
}
