"""Runs side by side: summaries, observations, tables and loss curves.

A summary takes a while, so child processes make them: ``worker`` is what they execute.
"""
