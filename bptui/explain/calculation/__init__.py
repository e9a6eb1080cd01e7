"""A calculation of a round on paper, with some things done differently; it knows no mistake by name.

Printed values are ``Figure``; what was done differently is a ``Change``.
"""
