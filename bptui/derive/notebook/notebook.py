"""A lesson as a Jupyter notebook: one round by hand and with autograd, both compared, then the training.

Its cells are the parts of the two programs, out of their loop where they are of round 1. Nothing that a user wrote is
in a code cell: a title and a note are escaped in Markdown, numbers are Python's own.
"""

import json
from collections.abc import Iterator
from typing import Any

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.names import gradient
from bptui.core.problem.spec import Spec
from bptui.derive.blocks import Block, Heading, Paragraph, UserNote
from bptui.derive.code_lines import break_line
from bptui.derive.given import describe_network
from bptui.derive.notebook.cells import (
    Cell,
    begin_round_1,
    collect_sources,
    describe_departure,
    make_section,
    write_markdown,
)
from bptui.derive.notebook.comparison import explain_autograd
from bptui.derive.notes import make_printed_note
from bptui.derive.numpy_program import list_trained, pick_network, print_outputs
from bptui.derive.program_parts import assign_settings
from bptui.lessons.lesson import Lesson
from bptui.text.words import make_one_line, make_printable

_LONG = 200_000_000  # formulas that take Python most of a minute
_MANY = 100_000  # points of a curve that are drawn piece by piece
_FEW = 50  # points of a curve that can be told from each other


def format_notebook(lesson: Lesson) -> str:
    """Return a lesson as the text of a notebook file, in version 4.5 of the format.

    Source: https://nbformat.readthedocs.io/en/latest/format_description.html
    """
    notebook = {
        "cells": [_make_entry(cell) for cell in make_cells(lesson)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def make_cells(lesson: Lesson) -> Iterator[Cell]:
    """Yield the cells of a lesson's notebook, in their order."""
    yield write_markdown("title", _introduce(lesson))
    yield from _explain_round(lesson.spec)
    yield from explain_autograd(lesson.spec)
    yield from _explain_training(lesson.spec)


def _make_entry(cell: Cell) -> dict[str, Any]:
    own: dict[str, Any] = {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
    return {"cell_type": cell.kind, "id": cell.id, "metadata": {}, **own, "source": cell.text.splitlines(True)}


def _introduce(lesson: Lesson) -> Iterator[Block]:
    yield Heading(make_one_line(lesson.title), 1)
    yield Paragraph(
        "This notebook calculates one round of backpropagation by hand in NumPy and again with PyTorch's autograd, "
        "compares the two, and then runs the training. Run the cells from top to bottom. They need only NumPy, PyTorch "
        "and matplotlib."
    )
    yield describe_network(lesson.spec, lesson.spec.network)
    if lesson.note:
        yield UserNote(make_printable(make_printed_note(lesson.note)))


# One round by hand


def _explain_round(spec: Spec) -> Iterator[Cell]:
    sources, n = collect_sources(spec, "numpy"), pick_network(spec)
    yield from make_section(
        "data",
        "Data",
        "The inputs, the targets and the settings of the training; eta is the learning rate.",
        sources["imports"],
        sources["data"],
        "\n".join(assign_settings(spec)),
    )
    yield from make_section("weights", "Start", "Round 1 starts from these numbers.", sources["weights"])
    forward = "Round 1, from the inputs to the outputs: each neuron adds up its inputs times their weights, and its "
    outputs = "\n".join(print_outputs(spec, n))
    yield from make_section(
        "forward",
        "Forward pass",
        f"{forward}activation turns the sum into its output.",
        begin_round_1(sources),
        sources["forward"],
        outputs,
    )
    loss = "One number for how far the outputs are from their targets."
    yield from make_section("loss", "Loss", loss, sources["loss"], 'print("E", E)')
    by_hand = break_line("by_hand = [", f"{', '.join(['E', *map(gradient, list_trained(n))])}]")
    about = "The backward pass, from the loss to the weights: dE_dw1 is the derivative of E with respect to w1."
    yield from make_section(
        "gradients", "Gradients by hand", f"{about}{describe_departure(spec)}", sources["gradient"], "\n".join(by_hand)
    )


# The training


def _explain_training(spec: Spec) -> Iterator[Cell]:
    sources = collect_sources(spec, "numpy")
    about = "All rounds by hand, again from the start."
    if spec.period > 1:
        about += " Above, X and Y were PyTorch tensors; here they are NumPy arrays again."
    count = len(list_formulas(spec.network))
    if spec.rounds * count > _LONG:
        about += (
            f" There are {spec.rounds:,} rounds of {count:,} formulas, which Python calculates one by one. This may "
        )
        about += "take minutes; a smaller number in rounds shortens it."
    inside = "\n\n".join(sources[part] for part in ("forward", "loss", "gradient", "update"))
    loop = f"{sources['loop']}\n{inside}" if "\n" not in sources["loop"] else f"{sources['loop']}\n\n{inside}"
    yield from make_section(
        "training",
        "Training",
        about,
        sources["data"] if spec.period > 1 else "",
        sources["weights"],
        "losses = np.empty(rounds)",
        f"{loop}\n\n    losses[n - 1] = E",
        'print("E of the first round:", losses[0])\nprint("E of the last round: ", losses[-1])',
    )
    curve = "E in each round, before its update. Values that are not finite are not drawn."
    if spec.period > 1:
        curve += " Each round uses other samples, so E in one round and E in the next are not for the same data."
    pieces = ['plt.rcParams["agg.path.chunksize"] = 10_000  # draw a long curve in pieces'] * (spec.rounds > _MANY)
    lines = [
        f'plt.plot(np.arange(1, rounds + 1), losses, "{"." if spec.rounds < _FEW else ""}-")',
        'plt.xlabel("round")',
        f'plt.ylabel("E, {spec.loss}")',
        "plt.show()",
    ]
    yield from make_section(
        "curve", "Loss curve", curve, "import matplotlib.pyplot as plt", "\n".join([*pieces, *lines])
    )
