"""Plots in dots: losses over rounds, and the pictures of a part."""
