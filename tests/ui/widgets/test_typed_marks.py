"""What stands beside each line of typed values, and the sentence below them."""

from bptui.check.typed_values import CheckedText, ValueChecker
from bptui.lessons.lesson import load_lesson
from bptui.ui.widgets.rows.typed_marks import find_first_wrong, summarise, write_marks

CHECKER = ValueChecker(load_lesson("mazur-2015"))


def check(text: str) -> CheckedText:
    CHECKER.train(1, "numpy", 60.0)
    return CHECKER.check(1, "numpy", text)


def test_a_line_says_first_what_is_wrong_in_it() -> None:
    found = check("h1 0.5933, h2 0.6, h3 = 1\nHidden\nE 0.298371109\nw1 0.15")
    assert write_marks(found) == {
        1: ['! h3 is not a quantity of this network; did you mean "h2"?', "✓ h1, h2"],
        2: ["· skipped: no number here"],
        3: ["✓ E 0.298371108760"],
        4: ["· w1 is the value that the round starts with: nothing to check"],
    }


def test_a_value_that_differs_stands_before_those_that_match() -> None:
    assert write_marks(check("h1 0.5933, h2 0.5, o1 0.7514")) == {1: ["✗ h2 is 0.5969", "✓ h1, o1"]}


def test_the_sentence_counts_and_names_lines() -> None:
    assert summarise(check("")) == "type or paste printed values, such as dE_dw1 = 0.000439, or an array"
    assert summarise(check("E 0.3")) == "1 value: it matches"
    assert summarise(check("E 0.3\nh1 0.6")) == "2 values: all match"
    assert summarise(check("E 0.3\nh1 0.7\nh2 0.1")) == "3 values, 2 differ, first in line 2"
    assert summarise(check("E 0.3\nfoo = 1")) == "1 value: it matches; line 2 has an error"
    assert summarise(check("foo = 1\nbar = 2")) == "line 1 and 1 more have errors"
    assert find_first_wrong(check("E 0.3\n\nh1 0.7")) == 3 and not find_first_wrong(check("E 0.3"))
