"""Textual's driver for a program in a browser, which ends with the server that it talks to.

It differs in how it reads (see ``bptui.ui.drivers.input``), and in that output of libraries never gets between the
packets that the server reads from standard output.
"""

import os
from functools import partial
from threading import RLock

from textual import events
from textual.app import App
from textual.drivers.web_driver import WebDriver

from bptui.system.terminal import HANGUP
from bptui.ui.drivers.input import InputReader
from bptui.ui.textual_private import has_alt_keys, make_packet_reader


class BrowserDriver(WebDriver):
    """Input and output of the program that ``bptui.web.program`` opens."""

    def __init__(
        self, app: App[int], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._out, self._one_at_a_time = os.dup(self.fileno), RLock()
        self._write = partial(self._write_whole)
        os.dup2(2, self.fileno)

    def _write_whole(self, packet: bytes) -> int:
        """Write a whole packet, of which a pipe may take only a part at a time, without mixing threads' packets."""
        with self._one_at_a_time:
            rest = packet
            while rest:
                rest = rest[os.write(self._out, rest) :]
        return len(packet)

    def start_application_mode(self) -> None:
        """Take over the page, and give it the focus: without that the footer is empty while another window has it."""
        super().start_application_mode()
        self._app.call_later(self._app.post_message, events.AppFocus())

    def run_input_thread(self) -> None:
        """Read from the server until input is stopped; if the server is gone, exit, as there is nothing to save."""
        stream, typed = (
            make_packet_reader(),
            InputReader(self.process_message, self._debug, partial(has_alt_keys, self._app)),
        )
        for data in self._input_reader:
            for kind, payload in stream.feed(data) if data else ():
                if kind == "D":
                    typed.feed(payload)
                else:
                    self._on_meta(kind, payload)
            if not data:
                typed.feed(b"")
        if not self.exit_event.is_set():
            os._exit(HANGUP)
