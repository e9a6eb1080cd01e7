"""The command line: ``main`` is a table of the commands; what several of them share lies beside it.

``main`` loads a command's file, in ``commands``, only when that command is asked for: help must answer at once.
"""
