"""A secret that does not show itself: not in a log, not in a traceback, not in JSON."""

REDACTED = "<secret>"


class Secret:
    """Carries a secret to the one place that needs it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._value

    def __repr__(self) -> str:
        return REDACTED

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")
