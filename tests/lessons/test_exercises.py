"""The exercises: every number that their notes state is computed here, and none of them is left out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import exp, inf
from typing import Any

import pytest

from bptui.core.training.run import Run
from bptui.lessons.lesson import load_lesson
from bptui.text.numbers import write_minus
from bptui.text.printed import agrees
from tests.lessons.lesson_runs import Runs, first_for_good, numbers_in, runs_of

Stated = Iterator[tuple[str, float]]  # digits of a note, and what is computed for them


def all_right(run: Run) -> Callable[[int], bool]:
    """Whether in a round every output is on its target's side of a half."""
    targets = [target for (target,) in run.spec.targets]

    def holds(round_: int) -> bool:
        values = run.values(round_)
        return all((values[f"o1_s{s}"] > 0.5) == (target > 0.5) for s, target in enumerate(targets, 1))

    return holds


def pair(printed: str, computed: Iterable[float]) -> Stated:
    """Numbers with what is computed for each."""
    return zip(printed.split(), computed, strict=True)


def list_and_neuron(runs: Runs) -> Stated:
    sure, entropy = "confident and wrong", "confident and wrong: binary cross entropy"
    yield "0.4013", runs.at(1, "o1_s4")
    yield "-0.1438", runs.at(1, "delta_o1_s4")
    yield "0.1299", runs.at(1, "dE_db_o1")
    yield "0.3948", runs.at(2, "o1_s4")
    yield from pair("0.4069 0.2767 0.0636 0.005278", [runs.at(k, "E") for k in (1, 10, 100, 1000)])
    yield from pair("5.480 5.480 -8.313", [runs.at(1000, name) for name in ("w1", "w2", "b_o1")])
    yield "1.517", -runs.at(1000, "b_o1") / runs.at(1000, "w1")
    yield "0.0180", (o1 := runs.at(1, "o1_s4", sure))
    yield "-0.0173", runs.at(1, "delta_o1_s4", sure)
    yield "0.0177", o1 * (1 - o1)
    yield "-0.9820", runs.at(1, "delta_o1_s4", entropy)
    yield "-0.9820", runs.at(1, "o1_s4", entropy) - 1
    yield "0.002686", runs.at(1000, "E", "OR")
    yield from pair("6.18 6.18 -2.845", [runs.at(1000, name, "OR") for name in ("w1", "w2", "b_o1")])
    yield from pair("0.460 0.460", [-runs.at(1000, "b_o1", "OR") / runs.at(1000, w, "OR") for w in ("w1", "w2")])
    rights = [first_for_good(run, all_right(run)) for run in map(runs.of, ("", sure, entropy, "OR"))]
    yield from pair("12 42 4 13", (rights[0], rights[1] - 1, *rights[2:]))


def list_xor(runs: Runs) -> Stated:
    stuck, twins = "w4 is −0.4", "equal hidden neurons"
    yield from pair("0.5 0.5 0.5 0.5", runs.outputs(1000, "o1", "one neuron"))
    yield "0.5", runs.at(1000, "E", "one neuron")
    yield from pair("0.4963 0.4305 0.2727 0.0272 0.001702", [runs.at(k, "E") for k in (1, 50, 100, 200, 1000)])
    run = runs.of()
    yield "98", first_for_good(run, all_right(run))
    yield "309", first_for_good(run, lambda k: run.loss(k) < 0.01)
    yield from pair("0.064 0.969 0.969 1.000", runs.outputs(1000, "h1"))
    yield from pair("0.002 0.094 0.094 0.877", runs.outputs(1000, "h2"))
    yield from pair("0.4995 0.5025", runs.outputs(1000, "o1", stuck)[2:])
    yield from pair("0.2524 0.2502", (runs.at(1000, "E", stuck), runs.at(10_000, "E", stuck)))
    yield from pair("0.044 0.665 0.665 0.669", runs.outputs(1000, "o1", twins))
    yield "0.3370", runs.at(1000, "E", twins)
    yield from pair("0.125 -0.125 -0.125 0.125", runs.outputs(1, "delta_o1", "zero weights"))


