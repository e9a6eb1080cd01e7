"""Drivers: what a terminal or a browser sends and is sent."""
