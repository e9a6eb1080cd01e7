"""The commands: a file for each, with the command's name, ``add_arguments(parser)`` and ``run(options)``.

``run`` returns the exit status. A command that needs a terminal also has ``WITHOUT_TERMINAL``, which names an
alternative that needs none. What a command's help does not need is imported inside its functions.
"""
