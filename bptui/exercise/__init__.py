"""The user's own exercise while it is typed: a draft with named cells, and how texts and arrays are put into these.

Nothing here knows the screen. A cell is known by what it is for, so a weight keeps its number when its name changes.
"""
