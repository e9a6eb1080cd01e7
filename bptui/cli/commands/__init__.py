"""A file per command, named like it, each with ``add_arguments(parser)`` and ``run(options)``.

``run`` returns the exit status. A command that needs a terminal has ``WITHOUT_TERMINAL`` as well, which says
what does without one. What a command's help does not need is imported inside its functions.
"""
