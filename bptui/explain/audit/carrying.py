"""Whether a sheet goes on with its slips: one that it does not go on with is a misprint."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class CarryCount:
    """The values that say whether a slip was carried on, counted by slip.

    Attributes:
        with_it: How many match with it and not without it.
        without_it: How many match without it and not with it.
        suspects: The slips without which a wrong value would be right.
    """

    with_it: Counter[int] = field(default_factory=Counter)
    without_it: Counter[int] = field(default_factory=Counter)
    suspects: frozenset[int] = frozenset()

    def count(self, slips: frozenset[int], matches: bool, matches_without: Callable[[int], bool]) -> frozenset[int]:
        """Count what a value says of the slips that it depends on; return those without which it matches.

        Args:
            slips: The slips.
            matches: Whether it matches with all of them carried on.
            matches_without: Whether it matches without one of them.
        """
        found = frozenset(slip for slip in slips if matches_without(slip))
        for slip in slips:
            self.with_it[slip] += matches and slip not in found
            self.without_it[slip] += slip in found and not matches
        return found

    @property
    def misprints(self) -> frozenset[int]:
        """The suspects that most values say were not carried on."""
        return frozenset(slip for slip in self.suspects if self.without_it[slip] > self.with_it[slip])
