"""The branches of a tree drawn as text, to the left of its items."""

from collections.abc import Sequence


def draw_branches(levels: Sequence[int]) -> list[tuple[str, str]]:
    """Return what stands before each item of a tree: before its first line, and before its further lines.

    Args:
        levels: The level of each item, 0 for a root; the items below an item follow it.
    """
    found: list[tuple[str, str]] = []
    goes_on: set[int] = set()  # levels that have an item further down, below the same one above
    for level, after in zip(reversed(levels), [-1, *reversed(levels)], strict=False):
        goes_on = {one for one in goes_on if one <= level}
        outer = "".join("│  " if one in goes_on else "   " for one in range(1, level))
        own = ("├─ ", "│  ") if level in goes_on else ("└─ ", "   ")
        first, rest = (outer + one for one in own) if level else ("", "")
        found.append((first, rest + ("│  " if after > level else "   ")))
        goes_on.add(level)
    return found[::-1]
