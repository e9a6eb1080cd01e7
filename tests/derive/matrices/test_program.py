"""The program in matrices is as short as a course's, follows the numbering, and spells out what no product says."""

import pytest

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.network import NUMBERINGS
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.derive.code_lines import MAX_COLUMNS
from bptui.derive.programs import PROGRAMS, count_code_lines
from bptui.lessons.lesson import load_lesson
from tests.derive.running import agree, text
from tests.derive.test_programs_of_samples import BATCHES, batches
from tests.several import make_problems
from tests.strategies import problem


def test_the_network_the_program_opens_on_takes_some_25_lines() -> None:
    lesson = load_lesson("two-by-two")
    assert count_code_lines(PROGRAMS["matrix"](lesson.spec, lesson.title)) <= 26


@pytest.mark.parametrize("batch", BATCHES)
def test_samples_are_rows_or_columns_as_the_weights_are_numbered(batch: str | int) -> None:
    rows, columns = (text("matrix", batches(numbering=way, batch=batch, biases="per neuron")) for way in NUMBERINGS)
    assert "Z1 = X @ W1 + b1\n" in rows and "dE_dW1 = X.T @ Delta1\n" in rows and "# a row for each sample" in rows
    assert "Z1 = W1 @ X + b1\n" in columns and "dE_dW1 = Delta1 @ X.T\n" in columns
    assert "# a column for each sample" in columns and "]]).T\n" in columns


def test_a_new_parameter_takes_the_place_of_the_old_one_and_a_frozen_bias_stays() -> None:
    program = text("matrix", batches(biases="frozen", optimiser={"kind": "momentum"}))
    assert "    v_W1 = momentum*v_W1 + dE_dW1\n" in program and "    W1 = W1 - eta*v_W1\n" in program
    assert "new_" not in program and "dE_db" not in program and "v_b" not in program


def test_what_no_product_of_matrices_says_is_spelled_out_entry_by_entry() -> None:
    program = text("matrix", problem(gradient="two weights swapped"))
    assert "    Delta1 = np.array([\n" in program and "Delta2[0, 0]*W2[" in program
    assert "to_digits(to_digits(Delta1[0, 0]*X[0, 0]) + " in text("matrix", batches(rounding="3 digits"))


def test_every_number_of_problems_with_several_samples_is_the_numpy_engines() -> None:
    for spec in make_problems(2 * len(OPTIMISERS), seed=3):
        agree("matrix", spec, rounds=4)


@pytest.mark.parametrize("numbering", NUMBERINGS)
def test_neurons_of_different_activations_keep_to_the_columns_of_a_pane(numbering: str) -> None:
    names = [name for name, row in ACTIVATIONS.items() if row.of_layer is None]
    own = {f"h{j}": names[j % len(names)] for j in range(1, 9)}
    spec = batches((8, 8, 2), activation={"hidden": "tanh", "output": "sigmoid", **own}, numbering=numbering)
    agree("matrix", spec)
    inside = text("matrix", spec).split("for n in range")[1]
    assert max(map(len, inside.splitlines())) <= MAX_COLUMNS + 20
