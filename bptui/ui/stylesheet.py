"""A stylesheet that looks up once which rules apply to a place on the screen, and parses each text once.

Textual looks through all rules for each widget, and for each part of a widget with a style of its own, whenever a class
changes and a screen is opened or left; the first widget of a kind has it parse all rules again. But what applies
depends on a place alone: on types, ids, classes and states from the app down to the node. Rules that ask for more, such
as which child a node is, are looked through each time.
"""

from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from textual.app import App
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

from bptui.ui.textual_private import get_parts, get_selector_names, get_style_flags, has_rules, set_style_flags

_MOST = 5_000  # places that are remembered


class _Found(NamedTuple):
    """What applies to a place.

    Attributes:
        rules: The rules, as one.
        flags: What the node is to know of them.
        names: The names of the node and of its parts, by which other rules might apply.
        whole: Whether the styles of its parts depend on the place alone, too.
    """

    rules: RulesMap
    flags: tuple[bool, ...]
    names: frozenset[str]
    whole: bool


class QuickStylesheet(Stylesheet):
    """The program's rules, in place of the stylesheet that Textual's app makes."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parse_cache: Any = {}  # of every text; Textual's has room for fewer than there are
        self._places: dict[tuple[Any, ...], int] = {}
        self._numbers = count(1)  # of places; none is given twice
        self._found: dict[int, _Found] = {}
        self._applied: WeakKeyDictionary[DOMNode, _Found] = WeakKeyDictionary()
        self._styled: tuple[DOMNode | None, int] = (None, 0)  # the node whose parts get their styles, and its place

    def parse_ahead(self, file: Path) -> None:
        """Parse the file that a screen will bring, which then need not be parsed when the screen is opened."""
        self._parse_rules(file.read_text(encoding="utf-8"), (str(file.absolute()), ""))

    def parse(self) -> None:
        """Parse what is new, and forget the places that it may apply to."""
        before = self._rules
        super().parse()
        changed = [*_missing(before, self._rules), *_missing(self._rules, before)]
        names = set[str]().union(*(rule.selector_names for rule in changed))
        if names:
            self._found = {place: found for place, found in self._found.items() if found.names.isdisjoint(names)}

    def reparse(self) -> None:
        """Parse what is new; all of it, if the variables are."""
        self.parse()

    def apply(self, node: DOMNode, *, animate: bool = False, cache: dict[Any, RulesMap] | None = None) -> None:
        """Give a node and its parts the styles that apply; see ``Stylesheet.apply``."""
        if self._require_parse:
            self.parse()
        place = self._find_place(node, {} if cache is None else cache)
        if (found := self._found.get(place)) is None:
            self._look_through(node, place, animate)
            return
        set_style_flags(node, found.flags)
        if found.whole and self._applied.get(node) is found and has_rules(node, found.rules):
            if not animate:
                node.notify_style_update()
            return
        self.replace_rules(node, found.rules, animate=animate)
        before, self._styled = self._styled, (node, place)
        self._process_component_classes(node)
        self._styled = before
        self._applied[node] = found

    def _look_through(self, node: DOMNode, place: int, animate: bool) -> None:
        """Look through all rules, and remember what applies if it depends on the place alone."""
        self._applied.pop(node, None)
        rules: dict[Any, RulesMap] = {}  # where Textual puts what depends on no other node
        before, self._styled = self._styled, (node, place)
        super().apply(node, animate=animate, cache=rules)
        self._styled = before
        if rules and place:
            parts = [DOMNode(classes=part) for part in get_parts(node)]
            whole = all(self._places.get((place, *_describe(part))) in self._found for part in parts)
            names = frozenset(get_selector_names(node).union(*map(get_selector_names, parts)))
            found = _Found(next(iter(rules.values())), get_style_flags(node), names, whole)
            self._found[place] = self._applied[node] = found

    def _find_place(self, node: DOMNode, known: dict[Any, Any]) -> int:
        """Return a number for a node's place; 0 where that is in no app.

        Args:
            node: The node.
            known: The places of other nodes that are styled at once, to which the node's parent is added.
        """
        if len(self._places) > _MOST:
            self._places, self._found = {}, {}
            self._applied.clear()
        around = node.parent
        if around is None:
            return self._number(0, node) if isinstance(node, App) else 0
        if around is self._styled[0]:  # a part of it
            place = self._styled[1]
        elif (place := known.get(around, 0)) == 0:
            place = known[around] = self._find_place(around, known)
        return self._number(place, node) if place else 0

    def _number(self, place: int, node: DOMNode) -> int:
        return self._places.setdefault((place, *_describe(node)), next(self._numbers))


def _missing(rules: list[RuleSet], others: list[RuleSet]) -> list[RuleSet]:
    """Return the rules that are not among others; their equality compares all that they say, which takes long."""
    known = set(map(id, others))
    return [rule for rule in rules if id(rule) not in known]


def _describe(node: DOMNode) -> tuple[Any, ...]:
    """Return all that a selector may ask of a node itself."""
    if isinstance(node, Widget):
        return type(node), node.id, node.classes, node.mouse_hover, node.has_focus, node.disabled, node.allow_focus()
    if isinstance(node, App):
        return type(node), node.classes, node.app_focus, node.theme, node.ansi_color
    return type(node), node.id, node.classes
