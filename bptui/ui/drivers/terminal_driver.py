"""Textual's driver for POSIX terminals, which no input can end or hang.

It writes on a copy of the terminal; it survives bytes that are not text, invalid codes, pastes and the end of input;
exiting does not wait for the next key; a stop is followed by a full repaint; and the last size counts.
"""

import os
import selectors
import signal
import time
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, cast

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from bptui.system.terminal import HANGUP, Terminal
from bptui.ui.drivers.input import InputReader
from bptui.ui.drivers.paste import LONGEST_PAUSE
from bptui.ui.drivers.sizes import limit_size
from bptui.ui.textual_private import has_alt_keys

_TICK = 0.1  # seconds after which an escape alone is the escape key
_TICKS = 10 + round(LONGEST_PAUSE / _TICK)  # after the last input: by then its codes and pastes are over
_MOST = 4096  # bytes read at once


class TerminalApp(Protocol):
    """The part of the app that this driver needs."""

    terminal: Terminal | None

    def action_redraw(self) -> None:
        """Paint the whole screen again."""


class TerminalDriver(LinuxDriver):
    """Input and output of the program that runs in a ``bptui.system.terminal.Terminal``."""

    def __init__(
        self, app: App[int], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        terminal = cast(TerminalApp, app).terminal
        assert terminal is not None, "the app chooses this driver for a terminal"
        self._terminal = terminal
        self._file = cast(Any, terminal.screen)
        self._sizes = set[Size]()  # that the terminal had
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)

    def _get_terminal_size(self) -> Size:
        """Return the size that the terminal itself reports; environment variables may be of another terminal."""
        try:
            width, height = os.get_terminal_size(self._terminal.screen.fileno())
        except OSError:
            width = height = 0
        self._sizes.add(size := limit_size(width or 80, height or 24))
        return size

    def process_message(self, message: Message) -> None:
        """Pass a message on; a size that the terminal reports is limited as the one that it is asked for."""
        if isinstance(message, events.Resize):
            message = events.Resize(size := limit_size(*message.size), size, pixel_size=message.pixel_size)
        super().process_message(message)

    def start_application_mode(self) -> None:
        """Take over the terminal. If it is resized meanwhile, its first size may be reported last."""
        self._terminal.entered = True
        self._sizes.clear()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        signal.signal(signal.SIGWINCH, self._note_resize)
        self._get_terminal_size()
        if len(self._sizes) > 1:
            self._note_resize()

    def _note_resize(self, *_: object) -> None:
        """Report the terminal's new size, from the event loop.

        Where the terminal is resized twice, a second signal may interrupt the handler of the first, which would then
        report its size last. The first size of all comes from a task of Textual's, which takes a turn of the loop more.
        """
        if not self._in_band_window_resize:
            self._loop.call_soon_threadsafe(self._loop.call_soon, self._report_size)

    def _report_size(self) -> None:
        size = self._get_terminal_size()
        self._sizes = {size}
        self._app.post_message(events.Resize(size, size))

    def _sigtstp_application(self, *_: object) -> None:
        """Stop, from the event loop: the signal handler may interrupt a write, and would then wait for its lock."""
        self._loop.call_soon_threadsafe(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        """Continue after a stop, also from the event loop."""
        self._loop.call_soon_threadsafe(self._resume_after_stop)

    def _resume_after_stop(self) -> None:
        """Take the terminal again and repaint, unless a signal that ends the program has arrived.

        A shell ends a stopped program with both signals. In the background it would stop itself again before it saw the
        second.
        """
        with suppress(OSError):
            if os.tcgetpgrp(self.fileno) != os.getpgrp():
                time.sleep(_TICK)
        if self._terminal.is_ending:
            return
        # the thread is alive if the stop came as a signal that cannot be handled
        if self._key_thread is not None and self._key_thread.is_alive():
            self.suspend_application_mode()
        super()._sigcont_application()
        cast(TerminalApp, self._app).action_redraw()

    def disable_input(self) -> None:
        """Stop reading at once."""
        os.write(self._wake_write, b"!")
        super().disable_input()

    def run_input_thread(self) -> None:
        """Read keys and other input from the terminal, until input is stopped or at its end."""
        typed = InputReader(self.process_message, self._debug, partial(has_alt_keys, self._app))
        with suppress(BlockingIOError):  # left over from an earlier stop
            os.read(self._wake_read, _MOST)
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._wake_read, selectors.EVENT_READ)
            ticks = _TICKS
            while not self.exit_event.is_set():
                ready = {key.fd for key, _ in selector.select(_TICK if ticks else None)}
                if self._wake_read in ready:
                    break
                read = self._read() if self.fileno in ready else b""
                ticks = _TICKS if read else ticks - 1
                if read is None:
                    self._terminal.end(HANGUP)
                    break
                typed.feed(read)

    def _read(self) -> bytes | None:
        """Return some input; None at its end, as when the terminal is gone."""
        with suppress(OSError):
            return os.read(self.fileno, _MOST) or None
        return None
