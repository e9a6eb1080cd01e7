"""Small pictures that explain one part of a network: curves, points and true sentences, without a screen."""
