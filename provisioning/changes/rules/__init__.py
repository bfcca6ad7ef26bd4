"""The rules of change requests, one subject a module."""
