"""Notes in a panel: rendered, in lines of the panel's width, with no number cut."""

from bptui.lessons.lesson import load_bundled_lessons, load_lesson
from bptui.text.words import count_cells
from bptui.ui.drawing.markdown import draw_markdown


def text_of(note: str, width: int) -> str:
    return "\n".join("".join(span.text for span in line) for line in draw_markdown(note, width))


def test_emphasis_has_a_role_and_no_mark() -> None:
    lines = draw_markdown("**Bold** and `code` and plain.", 40)
    assert lines[0][0].role == "title" and text_of("**Bold** `code`", 40).strip() == "Bold code"


def test_a_table_is_aligned_where_there_is_room_and_read_row_by_row_where_there_is_not() -> None:
    note = "| step | E |\n| ---: | ---: |\n| 0.01 | 0.20837 |\n| 10 | 0.01031 |"
    assert text_of(note, 40).splitlines() == ["step        E", "0.01  0.20837", "10    0.01031"]
    assert text_of(note, 12) == "· step 0.01:\n  E 0.20837\n· step 10: E\n  0.01031"


def test_every_note_fits_its_panel_with_all_its_numbers() -> None:
    for lesson in load_bundled_lessons():
        for width in (30, 44, 76):
            assert all(count_cells(line) <= width for line in text_of(lesson.note, width).splitlines()), lesson.name
    assert {"294,353", "0.20837", "0.002518"} <= set(
        text_of(load_lesson("step-size").note, 34).replace(";", "").split()
    )
