"""Curves of a plot: no two of the first two dozen look the same."""

import numpy as np

from bptui.compare.curves import Axis, make_bins
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.lines import CURVE_ROLES
from bptui.ui.drawing.plots.plot import DASHES, draw_curve, make_loss_axis


def drawn(dashes: int) -> str:
    """A level curve of 100 rounds on 40 columns."""
    found = make_bins(np.ones(100), Axis(1.0, 100.0), 80, log=False)
    canvas = Canvas(40, 3)
    draw_curve(canvas, found, make_loss_axis(found, log=False), 40, CURVE_ROLES[0], dashes=dashes)
    return "".join(span.text for line in canvas.lines() for span in line)


def test_curves_of_one_colour_have_different_dashes() -> None:
    assert len({drawn(number) for number in range(len(DASHES))}) == len(DASHES)
    assert len(DASHES) * len(CURVE_ROLES) == 24 and " " in drawn(1).strip() and " " not in drawn(0).strip()
