"""``python -m bptui``: the command line."""

import sys

from bptui.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
