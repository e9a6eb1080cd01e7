"""The packets that a visitor's program writes from several threads."""

import os
import threading

from bptui.ui.drivers.browser_driver import BrowserDriver


def test_packets_of_two_threads_do_not_get_into_each_other() -> None:
    reading, writing = os.pipe()
    driver = object.__new__(BrowserDriver)  # a whole one takes this process's standard output
    driver._out, driver._one_at_a_time = writing, threading.RLock()
    packets = [letter * (1 << 20) for letter in (b"a", b"b")]
    threads = [threading.Thread(target=driver._write_whole, args=(packet,)) for packet in packets]
    for thread in threads:
        thread.start()
    with os.fdopen(reading, "rb") as pipe:
        seen = pipe.read(2 << 20)
    for thread in threads:
        thread.join(10.0)
    os.close(writing)
    assert seen in (packets[0] + packets[1], packets[1] + packets[0])
