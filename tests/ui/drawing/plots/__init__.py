"""Plots in dots."""
