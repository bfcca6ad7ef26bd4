"""Drills of mobile back-ups: whether a line is ready, what was measured, and what that is worth. Pure."""
