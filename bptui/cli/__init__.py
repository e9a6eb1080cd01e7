"""The command line: a file per command, each with ``add_arguments(parser)`` and ``run(options)``.

``main`` is a table of the commands. It loads a command's file only when that command is asked for.
"""
