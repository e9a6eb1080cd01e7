"""All keys, and what each panel means: the keys come from the bindings themselves."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from bptui.text import columns
from bptui.ui.leaving import Leaving
from bptui.ui.too_small import TooSmall

_PANELS = """
WHAT THE PANELS MEAN

network      A line is a weight: solid when positive, dashed when negative, the
             thicker the larger. Neurons show their outputs, a = f(in).

forward      in = Σ w·source (+ bias), output = f(in). numpy and torch are two
             trainings from the same start. The loss floor is the lowest loss
             these outputs can reach at all, whatever the weights.

gradients    ∂E/∂w by hand in NumPy and by torch's autograd, each in its own
             training; |Δ| is the difference of the two. The mark is the
             gradient check, both ways at the same weights: ✓ equal up to
             rounding, ✗ a different formula, · not (yet) to be told.
             w after = w before − η · ∂E/∂w.

figures      Where somebody printed figures for the round, a mark right behind a
             number says whether it is the printed one, digit by digit: ✓ it is,
             ✗ it is not, · not (yet) to be told. c lists all figures of the
             lesson and searches for what was done instead where one is wrong;
             m does the same for a number of your own.

derivation   What the selected part is computed from: the general formula, this
             one, the same with this round's numbers in it, the value with all
             its digits. enter derives it in full, with the chain rule behind it.

loss         E of every round so far, highest of each stretch; × marks a stretch
             without any finite loss; the lit column holds the round shown.

A step inside the round (. and ,) calculates one phase: forward hidden, forward
output, loss, output deltas, output gradients, hidden deltas, hidden gradients,
update. A dot stands for what is not calculated yet; what the last step went
through is lit, with an arrow for the way it goes. δ is a neuron's delta,
∂E/∂in, which the backward pass hands on.

A round is one forward pass, one backward pass and one update. All it shows is
computed from the weights it started with; the update comes last.
"""


_SIGNS = {
    "question_mark": "?",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "full_stop": ".",
    "comma": ",",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def keys_of(bindings: Iterable[object]) -> list[tuple[str, str, str]]:
    """Key, name and explanation of each binding, for help and README alike."""
    rows = []
    for binding in bindings:
        assert isinstance(binding, Binding)
        keys = " ".join(_sign(key) for key in binding.key.split(","))
        rows.append((keys, binding.description, binding.tooltip))
    return rows


def _sign(key: str) -> str:
    return _SIGNS.get(key, key)


class HelpScreen(Leaving[None], ModalScreen[None]):
    """Shows the keys of a screen and the meaning of its panels."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [Binding("escape,f1,question_mark,q", "dismiss(None)", "Close", id="close")]  # noqa: RUF012

    def __init__(self, bindings: Iterable[object]) -> None:
        super().__init__()
        self._keys = keys_of(bindings)

    def compose(self) -> ComposeResult:
        """The key table, then the panels."""
        with Vertical(classes="dialog") as box:
            box.border_title = "help"
            with VerticalScroll():
                yield Static("KEYS\n\n" + "\n".join(columns(self._keys, left=3)), markup=False)
                yield Static(_PANELS, markup=False)
            yield Static("arrows scroll, escape closes; ctrl+p finds every command", classes="about", markup=False)
        yield TooSmall()
