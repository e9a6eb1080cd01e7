"""Explains printed values that differ: the audit says where it went wrong, the search for which known reason.

Folders from the ground up: ``calculation``, ``catalogue`` and ``audit``, ``search``. The search takes seconds, so it
runs in its own process, which starts in ``worker``.
"""
