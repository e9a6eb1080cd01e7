"""The field for an answer, whose enter belongs to its screen."""

from textual.binding import Binding
from textual.widgets import Input

from bptui.ui.widgets.fields.bounded import BoundedInput


class AnswerInput(BoundedInput, inherit_bindings=False):
    """The field for an answer."""

    BINDINGS = [binding for binding in Input.BINDINGS if isinstance(binding, Binding) and binding.key != "enter"]  # noqa: RUF012
