"""Runs side by side: summaries, observations, tables and loss curves.

A summary takes a while, so it is made in processes of their own: ``worker`` is where those start.
"""
