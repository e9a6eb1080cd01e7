"""The parts of the screen for an exercise: the layout of its form, the form, and the network drawn beside it."""
