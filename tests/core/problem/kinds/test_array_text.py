"""Arrays as programs print them are read back exactly, and what is no array is refused in words."""

import re
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bptui.core.problem.kinds.array_text import Nested, convert, read_arrays, require_rows
from tests.effort import examples
from tests.strategies import finite_numbers

SHAPES = st.sampled_from([(3,), (1, 1), (2, 2), (2, 8), (8, 1), (1, 5), (2, 3, 2)])


@st.composite
def arrays(draw: st.DrawFn) -> NDArray[np.floating]:
    """Arrays of up to three axes in either precision, with numbers of any size."""
    shape = draw(SHAPES)
    small = st.floats(-10, 10).map(lambda number: round(number, 2))
    numbers = draw(st.lists(finite_numbers | small, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    with np.errstate(over="ignore"):
        return np.array(numbers, draw(st.sampled_from([np.float64, np.float32]))).reshape(shape)


def read(text: str) -> Any:
    """The items of a text's only array."""
    (array,) = read_arrays(text)
    return array.items


def flat(items: Nested) -> list[str]:
    """All numbers, row by row."""
    return [items] if isinstance(items, str) else [number for item in items for number in flat(item)]


def print_as_torch(items: Any, indent: int = 8) -> str:
    """Nested lists in the form of ``repr`` of a tensor, with all digits."""
    if not isinstance(items, list):
        return repr(items)
    between = f",{chr(10) if isinstance(items[0], list) else ''}{' ' * (indent if isinstance(items[0], list) else 1)}"
    return f"[{between.join(print_as_torch(item, indent + 1) for item in items)}]"


@examples(200)
@given(arrays())
def test_the_digits_that_numpy_prints_are_kept_in_their_rows(array: NDArray[np.floating]) -> None:
    text = str(array)
    items = read(text)
    assert flat(items) == text.replace("[", "").replace("]", "").split()
    assert np.array(items).shape == array.shape


@pytest.mark.parametrize(
    "text", ["[[1, 2, 3], [4, 5, 6]].T", "np.array([[1, 2, 3],\n [4, 5, 6]]).T", "[[1 4] [2 5] [3 6]]"]
)
def test_a_matrix_with_t_behind_it_is_turned_on_its_side(text: str) -> None:
    assert read(text) == [["1", "4"], ["2", "5"], ["3", "6"]]
    assert read("[1, 2].T") == ["1", "2"]
    assert [array.name for array in read_arrays("W1 = [[1 2]].T W2 = [[3]].T")] == ["W1", "W2"]


@pytest.mark.parametrize(
    "text", [".T", "[[1].T, [2]]", "W1 = .T [1]", "[[[1]], [[2]]].T", "[[1]].Tx", "[[1] [2]].T.T.t()"]
)
def test_nothing_but_a_matrix_is_turned(text: str) -> None:
    with pytest.raises(ValueError, match=r"numbers in brackets|a matrix before|brackets match|a name"):
        read_arrays(text)


@examples(200)
@given(arrays())
def test_an_array_printed_with_all_digits_is_read_back_to_the_last_bit(array: NDArray[np.floating]) -> None:
    with np.printoptions(floatmode="unique", threshold=sys.maxsize):
        texts = [str(array), repr(array), f"W1 = np.{array!r}", f"W1:\n{array}"]
    texts += [f"{array.tolist()}", f"tuple_ = {array.tolist()}".replace("[", "(").replace("]", ")")]
    tensor = print_as_torch(array.tolist())
    texts += [f"tensor({tensor})", f"tensor({tensor}, dtype=torch.float64, requires_grad=True)"]
    texts += [f"Parameter containing:\ntensor({tensor}, device='cuda:0', grad_fn=<AddBackward0>)"]
    texts += [f"tf.Tensor(\n{array.tolist()}, shape={array.shape}, dtype=float64)"]
    for text in texts:
        found = np.array(convert(read(text), float), array.dtype)
        assert found.shape == array.shape and found.tobytes() == array.tobytes(), text


@examples(40)
@given(st.lists(arrays(), min_size=1, max_size=4))
def test_several_arrays_are_read_one_after_the_other_with_their_names(several: list[NDArray[np.floating]]) -> None:
    for between in ("\n", ", ", "  "):
        found = read_arrays(between.join(f"W{number} = {array}" for number, array in enumerate(several, 1)))
        assert [array.name for array in found] == [f"W{number}" for number in range(1, len(several) + 1)]
        assert [np.array(array.items).shape for array in found] == [array.shape for array in several]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("[[-0.49 -0.  ]\n [-0.24  0.  ]]", [["-0.49", "-0."], ["-0.24", "0."]]),
        ("[np.float64(0.2), np.float64(1e-05)]", ["0.2", "1e-05"]),
        ("[array([[1, 2]]), array([3])]", [[["1", "2"]], ["3"]]),
        ("[nan, -inf, −3, +.5]", ["nan", "-inf", "−3", "+.5"]),
        ("tensor(0.3500)", "0.3500"),
        ("[]", []),
    ],
)
def test_the_forms_of_programs_are_understood(text: str, items: Nested) -> None:
    assert read(text) == items


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[0.1, 0.2]", 'a list with matching brackets; 1 "]" is missing at the end'),
        ("array([[0.1, 0.2]", 'a list with matching brackets; 1 "]" and 1 ")" are missing at the end'),
        ("[0.1]]", 'a list with matching brackets; a "]" has no opening bracket'),
        ("[0.1)", 'a list with matching brackets; a "[" is closed by ")"'),
        ("[0.1 0.2 ... 0.9]", 'the whole array; "..." leaves out numbers'),
        ("tensor([0.1, …, 0.9])", 'the whole array; "…" leaves out numbers'),
        ("[[1, 2], [3]]", "rows of equal length; row 1 has length 2, row 2 has length 1"),
        ("[[[1, 2], [3, 4]], [[5], [6, 7]]]", "rows of equal length; row 1 has length 1, row 2 has length 2"),
        ("[1, [2]]", "either numbers or rows in a pair of brackets, not both"),
        ("[[]]", "rows with numbers; row 1 is empty"),
        ("[[[1]], []]", "rows with numbers; row 2 is empty"),
        ("[[[[1]]]]", "lists at most 3 levels deep: matrices, rows and numbers"),
        ("[" * 99_999, "lists at most 3 levels deep: matrices, rows and numbers"),
        ("array(" * 9_999, "lists at most 3 levels deep: matrices, rows and numbers"),
        ("[1; 2]", 'numbers in brackets; ";" is not a number'),
        ("[1, 2.3.4]", 'numbers in brackets; "2.3.4" is not a number'),
        ("[1, dtype=float]", 'numbers in brackets; "dtype=float" is not a number'),
        ("array([1], [2])", "one array in array(..), not 2"),
        ("[1] W2 =", "an array after each name; nothing follows W2"),
        ("", "a list of numbers"),
        ("[0]" * 50_000, "a text of at most 100,000 characters"),
    ],
)
def test_what_is_no_array_is_refused_with_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read_arrays(text)


@examples(300)
@given(st.lists(st.sampled_from(["[", "]", "(", ")", "array(", "0.5", " ", ",", "...", "W1 =", "x"])).map("".join))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        found = read_arrays(text)
    except ValueError as fault:
        assert str(fault)
    else:
        assert found and all(flat(array.items) or array.items == [] for array in found)
        assert {number for array in found for number in flat(array.items)} <= {"0.5"}


def test_lists_of_a_file_are_held_to_the_same_rows() -> None:
    require_rows([[1, 2], [3, 4]])
    require_rows(5)
    with pytest.raises(ValueError, match="rows of equal length"):
        require_rows([[1, 2], [3]])
