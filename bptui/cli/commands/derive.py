"""The command ``derive``: a round's whole calculation."""

import argparse

from bptui.cli.arguments import add_lesson, add_round, add_settings, parse_int, read_lesson
from bptui.cli.output import print_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, its round, a single quantity, the form and the format of the output, and its digits."""
    add_lesson(parser)
    add_round(parser)
    parser.add_argument(
        "--quantity",
        metavar="NAME",
        help="only this quantity with its factors, such as dE_dw1; or a matrix, such as dE_dW1",
    )
    forms = (
        "letters: a formula for each number; matrix: a formula for each matrix, with its shape; graph: from E back to "
        "the weights, with the derivative that reaches each node (default: letters)"
    )
    parser.add_argument("--form", default="letters", choices=("letters", "matrix", "graph"), help=forms)
    parser.add_argument(
        "--format", default="text", choices=("text", "markdown", "latex"), help="output format (default: text)"
    )
    digits = "number of significant digits, 1 to 17 (default: 6)"
    parser.add_argument("--precision-shown", default="6", metavar="N", help=digits)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Print a round's whole calculation."""
    from bptui.core.problem.settings import MOST_ROUNDS
    from bptui.derive.graph.page import derive_graph
    from bptui.derive.matrices.page import derive_in_matrices
    from bptui.derive.page import derive_round

    round_ = parse_int("--round", options.round, MOST_ROUNDS)
    digits = parse_int("--precision-shown", options.precision_shown, 17)
    forms = {"letters": derive_round, "matrix": derive_in_matrices, "graph": derive_graph}
    return print_lines(forms[options.form](read_lesson(options), round_, options.format, digits, options.quantity))
