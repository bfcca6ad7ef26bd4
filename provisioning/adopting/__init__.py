"""Reads from a router's configuration what its line does, as far as that can be read."""
