"""Help for any screen: its current keys, what it means, and the ideas of the subject.

The keys come from the bindings themselves, including remapped ones; the text from ``bptui.help.pages``. The list of
contents keeps the focus, so that arrows move from page to page; page keys scroll the page, and a slash filters both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.keys import format_key
from textual.screen import ModalScreen, Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from bptui.help.manual_pages import ManualPage, load_pages, make_readable
from bptui.help.pages import HelpContext, HelpPage, make_page
from bptui.help.screens import SCREEN_TOPICS
from bptui.help.topics import SUBJECT_TOPICS, Topic
from bptui.session.session import Session
from bptui.text.words import wrap_formula
from bptui.ui.bindings import HELP_BINDING, STEPPER_BINDINGS
from bptui.ui.textual_private import get_binding_chain, get_keymap, get_own_bindings
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.fields.filter import FILTER_BINDING, FilterField, has_words
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.page_scroll import PagedScroll, bind_page_keys
from bptui.ui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from rich.style import Style

_NARROWEST = 20  # least columns that text is broken to
_OWN = "keys"  # the page that every screen has of its own, with the keys there are now
_LOOK = "▸ "
_ROOMY = 70  # least columns to show names beside the keys
KeyRow = tuple[str, str, str]


def list_keys(bindings: Iterable[object]) -> list[KeyRow]:
    """Return key, name and explanation of each binding, for help and the manual alike."""
    rows = []
    for binding in bindings:
        assert isinstance(binding, Binding)
        keys = " ".join(_sign(key) for key in binding.key.split(","))
        rows.append((keys, binding.description, binding.tooltip))
    return rows


def _first_sign(keys: str) -> str:
    return _sign(keys.partition(",")[0])


def _sign(key: str) -> str:
    """Return the character that a key types, or the key's name if that is not one ASCII character."""
    sign = format_key(key)
    return sign if len(sign) == 1 and sign.isascii() else key


def list_bindings(screen: Screen[Any]) -> list[Binding]:
    """Return the program's own bindings of a screen, each once with all its keys, including inactive ones.

    Textual's own ``active_bindings`` omits those of widgets without the focus, and those that the screen does not allow
    at the moment.
    """
    # With remapped keys, and without those that a text field takes for itself
    chain = get_binding_chain(screen, modal=True)
    nodes = {node for node, _ in chain}
    rest = [(node, get_own_bindings(node).copy()) for node in screen.walk_children() if node not in nodes]
    for _, there in rest:
        there.apply_keymap(get_keymap(screen.app))
    hidden = [one for one in get_binding_chain(screen, modal=False) if one[0] not in nodes]
    app = [(node, there) for node, there in hidden if node is screen.app]
    found = [(binding, node is screen.app) for node, there in (*chain, *rest, *app) for _, binding in there]
    keys: dict[tuple[str, str], list[Binding]] = {}
    for binding, of_app in found:
        if binding.id is not None and (not of_app or binding.priority):
            keys.setdefault((binding.id, binding.action), []).append(binding)
    return [same[0].with_key(",".join(dict.fromkeys(one.key for one in same))) for same in keys.values()]


def make_help(screen: Screen[Any], session: Session) -> "HelpScreen":
    """Return help for a screen, opened at its keys."""
    bindings, changed = list_bindings(screen), get_keymap(screen.app)
    keys = {one.id: _first_sign(changed.get(one.id, one.key)) for one in STEPPER_BINDINGS if one.id}  # of below
    keys |= {one.id: _first_sign(one.key) for one in reversed(bindings) if one.id}
    network, torch = session.spec.network, session.torch
    name = type(screen).__module__.rpartition(".")[2]
    return HelpScreen(bindings, SCREEN_TOPICS[name], HelpContext(network, torch.state, torch.detail, keys))


class Contents(Choices):
    """The names of the pages."""

    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("down", "cursor_down", "Page", key_display="↑↓", tooltip="show the next page", id="next-page"),
        Binding("up", "cursor_up", "Previous page", show=False, tooltip="show the previous page", id="page-before"),
    ]


