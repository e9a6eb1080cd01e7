"""The matrix form of a round says what the round calculates, for every kind of network, in the same numbers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bptui.core.engines.program import Program, compile_expression
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import find_names
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import split_sample
from bptui.core.formulas.network import BIAS_UPDATES, CHAIN_RULE, NUMBERINGS, OVER_SAMPLES, Network
from bptui.core.formulas.notation import PYTHON, write
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.quantities.arrays import list_arrays, list_given_arrays
from bptui.core.quantities.matrix_formulas import collect_values, find_matrix_form
from tests.effort import ALL
from tests.strategies import network_of

_CASES = 1000 if ALL else 120
_BY_NEURON = ("first derivative for all", "two weights swapped")


def make_networks(count: int, **fixed: Any) -> Iterator[Network]:
    """Yield networks of no to four hidden layers, of which activations, losses, rules and optimisers come in turn."""
    rng = np.random.default_rng(7)
    tables = {
        "loss": LOSSES,
        "numbering": NUMBERINGS,
        "bias_update": BIAS_UPDATES,
        "optimiser": OPTIMISERS,
        "decays": (False, True, False),
        "over_samples": OVER_SAMPLES,
        "rule": (*RULES, *[CHAIN_RULE] * len(RULES)),
        "rounding": ("none", "none", "none", "6 digits"),
    }
    for n in range(count):
        sizes = rng.integers(1, 5, 2 + n % 5).tolist()
        neurons, samples = sum(sizes[1:]), int(rng.integers(5))
        kinds = [name for name, row in ACTIVATIONS.items() if row.of_layer is None]
        mixed = n % 3 == 0
        own = rng.choice(kinds, neurons).tolist() if mixed else [kinds[n % len(kinds)]] * neurons
        if n % 4 == 0:
            own[-sizes[-1] :] = ["softmax"] * sizes[-1]
        settings = {name: list(rows)[int(rng.integers(len(rows)))] for name, rows in tables.items()} | fixed
        yield network_of(*sizes, activations=own, biases=bool(n % 2), samples=tuple(range(1, samples + 1)), **settings)


def compute_round(network: Network, seed: int = 1) -> dict[str, np.float64]:
    """The numbers of a round from random ones between 0.1 and 0.9, and what it was computed from; round 3 for Adam."""
    drawn = map(np.float64, np.random.default_rng(seed).uniform(0.1, 0.9, len(network.given)))
    given = dict(zip(network.given, drawn, strict=True)) | ({"t": np.float64(3)} if "t" in network.given else {})
    if network.shares_biases:
        first = {b: network.neurons_with(b)[0] for b in network.biases}
        for name in network.state:
            if b := next((b for b in network.biases if name.endswith(b)), ""):
                given[name] = given[f"{name.removesuffix(b)}b_{first[b]}"]
    program = Program(network)
    with np.errstate(all="ignore"):
        return {**given, **dict(zip(program.quantities, program.round(*given.values()), strict=True))}


def test_every_line_of_every_network_gives_the_numbers_of_the_round() -> None:
    for number, network in enumerate(make_networks(_CASES)):
        form, values = find_matrix_form(network), compute_round(network, number)
        for line in form.lines:
            if line.expr is None:
                continue
            found = compile_expression(line.expr)(collect_values(form, values, find_names(line.expr)))
            expected = collect_values(form, values, [line.name])[line.name]
            assert np.shape(found) == np.shape(expected) == (form.shape(line.name) or ())
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, err_msg=f"{network} {line}")


def test_every_quantity_of_the_round_stands_in_its_matrix_once_but_those_of_one_sample_that_are_added_up() -> None:
    for network in make_networks(40):
        form = find_matrix_form(network)
        entries = [entry for rows in form.entries.values() for row in rows for entry in row]
        calculated = set(Program(network).quantities)
        alone = {name for name in calculated if split_sample(name)[1] and name.startswith(("dE_dw", "dE_db", "E_s"))}
        alone |= {name for name in calculated if re.match(r"do\d+_din_o", name)}  # a matrix for each sample
        scalars = {line.name for line in form.lines if line.name not in form.entries}
        if network.loss == "cross entropy" and not network.samples:
            assert form.shape("log_sum_exp") == (1, 1)
        assert len(entries) == len(set(entries)) and scalars == {"E"}
        assert {*entries, "E"} - {*network.data, *network.state} == calculated - alone


@pytest.mark.parametrize("hidden", [(), (3,), (2, 4, 3, 2)])
def test_the_matrices_are_the_arrays_of_the_round_turned_where_the_samples_are_columns(hidden: tuple[int, ...]) -> None:
    by_source, by_neuron = (
        network_of(2, *hidden, 2, biases=True, samples=(1, 2, 3), numbering=numbering) for numbering in NUMBERINGS
    )
    for network, turned in ((by_source, False), (by_neuron, True)):
        form = find_matrix_form(network)
        for name, rows in {**list_given_arrays(network), **list_arrays(network)}.items():
            of_weights = "W" in name
            assert form.entries[name] == (tuple(zip(*rows, strict=True)) if turned and not of_weights else rows)
        assert form.by_column == turned


def print_lines(network: Network) -> dict[str, str]:
    return {line.name: write(line.expr, PYTHON) if line.expr else "" for line in find_matrix_form(network).lines}


def test_the_lines_are_those_of_courses() -> None:
    """A row per sample and X @ W where weights are numbered by source, a column per sample and W @ X where not."""
    rows = print_lines(network_of(2, 2, 2, biases=True, samples=(1, 2)))
    assert (rows["Z1"], rows["Z2"]) == ("X @ W1 + b1", "H1 @ W2 + b2")
    assert rows["Delta2"] == "(O - Y)*O*(1.0 - O)" and rows["Delta1"] == "(Delta2 @ W2.T)*H1*(1.0 - H1)"
    assert (rows["dE_dW1"], rows["dE_db1"]) == ("X.T @ Delta1", "np.sum(Delta1, 0, keepdims=True)")
    assert rows["new_W1"] == "W1 - eta*dE_dW1" and rows["E"] == "np.sum(0.5*((q := (O - Y))*q))"
    columns = print_lines(network_of(2, 2, 2, biases=True, samples=(1, 2), numbering=NUMBERINGS[1]))
    assert columns["Z1"] == "W1 @ X + b1" and columns["dE_dW1"] == "Delta1 @ X.T"
    assert columns["Delta1"] == "(W2.T @ Delta2)*H1*(1.0 - H1)"
    assert columns["dE_db1"] == "np.sum(Delta1, 1, keepdims=True)"


def test_the_mean_over_the_samples_divides_gradients_and_loss_and_no_delta() -> None:
    lines = print_lines(network_of(2, 2, biases=True, samples=(1, 2, 3, 4), over_samples="mean"))
    assert lines["dE_dW1"] == "X.T @ Delta1/4.0" and lines["E"].endswith("/4.0") and "/" not in lines["Delta1"]
    assert lines["dE_db1"] == "np.sum(Delta1, 0, keepdims=True)/4.0"


def test_a_shared_bias_takes_the_sum_of_all_deltas_and_a_frozen_one_stays() -> None:
    shared = print_lines(network_of(2, 3, biases=True, samples=(1, 2), bias_update="shared"))
    assert shared["dE_db1"] == "np.full_like(b1, np.sum(Delta1))"
    assert print_lines(network_of(2, 3, biases=True, bias_update="frozen"))["new_b1"] == "b1"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_matrix_form_unless_it_treats_neurons_differently_or_needs_single_samples(rule: str) -> None:
    for samples in ((), (1, 2)):
        if "softmax" in RULES[rule].about:
            continue
        lines = print_lines(network_of(2, 3, 2, 2, rule=rule, samples=samples))
        without = {name for name, text in lines.items() if not text}
        alone = rule in _BY_NEURON or (rule == "as published" and bool(samples))
        assert without == ({"Delta1", "Delta2"} if alone else set())


def test_the_sum_of_rounded_gradients_of_several_samples_has_no_matrix_form_and_that_of_one_has() -> None:
    several = print_lines(network_of(2, 2, 2, biases=True, rounding="3 digits", samples=(1, 2)))
    summed = {"E", "dE_dW1", "dE_dW2", "dE_db1", "dE_db2"}
    assert {name for name, text in several.items() if not text} == summed
    one = print_lines(network_of(2, 2, 2, biases=True, rounding="3 digits"))
    assert all(one.values()) and one["dE_dW1"] == "to_digits(X.T @ Delta1, 3)"


def test_the_place_of_a_quantity_is_its_matrix_its_row_and_its_column() -> None:
    form = find_matrix_form(network_of(2, 2, 2, samples=(1, 2)))
    assert form.find_place("dE_dw3") == ("dE_dW1", 1, 0) and form.find_place("h2_s2") == ("H1", 1, 1)
    assert form.find_place("dE_dw3_s1") is None


def test_the_derivatives_of_softmax_are_inserted_sample_by_sample() -> None:
    """A delta is the sum over the outputs of ∂E/∂o_l·o_l·((l = k) − o_k), which needs no matrix for each sample."""
    network = network_of(2, 3, activations=("softmax",) * 3, loss="categorical cross entropy", samples=(1, 2))
    lines = print_lines(network)
    assert lines["O"] == "np.exp(Z1 - np.logaddexp.reduce(Z1, 1, keepdims=True))" and lines["dE_dO"] == "-Y/O"
    assert lines["Delta1"] == "O*(dE_dO - np.sum(dE_dO*O, 1, keepdims=True))"
    assert print_lines(replace(network, rounding="3 digits"))["Delta1"] == ""
    assert print_lines(replace(network, rule="softmax by its diagonal"))["Delta1"] == "dE_dO*(O*(1.0 - O))"
