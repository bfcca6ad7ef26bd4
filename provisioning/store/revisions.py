"""Which file the store is, and which migrations there are: apart from what migrates, for those who only look."""

FILE_NAME = "proviso.sqlite3"

HEAD = "0008"
"""The newest migration; a test holds it against the folder."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every migration that this version knows, the oldest first."""
