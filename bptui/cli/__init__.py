"""The command line: ``main`` has the table of commands; the modules beside it hold what several commands share.

``main`` loads the file of a command, in ``commands``, only when that command is used: help must answer at once.
"""
