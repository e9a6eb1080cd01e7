"""What is typed into: an exercise, with its layout and the network drawn beside it, and the rows of the settings."""