def list_online_or_batch(runs: Runs) -> Stated:
    one, slow = "one at a time", "one at a time, learning rate 0.005"
    mean, fast = "mean of all", "mean of all, learning rate 0.2"
    for printed, variant in (
        ("7.2375 0.9123 0.9000", ""),
        ("1.0421 1.0475 0.9971", "two at a time"),
        ("0.9119 0.9329 0.9355", one),
    ):
        yield from pair(printed, [runs.loss(epoch, variant) for epoch in (2, 11, 200)])
    yield from pair(
        "2 3 5 11 21 41 200 399 797",
        [runs.before_epoch(epoch, variant) for epoch in (2, 11, 200) for variant in ("", "two at a time", one)],
    )
    yield from pair("200 400 800", [runs.of(variant).spec.rounds for variant in ("", "two at a time", one)])
    yield from pair("-29 -10 -1 -1", [runs.at(1, name, v) for v in ("", one) for name in ("dE_dw1", "dE_db_o1")])
    for epoch in (199, 200):
        yield from pair("0.9095 0.2790", [runs.at(runs.before_epoch(epoch, one), name, one) for name in ("w1", "b_o1")])
    yield from pair("10.8910 0.9044", (runs.loss(2, slow), runs.loss(200, slow)))
    yield "-7.25", runs.at(1, "dE_dw1", mean)
    yield from pair("1.45 0.475", [runs.at(k, "w1") for k in (2, 3)])
    yield from pair("1.45 0.475", [runs.at(k, "w1", fast) for k in (2, 3)])
    yield from pair("15 78.05 423.33", [runs.at(k, "E", "twice") for k in (1, 2, 3)])
    steps = [runs.of(variant).spec.step for variant in ("", slow, fast, "twice")]
    yield from pair("0.05 0.005 0.2 0.1", steps)


def list_momentum(runs: Runs) -> Stated:
    plain, nesterov, far = "plain descent", "Nesterov", "ten times"
    yield from pair("0.3912 0.9180", [runs.at(k, "w1", plain) for k in (100, 500)])
    yield "0.05", runs.of(far).spec.step
    yield from pair("50.5 800.5 12,800.4", [runs.at(k, "E", far) for k in (1, 2, 3)])
    yield from pair("0.5 0.995", [(runs.at(6, w, plain) - 1) / (runs.at(5, w, plain) - 1) for w in ("w2", "w1")])
    yield "-4", (runs.at(6, "w2", far) - 1) / (runs.at(5, "w2", far) - 1)
    yield from pair("-1 -1.895 -2.691", [runs.at(k, "new_v_w1") for k in (1, 2, 3)])
    yield from pair("-140 -106", [runs.at(k, "new_v_w2") for k in (2, 3)])
    yield from pair("1.73 2.486 27.12", (runs.at(4, "w2"), runs.at(3, "E"), runs.at(4, "E")))
    yield from pair("1.0925 1.00000", (runs.at(20, "w2"), runs.at(20, "w2", plain)))
    for printed, variant in (
        ("1.266 0.4133 0.1853 392", plain),
        ("27.12 0.5597 0.0000579 82", ""),
        ("8.657 0.1228 0.00000972 36", nesterov),
    ):
        run = runs.of(variant)
        small = first_for_good(run, lambda k, run=run: run.loss(k) < 0.01)  # type: ignore[misc]
        yield from pair(printed, [*(runs.at(k, "E", variant) for k in (4, 20, 100)), small])
    every = range(1, 501)
    yield from pair("1.405 1.842", [max(runs.at(k, "w2", variant) for k in every) for variant in (nesterov, "")])
    yield from pair("0.005 -1", [runs.at(1, "new_v_w1", variant) for variant in ("classical momentum", "")])
    yield from pair("0.9 10", (runs.of().spec.momentum, 1 / (1 - runs.of().spec.momentum)))


def list_adam(runs: Runs) -> Stated:
    plain, larger, rms = "plain descent", "plain descent, learning rate 1", "RMSProp"
    yield from pair("-0.00842148 -0.00842148", (runs.at(1, "m_hat_w1"), runs.at(1, "dE_dw1")))
    yield from pair("0.0000709213 0.0000709213", (runs.at(1, "v_hat_w1"), runs.at(1, "dE_dw1") ** 2))
    for name, printed in (("w1", "0.2 0.3000"), ("w2", "-0.4 -0.5000"), ("w6", "-0.5 -0.6000")):
        yield from pair(printed, (runs.at(1, name), runs.at(1, f"new_{name}")))
    yield "0.29999988", runs.at(1, "new_w1")
    yield "16.6", -runs.at(1, "dE_dw6") / runs.at(1, "dE_dw3")
    yield from pair("0.0084 0.0005", [abs(runs.at(1, f"new_{w}", plain) - runs.at(1, w)) for w in ("w6", "w3")])
    for printed, variant in (
        ("0.0569 0.003513 0.002485", ""),
        ("0.1966 0.1055 0.01034", plain),
        ("0.1108 0.01034 0.003185", larger),
        ("0.0075 0.002819 0.002578", rms),
    ):
        yield from pair(printed, [runs.at(k, "E", variant) for k in (10, 100, 1000)])
    yield from pair("0.2 1.2000", (runs.at(1, "w1", rms), runs.at(1, "new_w1", rms)))
    yield from pair("0.0473 0.1849", (runs.at(2, "E", rms), runs.at(2, "E")))
    yield "0.00245", runs.of().spec.floor
    yield "-0.07", runs.of().spec.targets[0][1]
    yield "0.1", runs.of().spec.step


