"""Keeps backups: masked texts in a bare git repository, the originals encrypted beside it."""
