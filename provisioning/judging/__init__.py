"""From what must be observed and what was seen to a verdict. Pure."""
