"""Playbooks: read from YAML, and checked against the tasks that are allowed. Pure."""
