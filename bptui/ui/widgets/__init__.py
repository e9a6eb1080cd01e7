"""Widgets and behaviours that several screens share."""