def find_sizes(runs: Runs, variant: str = "") -> list[float]:
    """The mean size of a gradient of the weights into each layer, in round 1."""
    gaps = runs.of(variant).spec.network.gaps
    return [sum(abs(runs.at(1, f"dE_d{w.name}", variant)) for w in gap) / len(gap) for gap in gaps]


def list_deep(runs: Runs) -> Stated:
    network, sizes = runs.of().spec.network, find_sizes(runs)
    slopes = [(h := runs.at(1, neuron)) * (1 - h) for neuron in network.neurons]
    yield from pair("0.25 0.214 0.250", (0.25, min(slopes), max(slopes)))
    yield "0.9", max(abs(runs.at(1, w.name)) for w in network.weights)
    deltas = ("delta_o1", "delta_h3_1", "delta_h2_1", "delta_h1_1")
    yield from pair("-0.0805 -0.0155 -0.0028 -0.00053", [runs.at(1, name) for name in deltas])
    yield from pair("0.0500 0.0083 0.0011 0.00012", sizes[::-1])
    yield "0.24", 100 * sizes[0] / sizes[-1]
    yield from pair("0.571 0.899", [runs.at(k, "o1") for k in (1, 1000)])
    moved = {w.name: abs(runs.at(1001, w.name) - runs.at(1, w.name)) for w in network.weights}
    yield from pair("1.51 1.12", (moved["w13"], moved["w14"]))
    relu = find_sizes(runs, "ReLU")
    yield from pair("0.0109 0.0116", (relu[-1], relu[0]))
    runs_below = [next(k for k in range(1, 1001) if runs.at(k, "E", variant) < 0.001) for variant in ("ReLU", "")]
    yield from pair("47 155", runs_below)
    for printed, variant in (("0.66", "Xavier"), ("25", "Xavier and tanh")):
        sizes = find_sizes(runs, variant)
        yield printed, 100 * sizes[0] / sizes[-1]


def list_matrix_form(runs: Runs) -> Stated:
    yield "-0.030409", runs.at(1, "dE_dw1")
    yield from pair("-0.021354 -0.009055", runs.outputs(1, "dE_dw1")[2:])
    yield from pair("1.1339 0.2835", (runs.at(1, "E"), runs.at(1, "E", "the mean")))


def list_softmax(runs: Runs) -> Stated:
    logits, squared, between, diagonal = (
        "cross entropy of logits",
        "half squared error",
        "a target between the classes",
        "softmax by its diagonal",
    )
    outputs, inputs = ("o1", "o2", "o3"), ("in_o1", "in_o2", "in_o3")
    yield from pair("0.2824 -0.1008 0.3271", [runs.at(1, name) for name in inputs])
    yield from pair("0.2824 -0.1008 0.3271", [runs.at(1, name, logits) for name in outputs])
    yield from pair("0.3667 0.2499 0.3834", [runs.at(1, name) for name in outputs])
    yield from pair("1.3865 0.2275 0.0091 0.9909", [*(runs.at(k, "E") for k in (1, 10, 100)), runs.at(100, "o2")])
    yield from pair("0.1875 -0.0916 -4.0008", [runs.at(1, n) for n in ("do2_din_o2", "do1_din_o2", "dE_do2")])
    for variant in ("", logits):
        yield from pair("0.3667 -0.7501 0.3834", [runs.at(1, f"delta_{name}", variant) for name in outputs])
    yield "-0.2110", runs.at(1, "delta_o2", squared)
    yield from pair("0.4833 0.7965", (runs.at(10, "o2", squared), runs.at(10, "o2")))
    yield from pair("0.2 0.7 0.1", runs.of(between).spec.targets[0])
    yield "-0.4501", runs.at(1, "delta_o2", between)
    yield from pair("0.1998 0.6999 0.1002", [runs.at(100, name, between) for name in outputs])
    yield from pair("0.8018 0.8018", (runs.at(100, "E", between), runs.of(between).spec.floor))
    yield from pair("-0.7501 0.0131", (runs.at(1, "delta_o2", diagonal), runs.at(100, "E", diagonal)))


