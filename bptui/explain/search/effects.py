"""What single changes do to the slips of a round: the ground on which two changes are chosen."""

from dataclasses import dataclass, field

from bptui.explain.calculation.changes import Change, ChangeSet
from bptui.explain.search.quick_look import Look


@dataclass
class Effects:
    """The single changes that alter the slips of a round, in the order they were tried.

    Attributes:
        altering: Those that alter a slip.
        altering_first: Those that alter the first slip, in order of calculation.
        resolving: Those with which the first slip comes out.
    """

    altering: list[Change] = field(default_factory=list)
    altering_first: list[Change] = field(default_factory=list)
    resolving: list[Change] = field(default_factory=list)

    @property
    def mistakes(self) -> list[Change]:
        """The gradient rules and turned updates among those that alter the first slip."""
        return [change for change in self.altering_first if change.kind in ("gradient rule", "update")]

    def list_beside(self) -> list[ChangeSet]:
        """Return each change with which the first slip comes out beside each that alters a slip."""
        return [(one, other) for one in self.resolving for other in self.altering if one != other]

    def note(self, change: Change, look: Look, before: Look, first: int) -> None:
        """Note what a change does.

        Args:
            change: The change.
            look: The slips under it.
            before: The slips without it.
            first: The place of the first of them.
        """
        pairs = list(zip(look.values, before.values, strict=True))
        reads = ("cut", True) in change.reading  # alters no number, and which digits are its own
        if reads or any(now != was for now, was in pairs):
            self.altering.append(change)
        if reads or any(now != was for now, was in pairs[:: max(len(pairs) // 2, 1)]):
            self.altering_first.append(change)
        if first in look.found:
            self.resolving.append(change)
