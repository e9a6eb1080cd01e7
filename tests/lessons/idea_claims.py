"""What the notes on single ideas claim in words; ``test_exercises.py`` computes each of their numbers."""

from dataclasses import fields
from math import isclose, log
from typing import Any

from bptui.core.quantities.matrix_formulas import find_matrix_form
from tests.lessons.lesson_runs import Claims, Runs, match, runs_of

SURE = "confident and wrong"
SHAPES = {
    "X (4×2) has a row for each sample": "X",
    "W1 (2×3) has a row for each input": "W1",
    "b1 (1×3) is added to every row": "b1",
    "(4×2)·(2×3) is (4×3), a row for each sample": "Z1",
    "(4×3)·(3×2) is (4×2), and so are O and Y": "O Y",
    "is (4×2), like O": "Delta2",
    "(4×2)·(2×3) is (4×3), like H1": "Delta1 H1",
    "(2×4)·(4×3) is (2×3), the shape of W1": "dE_dW1",
}


def shape(runs: Runs, name: str, variant: str = "") -> tuple[int, int] | None:
    return find_matrix_form(runs.of(variant).spec.network).shape(name)


def has_shape(words: str, names: str) -> Any:
    """Return the check that matrices have the last shape that some words name, or the only one."""
    (*_, found) = [word.strip("(),") for word in words.split() if "×" in word]
    wanted = tuple(map(int, found.rpartition("·")[2].strip("(").split("×")))
    return lambda runs: all(shape(runs, name) == wanted for name in names.split())


def differ_only(runs: Runs, variant: str, *settings: str) -> bool:
    """Whether a variant changes these settings and no others."""
    one, other = runs.of().spec, runs.of(variant).spec
    return {f.name for f in fields(one) if getattr(one, f.name) != getattr(other, f.name)} == set(settings)


def lacks_transposes(runs: Runs) -> bool:
    """Whether the three products of the backward pass do not fit without their transposes."""
    pairs = (("Delta2", "W2"), ("X", "Delta1"), ("H1", "Delta2"))
    shapes = [(shape(runs, one), shape(runs, other)) for one, other in pairs]
    return all(one is not None and other is not None and one[1] != other[0] for one, other in shapes)


def learns(runs: Runs, column: int, table: list[float]) -> bool:
    return [targets[column] for targets in runs.of().spec.targets] == table


def distances(runs: Runs, weight: str, variant: str) -> list[float]:
    """Return how far a weight is from 1 in rounds 1 to 20."""
    return [abs(runs.at(k, weight, variant) - 1) for k in range(1, 21)]


def update_v(runs: Runs, variant: str, weight: str, round_: int) -> bool:
    """Whether the sum of momentum, or RMSProp's mean, is what its formula gives."""
    spec, v, g = (
        runs.of(variant).spec,
        runs.at(round_, f"v_{weight}", variant),
        runs.at(round_, f"dE_d{weight}", variant),
    )
    right = {
        "momentum": 0.9 * v + g,
        "nesterov": 0.9 * v + g,
        "classical momentum": 0.9 * v - spec.step * g,
        "rmsprop": 0.99 * v + 0.01 * g * g,
    }[spec.optimiser]
    return isclose(runs.at(round_, f"new_v_{weight}", variant), right, rel_tol=1e-9)


def move(runs: Runs, variant: str, weight: str, round_: int) -> float:
    return runs.at(round_, f"new_{weight}", variant) - runs.at(round_, weight, variant)


def follows_nesterov(runs: Runs) -> bool:
    g, v = runs.row(3, "dE_dw2 new_v_w2", "Nesterov")
    return isclose(move(runs, "Nesterov", "w2", 3), -0.005 * (g + 0.9 * v), rel_tol=1e-9)


