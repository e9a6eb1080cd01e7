"""The top line: the lesson or what the last step did, the round, whether it is running, and the two engines."""

from collections.abc import Iterator
from math import isinf

from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.session.samples import describe_samples
from bptui.text.words import clip_cells, count_cells, pad_cells
from bptui.ui.drawing.lines import Line, Span, make_line
from bptui.ui.widgets.panel import Panel


class StatusPanel(Panel[Frame]):
    """One line: the lesson's title, or what a step inside the round did, or a notice; then round, speed and engines."""

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        engines, role = _engines(frame)
        last = f"/{frame.spec.rounds:,}" if frame.round <= frame.spec.rounds else ""
        step = f" · step {frame.last_step.step}/{frame.last_step.steps}" if frame.last_step else ""
        samples = f" · {said}" if (said := describe_samples(frame.spec, frame.round)) else ""
        where = f" round {frame.round:,}{last}{samples}{step} "
        speed = "flat out" if isinf(frame.speed) else f"{frame.speed:,.0f}/s"
        state = f"▶ {speed}  " if frame.running else " "
        room = max(width - len(where) - len(state) - len(engines) - 3, 0)
        if count_cells(frame.notice) > room:  # which is seen once; the engines are there again with the next key
            room, engines = room + len(engines), ""
        texts = [frame.notice] if frame.notice else [*_step_in_words(frame), frame.title]
        text = next((text for text in texts if count_cells(text) <= room), texts[-1])
        return [
            make_line(
                " ",
                Span(
                    pad_cells(clip_cells(text, room), room),
                    "warning" if frame.notice else "title" if text != frame.title else "",
                ),
                " ",
                Span(where, "accent"),
                Span(state, "good" if frame.running else "label"),
                Span(engines, role),
                " ",
            )
        ]


def _step_in_words(frame: Frame) -> Iterator[str]:
    """Yield what the last step inside the round calculated, in full and then in ever fewer words."""
    if frame.last_step is None or not frame.last_step.names:
        return
    names = [format_label(name) for name in frame.last_step.names_of(frame.sample)]
    every, ends = ", ".join(names), f"{names[0]} … {names[-1]}" if len(names) > 2 else ", ".join(names)
    yield from dict.fromkeys(f"{frame.last_step.phase}: {some}" for some in (every, ends))
    yield from (ends, frame.last_step.phase)


def _engines(frame: Frame) -> tuple[str, str]:
    """Return the two engines in words, and the role of that text."""
    mine, theirs = (frame.spec.precision_of(e).replace("float", "f") for e in ("numpy", "torch"))
    if frame.torch_state == "loading":
        return f"numpy {mine} | torch loading…", "label"
    if frame.torch_state == "unavailable":
        return f"numpy {mine} | no torch", "warning"
    return f"numpy {mine} | torch {theirs}", "label"
