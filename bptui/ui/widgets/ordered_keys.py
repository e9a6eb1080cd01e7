"""Hand keys and pastes to the screen one at a time, each once all that the one before asked for is done.

Textual looks up a key's action only after the key went from the focused field up to the app, and by then has given the
field the keys behind it: typed quickly, "tab 1" or "ctrl+u 5" act in the wrong order, and a key that comes while a
dialog opens is lost on the screen below. Here a message follows each key on its way up, and the next key follows that.
Where no field has the focus, and the screen itself takes none, a key acts at once.

A terminal that does not mark a paste sends it as keys, for each of which a field changes: a palette searches for 70 ms.
So of very many characters that wait, a field, or a screen that is typed into, is given all at once.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import takewhile
from typing import Any
from weakref import WeakSet

from textual import events
from textual.app import ScreenStackError
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widgets import Input

from bptui.ui.widgets.dismiss_once import start_work
from bptui.ui.widgets.palette import PaletteApp

_PASSES = 3  # ways up from the field: what a key does may be a message, whose answer is another
_LONGEST = 1.0  # seconds that a key waits for the one before, whatever that does
_HELD = 0.3  # seconds that keys wait for work
_MANY = 64  # characters that wait, which nobody has typed one by one

Typed = events.Key | events.Paste


MANY_KEYS = "text"
"""The name of the key that types many characters; for a screen that is typed into they may have line ends."""


class TypedInto:
    """A screen that puts in what is typed, however many characters a key has."""


class OrderedKeysApp(PaletteApp):
    """An app in which no key is lost or overtakes another."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._keys: deque[Typed] = deque()
        self._at_work = False
        self._focus_news: events.AppFocus | events.AppBlur | None = None  # the last
        self._settled: WeakSet[Screen[Any]] = WeakSet()  # the screens that have all their fields
        self._holds: set[object] = set()
        self._free = asyncio.Event()
        self._free.set()

    @property
    def keys_at_work(self) -> bool:
        """Whether a key that was pressed is not done."""
        return self._at_work or bool(self._keys)

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; a key or a paste waits for those before it, and a press on what is gone does nothing."""
        if isinstance(event, Typed) and not event.is_forwarded:
            self._keys.append(event)
            await self._pass_next()
        elif isinstance(event, events.AppFocus | events.AppBlur):
            self._note_focus(event)
        elif not (isinstance(event, events.MouseDown) and self._is_removed_at(event.x, event.y)):
            await super().on_event(event)

    def _is_removed_at(self, x: int, y: int) -> bool:
        """Whether what is still shown at a place of the screen has been removed; Textual fails at a press on it."""
        try:
            widget, _ = self.screen.get_widget_at(x, y)
        except (NoWidget, ScreenStackError):
            return False
        return widget.parent is None

    def _note_focus(self, event: events.AppFocus | events.AppBlur) -> None:
        """Take in whether the terminal has the focus once all that has arrived is read: each change styles all anew."""
        waits, self._focus_news = self._focus_news is not None, event
        if not waits:
            self.call_later(self._take_focus_news)

    async def _take_focus_news(self) -> None:
        event, self._focus_news = self._focus_news, None
        if event is not None and self.app_focus != isinstance(event, events.AppFocus):
            await super().on_event(event)

    def begin_hold(self) -> object:
        """Let keys wait, and return what ends that."""
        hold = object()
        self._holds.add(hold)
        self._free.clear()
        return hold

    def end_hold(self, hold: object) -> None:
        """Let keys go on, unless something else holds them."""
        self._holds.discard(hold)
        if not self._holds:
            self._free.set()

    async def pass_on(self, event: Typed) -> None:
        """Give a key or a paste to what takes it; where nothing does, a key acts at once."""
        if isinstance(event, events.Paste) or not self._acts_at_once(self._find_target()):
            await super().on_event(event)
            return
        self.app_focus = True
        if not await self._check_bindings(event.key, priority=True):
            await self._check_bindings(event.key)

    async def _pass_next(self) -> None:
        """Pass on the next key, unless one is at work."""
        if self._at_work or not self._keys:
            return
        target = self._find_target()
        if self._holds or self._screen_opens():
            self._follow(target)
            return
        await self.pass_on(self._take_next())
        if self._holds or not self._acts_at_once(target) or self._find_target() is not target:
            self._follow(target)
        elif self._keys:
            self.call_later(self._pass_next)

    def _take_next(self) -> Typed:
        """Return the next key; where very many wait and what they type is put in, all characters as one key."""
        target = self._find_target()
        if len(self._keys) >= _MANY and _takes_text(target):
            lines = isinstance(target, TypedInto)
            text = "".join(takewhile(bool, (_get_character(event, lines) for event in self._keys)))
            if len(text) > 1:
                for _ in text:
                    self._keys.popleft()
                return events.Key(MANY_KEYS, text)
        return self._keys.popleft()

    def _find_target(self) -> DOMNode:
        """Return what gets a key first: the focused field, or the screen."""
        return (self.focused or self.screen) if self.screen_stack else self

    def _acts_at_once(self, target: DOMNode) -> bool:
        """Whether a key that a node gets is nothing but a key of its bindings."""
        return isinstance(target, Screen) and not hasattr(target, "on_key")

    def _screen_opens(self) -> bool:
        return bool(self.screen_stack) and self.screen not in self._settled

    def _follow(self, target: DOMNode) -> None:
        self._at_work = True
        start_work(self, partial(self._pass_next_after, target), "keys")

    async def _pass_next_after(self, target: DOMNode) -> None:
        """Wait until all is done that a key asked for, and then pass on the next."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST):
                await self._until_done(target)
        self._at_work = False
        self.call_later(self._pass_next)

    async def _go_up_from(self, target: DOMNode) -> None:
        for _ in range(_PASSES):
            await _go_up(target)
            target = self._find_target()

    async def _until_done(self, target: DOMNode) -> None:
        """Wait until all is done that a key asked for."""
        await self._go_up_from(target)
        while not self._free.is_set():  # and what was done then has to arrive
            await self._free.wait()
            await self._go_up_from(self._find_target())
        while self._screen_opens():
            screen = self.screen
            self._settled.add(screen)
            # not the screen's own method, which calls nothing once the screen is dismissed
            await _until_called(partial(MessagePump.call_after_refresh, screen))


