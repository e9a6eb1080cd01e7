"""Observations on the run under the cursor and on all runs together, and the lesson's note."""

from collections.abc import Iterator
from textwrap import wrap

from bptui.compare.table import footnotes, remarks
from bptui.compare.view import View
from bptui.ui.drawing.lines import CURVES, Line, Span, line
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
            lines.append(line(Span("looking at it …", "dim")))
        else:
            color = CURVES[frame.at % len(CURVES)]
            lines += [line(Span(text, color)) for text in wrap(row.summary["said"], width)]
            lines += _bulleted_lines(row.summary["observations"], width)
        if together := list(remarks(frame.rows)):
            lines += [line(""), line(Span("all together", "title")), *_bulleted_lines(together, width)]
        lines += [line(Span(text, "dim")) for note in footnotes(frame.rows) for text in wrap(note, width)]
        if note := frame.trainings[frame.at].lesson.note.strip():
            lines += [line(""), line(Span("the lesson's note", "title")), *_note_lines(note, width)]
        return lines


def _bulleted_lines(sentences: list[str], width: int) -> Iterator[Line]:
    for sentence in sentences:
        first, *others = wrap(sentence, width - 2)
        yield line(f"· {first}")
        yield from (line(f"  {text}") for text in others)


def _note_lines(note: str, width: int) -> Iterator[Line]:
    """Yield a note's paragraphs, rewrapped; lines of its tables are unchanged."""
    for paragraph in note.split("\n\n"):
        table = paragraph.lstrip().startswith("|")
        text = paragraph.replace("**", "").replace("`", "")
        yield from map(line, text.split("\n") if table else wrap(text, width))
