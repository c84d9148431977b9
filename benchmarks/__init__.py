"""Measurements: each module is a command that prints the table that the README shows."""
