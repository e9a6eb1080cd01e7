"""Printed formulas of matrices are true: another reader puts the printed numbers in, and gets the printed result."""

import re
from itertools import chain, count
from typing import Any

import pytest

from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import BIAS_UPDATES, NUMBERINGS, OVER_SAMPLES, Network
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.quantities.matrix_formulas import find_matrix_form
from bptui.derive.matrices.working import MatrixWorking
from bptui.derive.notations import ASCII, LATEX, UNICODE
from bptui.text.matrices import Grid, Pieces
from tests.core.quantities.test_matrix_formulas import compute_round, make_networks
from tests.derive.matrices.reader import Reader
from tests.strategies import network_of
from tests.tables import over

_OWN = ("sigmoid", "tanh", "identity")


def read(pieces: Pieces) -> tuple[str, dict[str, Any]]:
    """The text of a formula with names in place of its matrices, and these."""
    numbers, text, grids = count(), "", dict[str, Any]()
    for piece in pieces:
        if isinstance(piece, Grid):
            name = f"matrix{next(numbers)}"
            grids[name] = [[float(cell) for cell in row] for row in piece.rows]
            text += name
        else:
            text += piece
    return text, grids


def check(network: Network, seed: int = 1, digits: int = 6) -> int:
    """Put every printed number back; the number of lines that hold."""
    working = MatrixWorking(network, compute_round(network, seed), ASCII, digits)
    held = 0
    for line in working.matrices.lines:
        worked = working.work_out(line)
        if not (worked.numbers and worked.holds):
            continue
        held += 1
        layer = network.layers[int((re.findall(r"\d", line.name) or [len(network.layers)])[0]) - 1]
        reader = Reader(working.matrices.by_column, layer.activations)
        found = reader.calculate(*read(worked.numbers))
        ((expected, grids),) = [read(worked.result)]
        wanted = grids[expected] if grids else float(expected)
        shown = [[found]] if not isinstance(found, list) else found
        rows = wanted if isinstance(wanted, list) else [[wanted]]
        if line.name.startswith(("dE_db", "new_b", "Delta")) and len(rows) * len(rows[0]) != len(shown) * len(shown[0]):
            shown = [
                [shown[i % len(shown)][j % len(shown[0])] for j, _ in enumerate(row)] for i, row in enumerate(rows)
            ]
        assert [len(row) for row in rows] == [len(row) for row in shown], worked
        for printed, calculated in zip(chain(*rows), chain(*shown), strict=True):
            assert float(f"{calculated:.{digits - 1}e}") == printed, (network, worked)
    return held


@over(loss=LOSSES, numbering=NUMBERINGS, samples=[(), (1, 2, 3)])
def test_printed_numbers_give_the_printed_result_for_every_loss(
    loss: str, numbering: str, samples: tuple[int, ...]
) -> None:
    for activations in (("sigmoid",) * 5, ("tanh", "sigmoid", "identity", "sigmoid", "sigmoid")):
        network = network_of(2, 3, 2, activations=activations, loss=loss, numbering=numbering, samples=samples)
        assert check(network) >= 7


@over(optimiser=OPTIMISERS, bias_update=BIAS_UPDATES, over_samples=OVER_SAMPLES)
def test_printed_numbers_give_the_printed_result_for_every_optimiser(
    optimiser: str, bias_update: str, over_samples: str
) -> None:
    settings = {"optimiser": optimiser, "bias_update": bias_update, "over_samples": over_samples}
    for decays, samples in ((False, ()), (True, (1, 2, 3))):
        network = network_of(2, 2, 1, biases=True, decays=decays, samples=samples, **settings)
        assert check(network, digits=5) >= 9


