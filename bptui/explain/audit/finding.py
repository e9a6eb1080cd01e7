"""What an audit says of printed values, as plain data."""

from collections.abc import Sequence
from typing import NamedTuple

from bptui.explain.calculation.steps import Step

RIGHT, ROUNDED, FOLLOWS, WRONG, UNKNOWN = "right", "rounded on the way", "follows", "wrong here", "cannot tell"
FULL, PRINTED = "full digits", "printed digits"


class Finding(NamedTuple):
    """What the audit says of one printed value.

    Attributes:
        place: Its place among the printed values.
        status: One of RIGHT, ROUNDED, FOLLOWS, WRONG and UNKNOWN.
        value: The number that the values before it give; None if there is no such number.
        slack: By how much the digits that are not printed may move that number.
        slips: The places of the earlier slips that it depends on.
        unsure: The name and round of the number before it that has too few digits, and how many it needs, if UNKNOWN;
            0 if all.
        own: The number of the calculation that goes on with no printed value.
        own_matches: Whether it matches that.
        last_digits: Whether it matches that but for the last digits.
        step: The line by which it is calculated, if it is WRONG.
        operands: The numbers that were put into it, by name: printed where they are.
    """

    place: int
    status: str
    value: float | None
    slack: float = 0.0
    slips: frozenset[int] = frozenset()
    unsure: tuple[str, int, int] | None = None
    own: float | None = None
    own_matches: bool = False
    last_digits: bool = False
    step: Step | None = None
    operands: tuple[tuple[str, float], ...] = ()

    def moved(self, places: Sequence[int]) -> "Finding":
        """Return the same finding with other places: ``places[p]`` for each p."""
        return self._replace(place=places[self.place], slips=frozenset(places[slip] for slip in self.slips))


class Audit(NamedTuple):
    """What an audit found.

    Attributes:
        findings: What it says of each printed value, in their order.
        flow: FULL or PRINTED where it is clear which digits the sheet goes on with, else empty.
    """

    findings: tuple[Finding, ...]
    flow: str = ""

    def places(self, *statuses: str) -> frozenset[int]:
        """Return the places of the values of some statuses."""
        return frozenset(f.place for f in self.findings if f.status in statuses)

    @property
    def slips(self) -> tuple[int, ...]:
        """The places of the values that are wrong in themselves, in order of calculation."""
        return tuple(f.place for f in self.findings if f.status == WRONG)
