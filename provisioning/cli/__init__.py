"""The command line: one module a command group, one seam that prints."""
