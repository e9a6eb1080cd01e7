"""One round as an ordered list of named formulas: expressions, functions, the network, and backpropagation itself.

The list is symbolic: nothing here computes a round. ``core.engines`` compiles the list.
"""
