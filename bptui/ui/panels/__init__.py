"""One file per panel.

Each draws one frozen value, a ``Frame`` or a comparison's ``View``, as lines of text, and does nothing else.
"""
