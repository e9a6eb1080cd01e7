"""The lines below the form of an exercise: the options of a choice stand in one line, the chosen one among them."""

import pytest

from bptui.exercise.editor import Editor
from bptui.exercise.lessons import make_empty
from bptui.ui.forms.descriptions import describe_field


@pytest.mark.parametrize("field", ["loss", "activation_hidden", "numbering", "biases"])
@pytest.mark.parametrize("width", [58, 78, 118, 198])
def test_options_are_shown_around_the_chosen_one_and_cut_between_words_only(field: str, width: int) -> None:
    form = Editor(make_empty(), field)
    for _ in form.options:
        form = form.choose_next()
        said = describe_field(form, width).plain.splitlines()[-1]
        names = said.removeprefix("… ").removesuffix(" …").split(" · ")
        first = form.options.index(names[0])
        assert len(said) <= width and form.text in names
        assert tuple(names) == form.options[first : first + len(names)]
        assert said.startswith("… ") == (first > 0)
        assert said.endswith(" …") == (first + len(names) < len(form.options))
