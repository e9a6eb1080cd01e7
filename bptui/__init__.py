"""bptui: see and check every number of backpropagation in a terminal.

The package itself imports nothing, so that ``bptui --help`` answers at once; the verbs in ``bptui.cli.main`` load
what they need.
"""

__version__ = "0.1.0"
