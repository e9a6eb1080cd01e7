"""Whole arrays among printed values become the values of their entries, with their digits."""

import pytest

from bptui.lessons.lesson import format_lesson, parse_lesson
from bptui.lessons.printed_values import expand_array, suggest_printable
from bptui.system.reading import LessonError
from tests.strategies import network_of

LESSON = """title = "Mine"
[network]
inputs = [0.5, 0.3]
targets = [0.2, 0.9]
hidden = 3
weights = [[[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4], [5, 6]]]
[training]
step = 0.5
[[figures]]
round = 1
printed = { %s }
"""


def faults_of(printed: str) -> list[str]:
    """The faults of a lesson with some printed values, after the place."""
    with pytest.raises(LessonError) as error:
        parse_lesson(LESSON % printed, "mine", "mine")
    return [line.partition("printed.")[2] for line in str(error.value).splitlines()]


def test_an_array_is_the_values_of_its_entries_with_the_digits_as_printed() -> None:
    printed = 'dE_dW1 = """[[-0.49 -0.   1.50]\n [-0.24  0.  2e-05]]""", E = " 0.1 ", H1 = "tensor([0.5000, 0.6, 1.])"'
    lesson = parse_lesson(LESSON % printed, "mine")
    (figures,) = lesson.figures
    assert figures.printed == {
        **{"dE_dw1": "-0.49", "dE_dw2": "-0.", "dE_dw3": "1.50", "dE_dw4": "-0.24", "dE_dw5": "0.", "dE_dw6": "2e-05"},
        "E": "0.1",
        **{"h1": "0.5000", "h2": "0.6", "h3": "1."},
    }
    assert figures.matrices == {"dE_dW1": "a row per source"}
    assert parse_lesson(format_lesson(lesson), "mine") == lesson


def test_a_vector_may_stand_as_a_row_or_a_column() -> None:
    network = network_of(2, 2, 1, biases=True)
    for text in ("[1 2]", "[[1 2]]", "[[1]\n [2]]", "array([1, 2])"):
        assert expand_array(network, "dE_db1", text) == {"dE_db_h1": "1", "dE_db_h2": "2"}
    assert expand_array(network, "O", "tensor(0.7500)") == {"o1": "0.7500"}


def test_a_layers_matrix_may_have_a_column_per_sample_where_its_size_says_so() -> None:
    text = LESSON.replace("[0.5, 0.3]", "[[0.5, 0.3], [1, 2]]").replace("[0.2, 0.9]", "[[0, 1], [1, 0]]")
    rows, columns = "[[1 2 3] [4 5 6]]", "[[1 4] [2 5] [3 6]]"
    by_row, by_column = (
        parse_lesson(text % f'H1 = "{matrix}", O = "[[7 8] [9 0]]"', "mine").figures[0] for matrix in (rows, columns)
    )
    assert by_row.printed == by_column.printed
    assert by_row.printed["h3_s1"] == "3" and by_row.printed["o2_s1"] == "8"
    assert by_row.matrices == {"H1": "a row per sample", "O": "a row per sample"}
    assert by_column.matrices == {"H1": "a column per sample", "O": "a row per sample"}
    with pytest.raises(LessonError, match="2 by 4, but H1 is 2 by 3, a row per sample"):
        parse_lesson(text % 'H1 = "[[1 2 3 4] [5 6 7 8]]"', "mine")


@pytest.mark.parametrize(
    "text", ["[[0.0955]]", " [0.0955] ", "array([[0.0955]])", "tensor(0.0955, grad_fn=<MulBackward0>)", "0.0955"]
)
def test_a_single_quantity_may_stand_in_the_brackets_of_an_array(text: str) -> None:
    (figures,) = parse_lesson(LESSON % f'E = "{text}"', "mine").figures
    assert figures.printed == {"E": "0.0955"}


@pytest.mark.parametrize("text", ["[[0.1 0.2]]", "[0.1", "(12)", "[]", "0.0955(3)"])
def test_a_single_quantity_is_one_number_and_no_guess(text: str) -> None:
    assert faults_of(f'E = "{text}"') == [f'E: "{text}" is not a number; a number looks like 0.000439 or 4.39e-4']


@pytest.mark.parametrize(
    ("printed", "fault"),
    [
        (
            'dE_dW1 = "[[1 2] [3 4] [5 6]]"',
            'dE_dW1: 3 by 2, but dE_dW1 is 2 by 3; if it has a row per neuron, set numbering to "by destination"',
        ),
        ('dE_dW1 = "[[1 2] [3 4]]"', "dE_dW1: 2 by 2, but dE_dW1 is 2 by 3, with a row per source"),
        ('H1 = "[1 2]"', "H1: 1 by 2, but H1 is 1 by 3"),
        ('dE_dW1 = "[[1 2] [3]]"', "dE_dW1: must be rows of equal length; row 1 has length 2, row 2 has length 1"),
        ('dE_dW1 = "[[1 2"', 'dE_dW1: must be a list with matching brackets; 2 "]" are missing at the end'),
        ('dE_dW1 = "[[1 ... 2]]"', 'dE_dW1: must be the whole array; "..." leaves out numbers'),
        ('dE_dW1 = "[1] [2]"', "dE_dW1: must be one array"),
        ('dE_dW1 = "[[[1 2 3] [4 5 6]]]"', "dE_dW1: must be one matrix"),
        ("dE_dW1 = [[1, 2]]", "dE_dW1: [1, 2] must be the array in quotes, as printed"),
        ('O = "[1e9999 1]"', 'O: "1e9999" is outside the range of numbers in a program'),
        ('W1 = "[[1 2 3] [4 5 6]]"', "W1: is given, not calculated"),
        ('w1 = "1"', "w1: is given, not calculated (weight from x1 to h1)"),
        ('dE_db1 = "[1 2 3]"', 'dE_db1: is not a quantity of this network; did you mean "dE_dw1"?'),
        ('H1 = "[1 2 3]", h2 = "2"', "h2: is also in H1"),
        ('h2 = "2", H1 = "[1 2 3]"', "H1: h2 is given twice"),
    ],
)
def test_what_is_no_such_array_is_refused_with_its_name(printed: str, fault: str) -> None:
    assert faults_of(printed) == [fault]


def test_values_are_checked_by_the_network_that_their_settings_make() -> None:
    text = LESSON.replace("printed", 'gradient = "weights forgotten"\nprinted') % 'Delta1 = "[1 2 3]"'
    assert set(parse_lesson(text, "mine").figures[0].printed) == {"delta_h1", "delta_h2", "delta_h3"}


@pytest.mark.parametrize(
    ("others", "ours"),
    [
        *(("A1", "H1"), ("A2", "O"), ("dZ1", "Delta1"), ("dW2", "dE_dW2"), ("db1", "dE_db1"), ("dL_dw1", "dE_dw1")),
        *(("L", "E"), ("cost", "E"), ("y_hat", "o1"), ("delta_h11", "delta_h1")),
    ],
)
def test_what_courses_call_something_suggests_its_name(others: str, ours: str) -> None:
    assert suggest_printable(network_of(2, 3, 1, biases=True), others) == f'; did you mean "{ours}"?'