@pytest.mark.parametrize("rule", RULES)
def test_printed_numbers_give_the_printed_result_for_every_rule_and_any_depth(rule: str) -> None:
    for hidden in ((), (2,), (3, 2, 2, 3)):
        last = "softmax" if "softmax" in RULES[rule].about else "sigmoid"
        own = ("sigmoid",) * sum(hidden) + (last,) * 2
        assert check(network_of(2, *hidden, 2, activations=own, rule=rule, samples=(1, 2), biases=True)) >= 4


def test_a_line_seldom_needs_the_sign_of_about() -> None:
    held = total = 0
    for number, network in enumerate(make_networks(20, rounding="none")):
        working = MatrixWorking(network, compute_round(network, number), ASCII)
        found = [working.work_out(line) for line in working.matrices.lines if line.expr]
        total, held = total + len(found), held + sum(worked.holds for worked in found)
    assert held > 0.95 * total


def work(name: str, network: Network, form: Any = UNICODE, **more: Any) -> Any:
    working = MatrixWorking(network, compute_round(network), form, **more)
    return working.work_out(next(line for line in working.matrices.lines if line.name == name))


def test_every_matrix_of_a_formula_comes_with_its_shape() -> None:
    network = network_of(2, 3, 1, biases=True, samples=(1, 2, 3, 4))
    assert work("Z1", network).shaped == "X (4×2)·W1 (2×3) + b1 (1×3, added to each row)"
    assert work("dE_dW1", network).shaped == "Xᵀ (2×4)·Δ1 (4×3)"
    assert work("Delta1", network, ASCII).shaped == "(Delta2 (4x1) @ W2.T (1x3))*H1 (4x3)*(1 - H1 (4x3))"
    assert work("dE_dW2", network, LATEX).shaped == (
        r"\underset{3 \times 4}{{H_{1}}^{\top}} \cdot \underset{4 \times 1}{\Delta_{2}}"
    )
    columns = network_of(2, 3, 1, biases=True, samples=(1, 2, 3, 4), numbering=NUMBERINGS[1])
    assert work("Z1", columns).shaped == "W1 (3×2)·X (2×4) + b1 (3×1, added to each column)"


def test_shapes_fit_in_every_product_of_matrices() -> None:
    """The columns of the left matrix are the rows of the right one, as printed."""
    for network in make_networks(40):
        working = MatrixWorking(network, {}, ASCII, known=())
        for line in working.matrices.lines:
            shaped = working.work_out(line).shaped
            pairs = re.findall(r"\(\d+x(\d+)\) @ [\w.]+ \((\d+)x", shaped)
            assert shaped.count("@") in (len(pairs), len(pairs) + shaped.count(") @")), shaped
            assert all(left == right for left, right in pairs), shaped


def test_latex_can_break_a_formula_anywhere() -> None:
    """No fraction bar, root or growing bracket holds a matrix."""
    for optimiser in ("adam", "rmsprop"):
        network = network_of(2, 2, 2, loss="binary cross entropy", optimiser=optimiser)
        for line in find_matrix_form(network).lines:
            worked = work(line.name, network, LATEX)
            assert not any(word in worked.letters for word in (r"\left", r"\sqrt", "e^{"))
            assert worked.letters.count(r"\frac") == worked.letters.count(r"\frac{\partial E}")


def test_what_may_not_be_shown_has_no_numbers() -> None:
    network = network_of(2, 2, 2)
    known = {"x1", "x2", "w1", "w2", "w3", "w4", "in_h1"}
    assert work("Z1", network, known=known).result == () == work("Z1", network, known=known).numbers
    assert work("Z1", network, known=known | {"in_h2"}).result


def test_every_cell_knows_its_quantity_on_either_side_also_where_a_matrix_is_turned() -> None:
    worked = work("dE_dW1", network_of(2, 2, 2))
    (result,), (turned, _, _) = worked.result, worked.numbers
    assert result.entries == (("dE_dw1", "dE_dw2"), ("dE_dw3", "dE_dw4"))
    assert turned.label == "Xᵀ" and turned.entries == (("x1",), ("x2",))
