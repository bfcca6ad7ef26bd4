"""The commands of each mode, as data."""
