"""bptui: see and check every number of backpropagation in a terminal.

The package itself imports nothing, so that ``bptui --help`` answers at once; each command in ``bptui.cli.commands``
loads what it needs.
"""

__version__ = "0.1.0"