def list_softmax_twice(runs: Runs) -> Stated:
    once, twice, sure = "once, in the outputs", "confident and wrong: twice", "confident and wrong: once"
    outputs = ("o1", "o2", "o3")
    yield from pair("0.3667 0.2499 0.3834", [runs.at(1, name) for name in outputs])
    yield from pair("0.3440 0.3061 0.3498", [runs.at(1, f"softmax_{name}") for name in outputs])
    yield from pair("0.5761 0.5514", (exp(1) / (exp(1) + 2), runs.of().spec.floor))
    yield from pair("0.9988 0.5522", (runs.at(1000, "o2"), runs.at(1000, "E")))
    for variant in (once, "once, in the loss"):
        yield from pair("0.0007 -0.7501", (runs.at(1000, "E", variant), runs.at(1, "delta_o2", variant)))
    yield from pair("-0.1951 0.4884", (runs.at(1, "delta_o2"), runs.at(10, "o2")))
    yield "0.7965", runs.at(10, "o2", once)
    for variant in (twice, sure):
        yield from pair("0.0081 0.8751", (runs.at(1, "o2", variant), runs.at(1, "o1", variant)))
    yield from pair("-0.0102 -0.9919", (runs.at(1, "delta_o2", variant) for variant in (twice, sure)))
    for printed, variant in (("244", twice), ("44", sure)):
        run = runs.of(variant)
        yield printed, first_for_good(run, lambda k, run=run: is_largest(run.values(k), "o2"))  # type: ignore[misc]


def is_largest(values: Mapping[str, Any], output: str) -> bool:
    return all(values[output] > values[other] for other in ("o1", "o2", "o3") if other != output)


LISTS = {
    "matrix-form": list_matrix_form,
    "deep": list_deep,
    "softmax": list_softmax,
    "softmax-twice": list_softmax_twice,
    "and-neuron": list_and_neuron,
    "xor": list_xor,
    "online-or-batch": list_online_or_batch,
    "momentum": list_momentum,
    "adam": list_adam,
}
# Numbers of a note that are no results: rounds and epochs, samples, and what a formula or a setting is made of
OTHERS = {
    "matrix-form": "",
    "deep": "1,000 0.001 0.017",
    "softmax": "10 100",
    "softmax-twice": "10 1000",
    "and-neuron": "0.5 10 100 1000",
    "xor": "0.5 50 100 200 0.01 1000 10,000 -0.4",
    "online-or-batch": "0.8 0.5 0.9 11 199 200",
    "momentum": "10 20 100 500 0.01",
    "adam": "0.99 0.01 10 100 1000",
}
every_exercise = pytest.mark.parametrize("name", LISTS)


@every_exercise
def test_every_number_of_an_exercises_note_comes_out(name: str) -> None:
    wrong = [(digits, value) for digits, value in LISTS[name](runs_of(name)) if not agrees(digits, value)]
    assert wrong == []


@every_exercise
def test_no_number_of_an_exercises_note_goes_unchecked(name: str) -> None:
    known = {write_minus(digits) for digits, _ in LISTS[name](runs_of(name))} | set(
        map(write_minus, OTHERS[name].split())
    )
    found = numbers_in(load_lesson(name).note)
    assert sorted(number for number in found if number not in known and f"−{number}" not in known) == []
    assert sorted(number for number in known if len(number.lstrip("−")) > 1 and number not in found) == []


def test_the_and_neuron_that_is_sure_and_wrong_has_an_eighth_of_the_delta_and_the_largest_error() -> None:
    runs, sure = runs_of("and-neuron"), "confident and wrong"
    assert agrees("8", runs.at(1, "delta_o1_s4") / runs.at(1, "delta_o1_s4", sure))
    errors = [abs(o - y) for o, (y,) in zip(runs.outputs(1, "o1", sure), runs.of(sure).spec.targets, strict=True)]
    assert max(errors) == errors[3]
    assert max(runs.outputs(1, "o1")) < 0.5


def test_the_first_of_three_hidden_layers_hardly_moves_and_no_relu_of_it_is_off() -> None:
    runs = runs_of("deep")
    moved = [abs(runs.at(1001, name) - runs.at(1, name)) for name in ("w1", "w2", "w3", "w4")]
    assert 0.016 < max(moved) < 0.017
    assert all(runs.at(1, neuron, "ReLU") > 0 for neuron in runs.of().spec.network.neurons)


