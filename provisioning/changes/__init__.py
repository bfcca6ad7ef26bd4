"""Change requests: what may be asked, what it makes of a line, what it costs, and when it is carried out. Pure."""
