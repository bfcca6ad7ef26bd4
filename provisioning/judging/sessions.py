"""Judges sessions that were begun before a change, and asked after it whether they go on."""

from provisioning.judging.judgement import Judgement, failed, passed, untold
from provisioning.judging.reading import Seen, text
from provisioning.model.checks.sessions import SessionCheck, SessionSurvivesCheck
from provisioning.model.proof import Found

LIVES, DEAD = "lives", "dead"
"""What is found: data was acknowledged by the other end, or nothing came back."""


def session(check: SessionCheck, seen: Seen) -> Judgement:
    """Return what is made of a session over a change."""
    state, how = text(seen, "state"), f"{text(seen, 'from')} to {check.address}, tcp/{seen.get('port')}"
    survives = isinstance(check, SessionSurvivesCheck)
    if state == LIVES:
        return passed(Found.SESSION_LIVES, how) if survives else failed(Found.SESSION_STAYS, how)
    if state == DEAD:
        return failed(Found.SESSION_BROKE, how) if survives else passed(Found.SESSION_DEAD, how)
    return untold(Found.COULD_NOT_TELL, f"{how}: {text(seen, 'why') or 'nobody knows what became of it'}")
