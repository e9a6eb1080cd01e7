"""What may have happened to one number alone: digits swapped or misread, a sign, a decimal point, another number.

The audit goes on from the printed number, whatever its cause, so these explain a slip and nothing after it.
"""

from collections.abc import Iterator, Mapping

from bptui.core.formulas.expr import Name
from bptui.core.formulas.network import Network
from bptui.core.quantities.printable import list_printable
from bptui.derive.notations import format_label
from bptui.explain.calculation.changes import Change
from bptui.text.printed import PrintedNumber
from bptui.text.words import format_count

_WORST_POWER = 3  # the largest power of ten by which a decimal point is misplaced
_LEAST_DIGITS = 3  # of a number that is recognised as another quantity's


def list_misprints(digits: PrintedNumber, value: float) -> Iterator[Change]:
    """Yield what turns a number into a printed value.

    Args:
        digits: The printed value.
        value: The number that should be printed.
    """
    if digits.is_misprint_of(value, "swapped"):
        yield _slip("digits swapped", "two neighbouring digits are swapped", 1)
    if digits.is_misprint_of(value, "digit"):
        yield _slip("one digit", "one digit is wrong, and the others are right", 2)
    if digits.half and digits.agree(value, cut=True):
        yield _slip("digits cut off", "the last digits are cut off instead of rounded", 0)
    if not value or not digits.count:
        return
    if digits.agree(-value):
        yield _slip("sign lost", "the number has the wrong sign", 1)
    for power in (p for p in range(-_WORST_POWER, _WORST_POWER + 1) if p):
        if digits.agree(value * 10.0**power):
            places = f"{format_count(abs(power), 'place')} too far to the {'right' if power > 0 else 'left'}"
            about = f"the digits are right, but the decimal point is {places}"
            yield _slip("decimal point", about, 1)


def list_confusions(
    network: Network, name: str, digits: PrintedNumber, values: Mapping[str, float], least: int = _LEAST_DIGITS
) -> Iterator[Change]:
    """Yield the other quantities of the round whose number a printed value is.

    Args:
        network: The network.
        name: What the printed value is said to be.
        digits: The printed value.
        values: The numbers of the round, by name.
        least: The digits that it needs to be recognised.
    """
    if digits.count < least:
        return
    for other, expr in list_printable(network).items():
        # a name is a quantity of its own
        if other != name and not isinstance(expr, Name) and other in values and digits.agree(values[other]):
            about = f"the number is the value of another quantity, {format_label(other)}"
            yield Change("slip", f"that is {other}", about, weight=1.5)


def _slip(name: str, about: str, weight: float) -> Change:
    return Change("slip", name, about, weight=weight)
