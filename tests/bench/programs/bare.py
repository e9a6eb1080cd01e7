"""A bare terminal program: escape codes, no library; a key repaints one line."""

import os
import termios
import tty

_SHOWN, _HIDDEN = b"\x1b[?1049h\x1b[?25l", b"\x1b[?1049l\x1b[?25h"


def main() -> None:
    """Count each key but ctrl+q, which ends it."""
    before, round_ = termios.tcgetattr(0), 1
    tty.setraw(0)
    os.write(1, _SHOWN)
    keys = b" "
    while b"\x11" not in keys:
        os.write(1, f"\x1b[?2026h\x1b[H round {round_:,}/1,000,000 \x1b[?2026l".encode())
        keys = os.read(0, 4096)
        round_ += len(keys)
    os.write(1, _HIDDEN)
    termios.tcsetattr(0, termios.TCSADRAIN, before)


if __name__ == "__main__":
    main()
