"""What people write for a quantity means it, and what may mean two things means none."""

import pytest

from bptui.core.quantities.arrays import list_arrays
from bptui.core.quantities.printable import list_printable
from bptui.derive.notations import format_label
from bptui.lessons.lesson import load_bundled_lessons
from bptui.lessons.quantity_names import find_meaning, has_two_meanings
from tests.strategies import network_of

TWO_THREE_ONE = network_of(2, 3, 1, biases=True)
LESSONS = {lesson.name: lesson for lesson in load_bundled_lessons()}


def meant(written: str, single: bool | None = True) -> str | None:
    found = find_meaning(TWO_THREE_ONE, written, single)
    return found and found.name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *dict.fromkeys(
            ("∂E/∂w1", "dE/dw1", "dE / dw1", "dw1", "grad w1", "w1.grad", "w1_grad", "gradient of w1", "dL/dw_1"),
            "dE_dw1",
        ).items(),
        *dict.fromkeys(("dE_total/dw1", "dJ_dw1", r"\frac{\partial E}{\partial w_1}", "∂E/∂w₁"), "dE_dw1").items(),
        *dict.fromkeys(("w1+", "w1⁺", "w1'", "w1_new", "new w1", "w_1+", "neu w1", "w1 after"), "new_w1").items(),
        *dict.fromkeys(("δ_o1", "δo1", "delta o1", r"\delta_{o1}", "DELTA_O1", "dE/dnet_o1"), "delta_o1").items(),
        *dict.fromkeys(("net_h1", "in h1", "z_h1", "h1_in", "h1 net"), "in_h1").items(),
        *dict.fromkeys(("out_h1", "a_h1", "h1 out"), "h1").items(),
        *dict.fromkeys(("loss", "E_total", "L", "J", "Cost", "total error"), "E").items(),
        *{"ŷ": "o1", "y_hat": "o1", "db_h1": "dE_db_h1", "Δw1": "change_w1", "∂o1/∂net_o1": "do1_din_o1"}.items(),
        *{"dout_h1/dnet_h1": "dh1_din_h1", "dE/dout_h1": "dE_dh1", "w5": "w5", "x1": "x1"}.items(),
    ],
)
def test_a_name_as_people_write_it_means_its_quantity(written: str, name: str) -> None:
    assert meant(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *{"dW1": "dE_dW1", "dw1": "dE_dW1", "W1.grad": "dE_dW1", "new W1": "new_W1", "W1+": "new_W1"}.items(),
        *{
            "A1": "H1",
            "A2": "O",
            "dZ1": "Delta1",
            "db1": "dE_db1",
            "h1": "H1",
            "dE_dw": "dE_dw",
            "δ_h": "delta_h",
        }.items(),
    ],
)
def test_where_an_array_follows_the_array_of_the_name_is_meant(written: str, name: str) -> None:
    assert meant(written, single=False) == name


def test_a_list_of_numbered_quantities_has_them_in_the_order_of_their_numbers() -> None:
    found = find_meaning(network_of(3, 4, 1), "dE_dw", single=False)
    assert found is not None and found.rows == (tuple(f"dE_dw{number}" for number in range(1, 17)),)


def test_a_matrix_of_one_entry_keeps_its_own_number() -> None:
    """In a 2-1-1 network W2 is w3: its gradient must not be taken for that of w2."""
    found = find_meaning(network_of(2, 1, 1), "dW2", single=True)
    assert found is not None and found.rows == (("dE_dw3",),)


@pytest.mark.parametrize("written", ["w_11", "w1_1", "dE/dw_{11}", "w_12+"])
def test_a_double_index_is_no_number_of_a_weight(written: str) -> None:
    assert has_two_meanings(written) and find_meaning(network_of(4, 4, 1), written) is None


@pytest.mark.parametrize("written", ["", "foo", "w", "grad", "d", "+", "1", "h", "w0", "w" * 200, "∂", "E_o1", "new"])
def test_what_means_nothing_means_nothing(written: str) -> None:
    found = find_meaning(TWO_THREE_ONE, written)
    assert found is None or found.name in ("h",)


@pytest.mark.parametrize("name", LESSONS)
def test_every_name_and_every_label_of_a_lesson_means_itself(name: str) -> None:
    network = LESSONS[name].spec.network
    for quantity in list_printable(network):
        for written in (quantity, format_label(quantity)):
            found = find_meaning(network, written, single=True)
            assert found is not None and found.rows == ((quantity,),), written
    for array, rows in list_arrays(network).items():
        found = find_meaning(network, array, single=len(rows) == len(rows[0]) == 1)
        assert found is not None and found.rows == rows
