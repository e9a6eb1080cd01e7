"""Observations on the run under the cursor and on all runs together, and the lesson's note."""

from collections.abc import Iterator
from textwrap import wrap

from bptui.compare.remarks import make_remarks
from bptui.compare.table import make_footnotes
from bptui.compare.view import View
from bptui.ui.drawing.lines import CURVE_ROLES, Line, Span, make_line
from bptui.ui.drawing.markdown import draw_markdown
from bptui.ui.widgets.panel import Panel

_NARROWEST = 20


class ObservationsPanel(Panel[View]):
    """Sentences, broken to the width."""

    def heading(self, frame: View) -> str:
        """See ``Panel.heading``."""
        row = frame.rows[frame.at]
        return f"{row.letter} · {row.name}"

    def draw(self, frame: View, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        width = max(width, _NARROWEST)
        row = frame.rows[frame.at]
        lines: list[Line] = []
        if row.summary is None:
            lines.append(make_line(Span("analysing …", "dim")))
        else:
            color = CURVE_ROLES[frame.at % len(CURVE_ROLES)]
            lines += [make_line(Span(text, color)) for text in wrap(row.summary["said"], width)]
            lines += _bulleted_lines(row.summary["observations"], width)
        if together := list(make_remarks(frame.rows)):
            lines += [make_line(""), make_line(Span("all together", "title")), *_bulleted_lines(together, width)]
        lines += [make_line(Span(text, "dim")) for note in make_footnotes(frame.rows) for text in wrap(note, width)]
        if note := frame.trainings[frame.at].lesson.note.strip():
            lines += [make_line(""), make_line(Span("the lesson's note", "title")), *draw_markdown(note, width)]
        return lines


def _bulleted_lines(sentences: list[str], width: int) -> Iterator[Line]:
    for sentence in sentences:
        first, *others = wrap(sentence, width - 2)
        yield make_line(f"· {first}")
        yield from (make_line(f"  {text}") for text in others)
