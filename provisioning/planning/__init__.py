"""From what is in force and what is wanted to an ordered change. Pure."""
