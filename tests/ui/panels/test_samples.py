"""The table of samples, and which of them is shown, in words."""

from dataclasses import replace

from bptui.session.frame import make_frame
from bptui.ui.panels.samples import describe_shown, draw_samples
from tests.session.test_samples import ONLINE, XOR, session_of


def test_every_sample_has_a_line_and_a_click_on_it_shows_it() -> None:
    session = session_of(XOR)
    head, *lines = draw_samples(make_frame(session), 40)
    assert [span.text.split()[0] for (span,) in (head, *lines)] == ["sample", "1", "2", "3", "4"]
    assert session.select(lines[2][0].part).sample == 3 and lines[0][0].role == "selected"
    assert {line[0].text[0] for line in lines} == {" "}


def test_the_samples_that_a_round_uses_are_marked_where_it_does_not_use_all() -> None:
    _, *lines = draw_samples(make_frame(session_of(ONLINE).next()), 40)
    assert [line[0].text[0] for line in lines] == [" ", "▸", " ", " "]


def test_the_sample_shown_is_named_in_a_heading() -> None:
    session = session_of(XOR)
    assert describe_shown(make_frame(session)) == "sample 1 of 4 · "
    assert describe_shown(make_frame(replace(session, chosen_sample=0))) == "all 4 samples · "