def test_a_matrix_with_a_row_per_neuron_holds_the_same_numbers_and_a_mean_is_a_quarter_of_a_sum() -> None:
    runs = runs_of("matrix-form")
    turned = {("w2", "w3"), ("w3", "w5"), ("w4", "w2"), ("w5", "w4"), ("w8", "w10"), ("w12", "w12")}
    assert all(runs.at(9, one) == runs.at(9, other, "a row per neuron") for one, other in turned)
    assert runs.outputs(1, "dE_dw1")[:2] == [0.0, 0.0]
    assert runs.at(1, "dE_dw9", "the mean") == runs.at(1, "dE_dw9") / 4


def test_the_hidden_neurons_of_xor_become_or_and_and() -> None:
    runs = runs_of("xor")
    assert [h > 0.5 for h in runs.outputs(1000, "h1")] == [False, True, True, True]
    assert [h > 0.5 for h in runs.outputs(1000, "h2")] == [False, False, False, True]
    assert runs.at(1000, "w5") > 0 > runs.at(1000, "w6")


def test_equal_hidden_neurons_stay_equal_and_from_zero_weights_nothing_moves() -> None:
    runs = runs_of("xor")
    for round_ in (2, 10, 100, 1000):
        assert runs.outputs(round_, "h1", "equal hidden neurons") == runs.outputs(round_, "h2", "equal hidden neurons")
        assert not any(runs.of("zero weights").state(round_)) and runs.at(round_, "E", "zero weights") == 0.5


def test_the_best_line_through_the_four_points_is_the_one_that_training_ends_on() -> None:
    runs = runs_of("online-or-batch")
    errors = [
        0.8 * x + 0.5 - y
        for (x,), (y,) in zip(*(getattr(runs.of().spec, n) for n in ("inputs", "targets")), strict=True)
    ]
    assert sum(errors) == pytest.approx(0) and sum(
        e * x for e, x in zip(errors, range(1, 5), strict=True)
    ) == pytest.approx(0)
    assert sum(e * e for e in errors) / 2 == pytest.approx(0.9)


def test_the_mean_with_four_times_the_learning_rate_takes_the_steps_of_the_sum_to_the_last_bit() -> None:
    runs = runs_of("online-or-batch")
    mean = runs.of("mean of all, learning rate 0.2")
    assert all((mean.state(k) == runs.of().state(k)).all() for k in range(1, 201))
    assert runs.of("twice").loss(200) > 1e100


def test_both_forms_of_momentum_have_the_same_weights_and_ten_times_the_learning_rate_diverges() -> None:
    runs = runs_of("momentum")
    for round_ in range(1, 501):
        pairs = [(runs.at(round_, name), runs.at(round_, name, "classical momentum")) for name in ("w1", "w2")]
        assert all(one == pytest.approx(other, abs=1e-14) for one, other in pairs)
    assert runs.of("ten times").loss(500) == inf


def test_adams_first_step_is_the_learning_rate_but_for_two_millionths_and_rmsprops_ten_times_that() -> None:
    runs = runs_of("adam")
    for name in runs.of().spec.network.parameters:
        sizes = [abs(runs.at(1, f"new_{name}", v) - runs.at(1, name)) for v in ("", "RMSProp")]
        assert 0.1 * (1 - 2e-6) < sizes[0] < 0.1 and 1 * (1 - 2e-5) < sizes[1] < 1
        assert runs.at(1, f"m_hat_{name}") == pytest.approx(runs.at(1, f"dE_d{name}"), rel=1e-14)
        assert runs.at(1, f"v_hat_{name}") == pytest.approx(runs.at(1, f"dE_d{name}") ** 2, rel=1e-13)


def test_softmax_in_the_outputs_and_in_the_loss_give_the_same_deltas_gradients_and_weights() -> None:
    for name, one, other in (
        ("softmax", "", "cross entropy of logits"),
        ("softmax-twice", "once, in the outputs", "once, in the loss"),
    ):
        runs = runs_of(name)
        network = runs.of().spec.network
        same = [f"{kind}{p}" for p in network.parameters for kind in ("dE_d", "new_")]
        for quantity in (*same, *(f"delta_{neuron}" for neuron in network.neurons)):
            for round_ in (1, 10, 100):
                found = runs.at(round_, quantity, one), runs.at(round_, quantity, other)
                assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-14), quantity


def test_the_deltas_of_softmax_sum_to_0_and_by_its_diagonal_only_the_right_class_has_one() -> None:
    runs = runs_of("softmax")
    outputs = runs.of().spec.network.outputs
    assert sum(runs.at(1, f"delta_{o}") for o in outputs) == pytest.approx(0, abs=1e-15)
    assert [runs.at(1, f"delta_{o}", "softmax by its diagonal") == 0 for o in outputs] == [True, False, True]
