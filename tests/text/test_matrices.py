"""Formulas with matrices as text: pieces beside each other, nothing wider than the line, nothing lost."""

from bptui.text.matrices import Grid, arrange, fit_columns, join_segments, lay_out, measure, split_columns

A = Grid("A", (("1", "20"), ("300", "4")))
B = Grid("B", (("5",), ("6",), ("7",)))
WIDE = Grid(
    "W",
    (tuple(str(n) for n in range(10, 18)), tuple("x" * 5 for _ in range(8))),
    entries=(tuple("abcdefgh"), tuple("ijklmnop")),
)


def draw(lead: str, *pieces: str | Grid, width: int = 60) -> list[str]:
    return join_segments(lay_out(lead, pieces, width))


def test_a_text_stands_at_the_middle_row_and_columns_are_aligned() -> None:
    assert draw("Z = ", A, " @ ", B) == [
        "    [   1  20 ]   [ 5 ]",
        "Z = [ 300   4 ] @ [ 6 ]",
        "                  [ 7 ]",
    ]


def test_a_formula_that_is_too_wide_goes_on_below_before_the_sign_of_the_next_matrix() -> None:
    assert draw("Z = ", A, " @ ", A, width=22) == [
        "Z = [   1  20 ]",
        "    [ 300   4 ]",
        "    @ [   1  20 ]",
        "      [ 300   4 ]",
    ]


def test_a_matrix_goes_below_its_text_where_both_are_wider_than_the_line() -> None:
    assert draw("  = ", A, " − 0.5859375·", A, width=18) == [
        "  = [   1  20 ]",
        "    [ 300   4 ]",
        "    − 0.5859375·",
        "    [   1  20 ]",
        "    [ 300   4 ]",
    ]


def test_no_row_begins_with_what_closes_a_bracket() -> None:
    assert draw("Z = ", "exp(", A, ")² + (", A, ")", width=28) == [
        "Z = exp([   1  20 ])²",
        "        [ 300   4 ]",
        "    + ([   1  20 ])",
        "       [ 300   4 ]",
    ]


def test_a_wide_matrix_is_split_into_blocks_of_columns_as_equal_as_possible() -> None:
    blocks = fit_columns(WIDE, 30)
    assert [(block.first, block.last) for block in blocks] == [(1, 4), (5, 8)]
    assert max(map(measure, blocks)) <= 30 < measure(WIDE)
    assert ["".join(block.entries[1]) for block in blocks] == ["ijkl", "mnop"]
    assert [cell for block in blocks for cell in block.rows[0]] == list(WIDE.rows[0])
    assert [len(block.rows[0]) for block in split_columns(WIDE, 3)] == [3, 3, 2]
    assert len(fit_columns(WIDE, 1)) == 8


def test_a_wide_operand_is_shown_by_its_name_and_a_wide_result_in_blocks() -> None:
    sides = list(arrange((("W + W",), (WIDE, " + ", A), (WIDE,)), lambda grid, before: fit_columns(grid, 30)))
    assert sides[:2] == [("", ("W + W",)), ("", ("W + ", A))]
    assert [words for words, _ in sides[2:]] == ["columns 1 to 4", "columns 5 to 8"]
    assert [words for words, _ in arrange(((WIDE,),), lambda grid, before: split_columns(grid, 1))][-1] == "column 8"


def test_a_side_that_only_repeats_the_one_before_is_left_out() -> None:
    sides = arrange((("exp(W)",), ("exp(", WIDE, ")"), (A,)), lambda grid, before: fit_columns(grid, 30))
    assert [pieces for _, pieces in sides] == [("exp(W)",), (A,)]


def test_a_cell_that_is_known_is_a_segment_of_its_own() -> None:
    entries = tuple(tuple(f"a{i}{j}" for j, _ in enumerate(row)) for i, row in enumerate(A.rows))
    lines = lay_out("", (Grid("A", A.rows, entries),), 60)
    assert [text for line in lines for text, entry in line if entry == "a10"] == ["300"]
