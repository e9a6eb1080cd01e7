"""The backward pass by the chain rule and by known mistakes: derivatives, wrong steps, and the rules made of them.

What is right is in ``derivatives``; a rule names what it takes in place of it.
"""
