"""The search for the mistake: which known change of the calculation reproduces the printed values.

The search takes seconds, so it runs in its own process, which starts in ``worker``.
"""