@contextmanager
def hold_keys(node: DOMNode, longest: float = _HELD) -> Iterator[None]:
    """Let keys wait while something is done that the next one may be meant for, where they are handed out in order.

    Args:
        node: What does it.
        longest: Seconds after which keys go on, though it is not done.
    """
    app = node.app
    if not isinstance(app, OrderedKeysApp):
        yield
        return
    hold = app.begin_hold()
    timer = asyncio.get_running_loop().call_later(longest, app.end_hold, hold)
    try:
        yield
    finally:
        timer.cancel()
        app.end_hold(hold)


def _takes_text(target: DOMNode) -> bool:
    """Whether a field, or a screen that is typed into, puts in any characters as they are."""
    return target.restrict is None if isinstance(target, Input) else isinstance(target, TypedInto)


def _get_character(event: Typed, lines: bool) -> str:
    """Return the one character that a key types; empty if it types none, and for the slash, which filters lists.

    Args:
        event: The key.
        lines: Whether enter is the end of a line, and nothing is filtered.
    """
    if not isinstance(event, events.Key):
        return ""
    character = "\n" if lines and event.key == "enter" else event.character if event.is_printable else None
    return character if character and len(character) == 1 and (lines or character != "/") else ""


async def _go_up(node: DOMNode | None) -> None:
    """Go from a node up to the app, behind all messages that are on their way there."""
    while node is not None:
        await _until_called(node.call_later)
        node = node.parent


async def _until_called(schedule: Callable[[Callable[[], Any]], bool]) -> None:
    """Schedule a call, and wait for it; return at once if that is refused, as by what is closing."""
    called = asyncio.Event()
    if schedule(called.set):
        await called.wait()