IDEAS: dict[str, Claims] = {
    "and-neuron": {
        "two inputs, one neuron, two weights and a bias": lambda r: len(r.of().spec.network.parameters) == 3,
        "At the start all four outputs are below 0.5": lambda r: max(r.outputs(1, "o1")) < 0.5,
        "That sample alone pulls all three numbers up": lambda r: all(
            r.at(1, f"dE_d{name}_s4") < 0 for name in ("w1", "w2", "b_o1")
        ),
        "The other three samples pull the bias down": lambda r: min(r.outputs(1, "dE_db_o1")[:3]) > 0,
        "The neuron still says no in round 42": lambda r: r.at(42, "o1_s4", SURE) < 0.5 < r.at(43, "o1_s4", SURE),
        "**OR** differs in its targets only": lambda r: differ_only(r, "OR", "targets"),
        "separates the first row from the others": lambda r: (
            [o > 0.5 for o in r.outputs(1000, "o1", "OR")] == [False, True, True, True]
        ),
    },
    "xor": {
        "The network learns the first two samples": lambda r: (
            r.outputs(1000, "o1", "w4 is −0.4")[0] < 0.1 and r.outputs(1000, "o1", "w4 is −0.4")[1] > 0.9
        ),
        "one sign is changed": lambda r: differ_only(r, "w4 is −0.4", "weights"),
        "h1 and h2 get equal gradients": lambda r: (
            r.row(1, "dE_dw1 dE_dw3 dE_dw5", "equal hidden neurons")
            == r.row(1, "dE_dw2 dE_dw4 dE_dw6", "equal hidden neurons")
        ),
        "The gradients of the hidden neurons are 0": lambda r: (
            set(r.row(1, "dE_dw1 dE_dw2 dE_dw3 dE_dw4 dE_db_h1 dE_db_h2", "zero weights")) == {0.0}
        ),
        "add up to 0": lambda r: sum(r.outputs(1, "delta_o1", "zero weights")) == 0,
        "E is still 0.2502": lambda r: r.at(1000, "E", "w4 is −0.4") > 0.2502,
    },
    "softmax": {
        "They sum to 1": lambda r: isclose(sum(r.row(1, "o1 o2 o3")), 1),
        "The target is 0, 1, 0 (one-hot)": lambda r: r.of().spec.targets == ((0, 1, 0),),
        "E = −ln(o2)": lambda r: isclose(r.at(1, "E"), -log(r.at(1, "o2"))),
        "a table of nine": lambda r: sum(name.startswith("do") for name in r.of().values(1)) == 9,
        "∂o2/∂in_o2 is o2·(1 − o2)": lambda r: isclose(r.at(1, "do2_din_o2"), r.at(1, "o2") * (1 - r.at(1, "o2"))),
        "∂o1/∂in_o2 is −o1·o2": lambda r: isclose(r.at(1, "do1_din_o2"), -r.at(1, "o1") * r.at(1, "o2")),
        "Here only ∂E/∂o2 = −1/o2": lambda r: (
            r.row(1, "dE_do1 dE_do3") == [0, 0] and isclose(r.at(1, "dE_do2"), -1 / r.at(1, "o2"))
        ),
        "leaves out the other six slopes": lambda r: (
            sum(
                name in r.of().values(1)
                for name in ("do1_din_o2", "do1_din_o3", "do2_din_o1", "do2_din_o3", "do3_din_o1", "do3_din_o2")
            )
            == 6
        ),
        "The loss still falls, to 0.0131": lambda r: all(
            r.at(k, "E", "softmax by its diagonal") > r.at(k + 1, "E", "softmax by its diagonal") for k in range(1, 100)
        ),
        "So the deltas are still output minus target": lambda r: all(
            isclose(r.at(1, f"delta_o{k}", "a target between the classes"), r.at(1, f"o{k}") - target)
            for k, target in enumerate((0.2, 0.7, 0.1), 1)
        ),
    },
    "softmax-twice": {
        "The network and its start are those of lesson `softmax`": lambda r: (
            r.of().spec.weights == runs_of("softmax").of().spec.weights
            and r.row(1, "o1 o2 o3") == runs_of("softmax").row(1, "o1 o2 o3")
        ),
        "because the first softmax is flat there": lambda r: (
            r.at(1, "do2_din_o2", f"{SURE}: twice") < 0.1 * r.at(1, "do2_din_o2")
        ),
    },
    "matrix-form": {
        "all three products of the backward pass fail without their transpose": lacks_transposes,
        "o1 learns OR, o2 learns AND": lambda r: learns(r, 0, [0, 1, 1, 1]) and learns(r, 1, [0, 0, 0, 1]),
        "δ_o1·w7 + δ_o2·w8 for h1": lambda r: isclose(
            r.at(1, "delta_h1_s4"),
            (r.at(1, "delta_o1_s4") * r.at(1, "w7") + r.at(1, "delta_o2_s4") * r.at(1, "w8"))
            * r.at(1, "h1_s4")
            * (1 - r.at(1, "h1_s4")),
        ),
        "W1 is now (3×2)": lambda r: shape(r, "W1", "a row per neuron") == (3, 2),
        "the old w2 is the new w3": lambda r: r.at(5, "w2") == r.at(5, "w3", "a row per neuron"),
        "samples are columns": lambda r: shape(r, "Z1", "a row per neuron") == (3, 4),
        **{words: has_shape(words, names) for words, names in SHAPES.items()},
    },
    "deep": {
        "Three hidden layers of two neurons each, all sigmoids, and one sample": lambda r: (
            r.of().spec.hidden == (2, 2, 2)
            and set(r.of().spec.activations) == {"sigmoid"}
            and len(r.of().spec.inputs) == 1
        ),
        "the target is 0.9": lambda r: r.of().spec.targets == ((0.9,),),
        "The last layer has done most of the learning": lambda r: (
            min(abs(r.at(1001, w) - r.at(1, w)) for w in ("w13", "w14"))
            > max(abs(r.at(1001, f"w{n}") - r.at(1, f"w{n}")) for n in range(1, 13))
        ),
        "with slope 1 at 0": lambda r: r.of("Xavier and tanh").spec.activation_hidden == "tanh",
        "instead of round 155": lambda r: differ_only(r, "ReLU", "activation_hidden"),
    },
    "online-or-batch": {
        "all have 200 epochs": lambda r: all(
            r.of(v).spec.rounds * r.of(v).spec.batch_size == 4 * 200 for v in ("", *(x.name for x in r.lesson.variants))
        ),
        "The mean over four samples is a quarter of the sum": lambda r: (
            r.at(1, "dE_dw1", "mean of all") == r.at(1, "dE_dw1") / 4
        ),
        "An epoch makes four updates": lambda r: r.before_epoch(2, "one at a time") == 5,
        "to four digits": lambda r: all(
            isclose(r.at(793, w, "one at a time"), r.at(797, w, "one at a time"), rel_tol=1e-4) for w in ("w1", "b_o1")
        ),
    },
    "momentum": {
        "w2 has no part in the first sample, and w1 none in the second": lambda r: (
            r.row(5, "dE_dw2_s1 dE_dw1_s2") == [0, 0]
        ),
        "½·(w1 − 1)² + ½·(10·w2 − 10)²": lambda r: isclose(
            r.at(4, "E"), (r.at(4, "w1") - 1) ** 2 / 2 + (10 * r.at(4, "w2") - 10) ** 2 / 2
        ),
        "the slope in w2 is a hundred times the slope in w1": lambda r: r.at(1, "dE_dw2") == 100 * r.at(1, "dE_dw1"),
        "So w2 arrives after a few rounds, and w1 creeps": lambda r: (
            distances(r, "w2", "plain descent")[9] < 0.01 and distances(r, "w1", "plain descent")[9] > 0.9
        ),
        "v = 0.9·v + ∂E/∂w": lambda r: update_v(r, "", "w2", 3),
        "and subtracts η·v from the weight": lambda r: isclose(move(r, "", "w2", 3), -0.005 * r.at(3, "new_v_w2")),
        "subtracts η·(∂E/∂w + 0.9·v) with the new v": follows_nesterov,
        "v = 0.9·v − η·∂E/∂w, and the new weight is w + v": lambda r: (
            update_v(r, "classical momentum", "w2", 3)
            and isclose(move(r, "classical momentum", "w2", 3), r.at(3, "new_v_w2", "classical momentum"), rel_tol=1e-9)
        ),
        "the sum grows to as much as ten times": lambda r: match("10", [sum(0.9**k for k in range(400))]),
    },
    "adam": {
        "the network of lesson `two-by-two`": lambda r: (
            r.of().spec.weights == runs_of("two-by-two").of().spec.weights and runs_of("two-by-two").of().spec.step == 1
        ),
        "m is a tenth of the gradient, v a thousandth of its square": lambda r: (
            isclose(r.at(1, "new_m_w1"), r.at(1, "dE_dw1") / 10)
            and isclose(r.at(1, "new_v_w1"), r.at(1, "dE_dw1") ** 2 / 1000)
        ),
        "v = 0.99·v + 0.01·(∂E/∂w)²": lambda r: update_v(r, "RMSProp", "w1", 3),
        "In round 1 v is a hundredth of the gradient's square": lambda r: isclose(
            r.at(1, "new_v_w1", "RMSProp"), r.at(1, "dE_dw1") ** 2 / 100
        ),
        "In round 1000 Adam is ahead": lambda r: r.at(1000, "E") < r.at(1000, "E", "RMSProp"),
        "It is faster with a larger one": lambda r: all(
            r.at(k, "E", "plain descent, learning rate 1") < r.at(k, "E", "plain descent") for k in (10, 100, 1000)
        ),
    },
}
