"""What accounts for printed values in words: a mistake, another setting, a convention, or several of these at once.

A mistake in a number alone, such as swapped digits, is none of these: it explains that number and nothing after it.
"""

from collections import Counter
from collections.abc import Sequence

from bptui.explain.result import ChangeData
from bptui.text.words import join_words


def name_noun(change: ChangeData) -> str:
    """Return what a change is: a convention, a setting, or a mistake."""
    return "convention" if change["convention"] else "setting" if change["setting"] else "mistake"


def name_causes(changes: Sequence[ChangeData]) -> str:
    """Return changes made together by what they are: this mistake, this mistake and these 2 conventions together."""
    counts = Counter(map(name_noun, changes))
    names = [f"this {noun}" if count == 1 else f"these {count} {noun}s" for noun, count in counts.items()]
    return f"{join_words(names)}{' together' if len(changes) > 1 else ''}"


def reproduce(changes: Sequence[ChangeData], agree: bool = False) -> str:
    """Return the verb for changes that account for values, as an infinitive unless it agrees in number with them."""
    verb = "give" if all(change["convention"] for change in changes) else "reproduce"
    return f"{verb}s" if agree and len(changes) == 1 else verb


def is_single_number(changes: Sequence[ChangeData]) -> bool:
    """Whether changes are about numbers that are wrong each by itself."""
    return all(change["kind"] == "slip" for change in changes)


def name_columns(changes: Sequence[ChangeData]) -> tuple[str, str]:
    """Return the heads of the columns of recomputed values: those of the problem, and those under some changes."""
    nouns = set(map(name_noun, changes))
    if is_single_number(changes):
        return "recomputed", "should be"
    those = f"this {name_noun(changes[0])}" if len(changes) == 1 else f"these {name_noun(changes[0])}s"
    return "correct" if nouns == {"mistake"} else "recomputed", f"with {those if len(nouns) == 1 else 'these'}"
