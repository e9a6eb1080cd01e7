"""Sweeps: train many runs from many starts and with many settings, and count the results.

The runs are trained in child processes: ``worker`` is what they execute.
"""
