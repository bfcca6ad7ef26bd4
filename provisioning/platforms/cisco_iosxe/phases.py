"""In which order kinds of steps come, where nothing else says so."""

NEW, CHANGED, GONE, UNMADE = range(4)
"""New objects, everything else in its place, single commands that go, objects that go."""
