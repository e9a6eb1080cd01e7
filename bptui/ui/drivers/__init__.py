"""Drivers: input from and output to a terminal or a browser."""
