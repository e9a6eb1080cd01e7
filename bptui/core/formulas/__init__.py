"""One round as an ordered list of named formulas: expressions, functions, the network, and backpropagation itself.

The list is symbolic: nothing here computes a number. ``core.engines`` compiles it.
"""
