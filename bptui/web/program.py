"""The program of one visitor of ``bptui serve``, started in a folder that it does not leave.

The server starts it as ``python -P -m bptui.web.program SESSION``, with the visitor's folder as the current one and as
the home, and talks to it through standard input and output, in the packets of Textual's web driver.
"""

import argparse
from pathlib import Path

MOST_MEMORY = 1 << 29  # bytes for this process, and as many for each that it starts: torch's, and those of a sweep
OUT_OF_MEMORY = 12  # the exit status if they were not enough


def main() -> int:
    """Open the program on a session file, which may lie anywhere; return the exit status."""
    from bptui.system.limits import is_memory_fault, limit_memory
    from bptui.system.process import end_with_parent

    end_with_parent(0)
    limit_memory(MOST_MEMORY)
    parser = argparse.ArgumentParser("bptui.web.program")
    parser.add_argument("session", type=Path)
    parser.add_argument("--presenter", action="store_true")
    options = parser.parse_args()
    from bptui.persistence.session_file import parse_session
    from bptui.system.confinement import confine
    from bptui.ui.app import BptuiApp

    session = parse_session(options.session.read_text(encoding="utf-8"))
    confine(Path.cwd())
    app = BptuiApp(session, presenter=options.presenter)
    try:
        app.run()
    except (RuntimeError, MemoryError) as fault:
        if not is_memory_fault(app.failure or fault):
            raise
        return OUT_OF_MEMORY
    return OUT_OF_MEMORY if is_memory_fault(app.failure) else app.return_code or 0


if __name__ == "__main__":
    raise SystemExit(main())
