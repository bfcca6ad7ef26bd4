"""Runs the checks of a line from the hosts that can see it."""
