"""The command ``practice``: what it refuses before the screen opens."""

from tests.cli.refusals import Output, refused


def test_a_part_that_is_none_is_refused_before_the_screen_opens(capsys: Output, in_a_terminal: None) -> None:
    (line,) = refused(capsys, "practice", "two-by-two", "--part", "forwards")
    assert line.startswith('bptui: --part: "forwards" must be one of whole round, forward')


def test_without_a_terminal_it_says_what_prints_the_calculation(capsys: Output) -> None:
    fault = "the program needs a terminal; `bptui derive LESSON` prints the whole calculation"
    assert refused(capsys, "practice", "two-by-two") == [f"bptui: {fault}"]
