"""Small pictures that explain: what they draw and say is true by computations of their own."""
