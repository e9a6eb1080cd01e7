"""The form of an exercise: every field has its width, whatever is typed in it."""

from time import process_time

import pytest
from rich.cells import cell_len

from bptui.exercise.editor import Editor
from bptui.exercise.lessons import make_empty
from bptui.ui.forms.form import FormPanel
from tests.loops import take_at_most


@pytest.mark.parametrize("sign", ["a", "漢", "e\u0301", "👩\u200d👩\u200d👧 "], ids=ascii)
def test_a_field_keeps_its_width_and_is_drawn_at_once_whatever_is_in_it(sign: str) -> None:
    panel, plain = FormPanel("my own exercise"), Editor(make_empty(), "hidden")
    full = Editor(plain.draft.with_text("x 1 1", sign * 5_000), "hidden")
    began = process_time()
    drawn = [panel.draw(editor, 80, 30) for editor in (plain, full)]
    assert take_at_most(process_time() - began, 5)
    before, after = (["".join(span.text for span in line) for line in lines] for lines in drawn)
    row = next(place for place, text in enumerate(before) if "x1" in text)
    assert cell_len(after[row]) == cell_len(before[row]) and "…" in after[row]