class HelpScreen(DismissOnce[None], ModalScreen[None]):
    """Explains a screen and its keys."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        *bind_page_keys("the text"),
        Binding("escape,q", "dismiss(None)", "Close", key_display="esc", tooltip="return to the screen", id="close"),
        FILTER_BINDING,
        replace(HELP_BINDING, show=False),  # it closes the screen
    ]

    def __init__(self, bindings: Sequence[Binding], topics: Sequence[Topic], shown: HelpContext) -> None:
        """Show help for a screen, opened at its keys.

        Args:
            bindings: Its keys.
            topics: Its topics.
            shown: What is on the screen.
        """
        super().__init__()
        self._rows = list_keys(bindings)
        self._own = len(topics)
        self._subject = len(topics) + len(SUBJECT_TOPICS)
        topic_pages = (make_page(topic, shown) for topic in (*topics, *SUBJECT_TOPICS))
        manual = (page for page in load_pages() if page.name != _OWN)
        self._pages: list[HelpPage | ManualPage] = [*topic_pages, *manual]

    def compose(self) -> ComposeResult:
        """Yield the contents on the left, a page on the right."""
        with Vertical(classes="dialog") as box:
            box.border_title = "help"
            contents = Contents(*self._contents(()), markup=False)
            yield FilterField(contents)
            with Horizontal():
                yield contents
                with PagedScroll():
                    yield Static(id="help-page", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def _contents(self, words: tuple[str, ...]) -> Iterable[Option]:
        """Yield the pages that have all of some words, under their headings."""
        keys = [Option(f"  {_OWN}", id="0")] if any(has_words(" ".join(row), words) for row in self._rows) else []
        found = [place for place, page in enumerate(self._pages, 1) if has_words(page.text, words)]
        options = {place: Option(f"  {self._pages[place - 1].name}", id=str(place)) for place in found}
        for heading, those in (
            ("this screen", [*keys, *(options[place] for place in found if place <= self._own)]),
            ("backpropagation", [options[place] for place in found if self._own < place <= self._subject]),
            ("manual", [options[place] for place in found if place > self._subject]),
        ):
            if those:
                yield Option(heading, disabled=True)
                yield from those

    def on_mount(self) -> None:
        """Open on the first page."""
        contents = self.query_one(Contents)
        contents.highlighted = contents.get_option_index("0")
        contents.focus()

    def on_input_changed(self) -> None:
        """Leave the pages, and the keys, that have what was typed."""
        contents = self.query_one(Contents)
        at = contents.highlighted_option
        contents.set_options(self._contents(self.query_one(FilterField).words))
        ids = [option.id for option in contents.options if option.id is not None]
        if ids:
            contents.highlighted = contents.get_option_index(at.id if at and at.id in ids else ids[0])
        self._fill()

    def action_filter(self) -> None:
        """Type what the pages must have."""
        self.query_one(FilterField).open()

    def on_option_list_option_highlighted(self) -> None:
        """Show another page."""
        self._fill()
        self.query_one(PagedScroll).scroll_home(animate=False)

    def on_resize(self) -> None:
        """Break the lines again, once the new width is known."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        at = self.query_one(OptionList).highlighted_option
        if at is not None and at.id is not None:
            width = max(self.query_one(PagedScroll).scrollable_content_region.width, _NARROWEST)
            place = int(at.id)
            words = self.query_one(FilterField).words
            rows = [row for row in self._rows if has_words(" ".join(row), words)]
            text = _page(self._pages[place - 1], width) if place else _keys(rows, width)
            self.query_one("#help-page", Static).update(text)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        self.query_one(PagedScroll).page(pages)


def _page(of: HelpPage | ManualPage, width: int) -> Content:
    """Return a page of help, broken to a width."""
    if isinstance(of, ManualPage):
        return _draw_manual_page(of, width)
    lines = [Content.styled(of.name, "bold")]
    for paragraph in of.paragraphs:
        lines += [Content(), *map(Content, wrap(paragraph, width))]
    if of.formulas:
        lines.append(Content())
    for formula in of.formulas:
        lines += [Content.styled(line, "$text-accent") for line in wrap_formula(f"  {formula}", width, 6)]
    first, *more = wrap(of.reading_hint, width - len(_LOOK))
    lines += [Content(), Content.assemble((_LOOK, "bold $text-accent"), first)]
    lines += [Content(" " * len(_LOOK) + line) for line in more]
    return Content("\n").join(lines)


def _draw_manual_page(of: ManualPage, width: int) -> Content:
    from bptui.ui.drawing.manual import draw_manual  # loads Rich's Markdown, which nothing else of help needs

    lines = draw_manual(make_readable(of.text, keep_marks=False), width)
    return Content("\n").join(
        Content.assemble(*((segment.text, _find_style(segment.style)) for segment in line)) for line in lines
    )


def _find_style(style: "Style | None") -> str:
    """Return the theme's style of text that the manual's Markdown marks."""
    if style is None:
        return ""
    names = {"bold": style.bold, "italic": style.italic, "$text-accent": style.color is not None}
    return " ".join(name for name, holds in names.items() if holds)


def _keys(rows: Sequence[KeyRow], width: int) -> Content:
    """Return keys, their names where there is room, and their actions, in columns; long explanations wrap."""
    keys, names = (max(len(row[column]) for row in rows) + 2 for column in (0, 1))
    names = names if width >= _ROOMY else 0
    lines = []
    for key, name, about in rows:
        first, *more = wrap(about, max(width - keys - names, _NARROWEST))
        beside = f"{name:<{names}}" if names else ""
        lines.append(Content.assemble((f"{key:<{keys}}", "bold $text-accent"), f"{beside}{first}"))
        lines += [Content(" " * (keys + names) + line) for line in more]
    return Content("\n").join(lines)
