"""Incidents: priority, window and due time, and when they open and close (facts: I-9). Pure."""
