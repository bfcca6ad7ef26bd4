"""By which tokens a router knows the cuts of one drill: its own, and that of the bounce while the bearer is held."""

_BOUNCE = "b"


def bounce_token(token: str) -> str:
    """Return by which token a router knows the bounce of a drill."""
    return f"{token}{_BOUNCE}"


def tokens_of(token: str) -> tuple[str, str]:
    """Return the tokens of all cuts that a drill may have begun."""
    return token, bounce_token(token)
