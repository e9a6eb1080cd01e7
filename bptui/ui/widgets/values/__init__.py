"""Printed values on screen: the rows of those that a lesson has, and the marks beside those that are typed."""
