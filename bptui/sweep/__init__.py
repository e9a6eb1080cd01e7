"""Sweeps: many trainings from many starts and with many settings, counted.

The trainings run in processes of their own: ``worker`` is where those start.
"""
