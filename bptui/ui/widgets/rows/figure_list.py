"""The list of printed values beside the recomputed ones, and its rows."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from textual.content import Content
from textual.widgets.option_list import Option

from bptui.check.recompute import CheckedValue
from bptui.check.side import LAST_DIGITS, say_all_match, say_how_many_match, say_how_they_match
from bptui.core.problem.setting_names import name_setting
from bptui.derive.notations import format_label
from bptui.explain.result import ExplanationData
from bptui.explain.sentences import make_sentences
from bptui.explain.text_lines import format_as_printed
from bptui.ui.bindings import bind_enter
from bptui.ui.widgets.choices import MOVE_BINDINGS, Choices
from bptui.ui.widgets.fields.filter import FilterField, bind_chosen, has_words

_RECOMPUTED = "recomputed"
_SIGNS = {True: ("✓", "$text-success"), False: ("✗", "bold $text-warning"), None: ("·", "")}


def make_heads(found: Sequence[CheckedValue]) -> str:
    """Return the line above the list."""
    names, printed, _ = _widths(found)
    return f"    {'':{names}}  {'printed':<{printed}}  {_RECOMPUTED}"


def make_rows(found: Sequence[CheckedValue], words: tuple[str, ...] = ()) -> Iterator[Option]:
    """Yield the lines of the list: rounds and their printed values; the id of a value is its place.

    Args:
        found: The values, or those that are not checked yet.
        words: What a value's name, digits, or heading must have to be among the rows.
    """
    widths = _widths(found)
    rows = [row for row in enumerate(found) if has_words(_describe(row[1]), words)]
    for about, group in groupby(rows, lambda one: _heading(one[1])):
        yield Option(Content(about), disabled=True)
        for place, figure in group:
            cells = zip(_cells(figure), widths, strict=True)
            row = "  ".join(f"{cell:<{width}}" for cell, width in cells)
            sign = _SIGNS[figure.agrees]
            how = (f"  {LAST_DIGITS}", "dim") if figure.last_digits else ""
            yield Option(Content.assemble("  ", sign, f" {row}", how), id=str(place))


def has_wrong(found: Iterable[CheckedValue]) -> bool:
    """Whether a value differs, as far as they are checked."""
    return any(figure.agrees is False for figure in found)


def summarise_found(found: Sequence[CheckedValue], told: ExplanationData | None) -> str:
    """Return how many checked values match, and which key says why others differ."""
    wrong = sum(not figure.agrees for figure in found)
    how = say_how_they_match(sum(figure.last_digits for figure in found))
    matching = say_how_many_match(len(found) - wrong, len(found))
    if not wrong:
        return f"{say_all_match(len(found))}, {how}"
    right = f"{matching}, {how}"
    if told is None:
        return f"{right}; press w to see why {'one differs' if wrong == 1 else f'{wrong} differ'}"
    if told["limit"] is not None:
        return f"{matching}; stopped after {told['limit']:g} s; press w to continue"
    if not told["groups"]:
        return f"{right}; scroll with the page keys"
    first = told["groups"][0]
    if not first["sure"]:
        return f"{right}; page down for a possible cause"
    names = " and ".join(change["name"] for change in first["changes"])
    return f"{matching}; cause (pgdn): {names}"


def _widths(found: Sequence[CheckedValue]) -> list[int]:
    return [max(map(len, column)) for column in zip(("", "printed", _RECOMPUTED), *map(_cells, found), strict=True)]


def _cells(figure: CheckedValue) -> tuple[str, str, str]:
    number = "…" if figure.agrees is None else format_as_printed(figure.recomputed, figure.printed)
    return format_label(figure.quantity), figure.printed, number


def _describe(figure: CheckedValue) -> str:
    """Return all that a row can be found by."""
    wrong = {True: "matches ✓", False: "differs ✗", None: ""}[figure.agrees]
    return " ".join((*_cells(figure), figure.quantity, wrong, _heading(figure)))


def _heading(figure: CheckedValue) -> str:
    under = "".join(f" · {name_setting(key)} {value}" for key, value in figure.changes.items())
    by = {"numpy": "NumPy", "torch": "torch"}[figure.engine]
    return f"round {figure.round:,}{under} · {by}, {figure.precision}"


def collect_texts(found: Sequence[CheckedValue], told: ExplanationData | None) -> dict[str, str]:
    """Return the printed values, and the reasons if known, as plain text by what they are."""
    figures = [make_heads(found), *(str(option.prompt) for option in make_rows(found))] if found else []
    reasons = [line.text for line in make_sentences(told)] if told is not None else []
    pages = {"printed values": figures, "reasons": reasons}
    return {name: "\n".join(map(str.rstrip, lines)) + "\n" for name, lines in pages.items() if lines}


class _FigureFilter(FilterField):
    """The words that a printed value's line must have."""

    BINDINGS = [bind_chosen("Show", "show the round of this value")]  # noqa: RUF012


class FigureList(Choices):
    """The printed values under their rounds."""

    BINDINGS = [bind_enter("Show", "show the round of this value", "show", "select"), *MOVE_BINDINGS]  # noqa: RUF012
    _first: int | None = None  # the place of the value that the cursor was put on

    def make_filter(self) -> FilterField:
        """Return the field for the words that a row must have."""
        return _FigureFilter(self)

    def show(self, found: Sequence[CheckedValue], round_: int, words: tuple[str, ...] = ()) -> None:
        """List printed values; the cursor stays on the one that was chosen.

        At first it is on the first wrong one, preferably of a round, or on the round's first.
        """
        chosen = self.find_chosen() if self._moved else None
        self.set_options(make_rows(found, words))
        listed = [int(option.id) for option in self.options if option.id is not None]
        wrong = [place for place in listed if found[place].agrees is False]
        there = [place for place in listed if found[place].round == round_]
        both = [place for place in wrong if place in there]
        wanted = [place for place in (chosen, *both, *wrong, *there, *listed) if place in listed]
        if wanted:
            self._first = wanted[0]
            self.highlighted = self.get_option_index(str(wanted[0]))
            self.center()

    def find_chosen(self) -> int | None:
        """Return the place of the value under the cursor; None if there is none."""
        option = self.highlighted_option
        return int(option.id) if option is not None and option.id is not None else None

    @property
    def _moved(self) -> bool:
        """Whether the cursor was moved from where it was first."""
        return self.find_chosen() != self._first

    def center(self) -> None:
        """Scroll the cursor to the middle, once there is room."""

        def scroll() -> None:
            self.scroll_to_highlight(top=True)
            self.scroll_relative(y=-self.size.height // 3, animate=False)

        self.call_after_refresh(scroll)

    def scroll_to_highlight(self, top: bool = False) -> None:
        """Scroll the cursor into sight, and with the first printed value the heading above it."""
        super().scroll_to_highlight(top)
        if self.highlighted == 1:
            self.scroll_home(animate=False)
