"""Trees as text: branches drawn to the left of their items, a nested list in Markdown, indented lines in LaTeX.

An item is its level, 0 for a root, and its lines; the items below an item follow it.
"""

from collections.abc import Iterator, Sequence

from bptui.text.words import wrap_formula

Items = Sequence[tuple[int, Sequence[str]]]


def draw_branches(levels: Sequence[int]) -> list[tuple[str, str]]:
    """Return what stands before each item of a tree: before its first line, and before its further lines."""
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


def draw_tree(items: Items, width: int) -> Iterator[str]:
    """Yield the lines of a tree with its branches; long ones are wrapped, at half the width at least."""
    for (_, lines), (first, rest) in zip(items, draw_branches([level for level, _ in items]), strict=True):
        before = first
        for line in lines:
            for part in wrap_formula(line, max(width - len(rest), width // 2), 4):
                yield f"{before}{part}"
                before = rest


def nest_in_markdown(items: Items) -> Iterator[str]:
    """Yield the lines of a list in which the items of a level are a list in the item above."""
    for level, lines in items:
        margin = "  " * level
        # A backslash ends a line within an item
        yield f"{margin}- " + f"\\\n{margin}  ".join(lines)


def indent_in_latex(items: Items) -> Iterator[str]:
    """Yield a paragraph for each item, indented by its level: LaTeX's own lists nest only four deep."""
    for level, lines in items:
        yield rf"{{\leftskip={level}em " + r" \\ ".join(lines) + r"\par}"
