"""The kinds of settings: what a setting accepts, how typed text and printed arrays are read, what is meant by a word.

A kind raises ``ValueError`` with the words that continue "must be"; it knows no problem and no file.
"""
