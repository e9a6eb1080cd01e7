"""A printed value, with the problem it was printed for."""

from functools import cached_property

from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec
from bptui.record import record
from bptui.text.printed import PrintedNumber


@record
class Figure:
    """A printed value.

    Attributes:
        spec: The problem it was printed for, in the precision it was calculated in.
        round: Its round, from 1.
        name: Its name in ``list_printable``.
        printed: Its digits.
        engine: "numpy" or "torch", whichever it is attributed to.
        decimals: How many decimals a bare point stands for; None if it has none.
    """

    spec: Spec
    round: int
    name: str
    printed: str
    engine: str = "numpy"
    decimals: int | None = None

    @property
    def network(self) -> Network:
        """The network of its round."""
        return self.spec.network_of(self.round)

    @cached_property
    def digits(self) -> PrintedNumber:
        """The number and its precision."""
        return PrintedNumber.of(self.printed, self.decimals)
