"""Observes sessions over a change: begun on the internet before it, asked afterwards whether they go on.

What was begun is told as an observation, with the token that it is asked by: whoever carries a run on after a kill
asks with it. The session ends by itself after a while, and then nobody knows what became of it.
"""

import secrets
from collections.abc import Iterable, Iterator

from provisioning.errors import ProvisoError
from provisioning.judging.reading import text
from provisioning.model.checks.sessions import SessionCheck, SessionEndedCheck, SessionSurvivesCheck
from provisioning.model.expectation import Expectation
from provisioning.model.observation import Observation
from provisioning.model.verdict import Viewpoint
from provisioning.ports import Vantage
from provisioning.vantages.points import Points

HOLD_SECONDS = 600.0
"""After which a session ends by itself, should nobody ask any more."""

NOBODY_ANSWERED = "before the change nobody answered on the ports that could be tried"


def begin_sessions(expectation: Expectation, points: Points) -> tuple[Observation, ...]:
    """Begin the sessions that a change must leave alone, and those that it must end; to be called before it."""
    return tuple(_begun(each, points) for each in _checks(expectation))


def _checks(expectation: Expectation) -> Iterator[SessionCheck]:
    return (each for each in expectation.checks if isinstance(each, SessionSurvivesCheck | SessionEndedCheck))


def _begun(check: SessionCheck, points: Points) -> Observation:
    if points.internet is None:
        return Observation(check.id, None, points.why_not(Viewpoint.INTERNET))
    try:
        for port in check.candidates:
            found = _hold(points.internet, str(check.address), port)
            if found is not None:
                return Observation(check.id, found, by=(points.internet.name,))
    except ProvisoError as error:
        return Observation(check.id, None, error.what, by=(points.internet.name,))
    return Observation(check.id, None, NOBODY_ANSWERED, by=(points.internet.name,))


def _hold(vantage: Vantage, address: str, port: int) -> dict[str, object] | None:
    token = secrets.token_hex(16)
    request = {"kind": "hold", "token": token, "seconds": HOLD_SECONDS, "address": address, "port": port}
    told = vantage.probe("start", request, seconds=20)
    if text(told, "state") == "open":
        return {"token": token, "port": port, "from": text(told, "from")}
    vantage.probe("ask", {"token": token}, seconds=20)
    return None


def end_held_sessions(
    expectation: Expectation, begun: Iterable[Observation], points: Points
) -> tuple[Observation, ...]:
    """Return what became of the sessions that were begun before the change, and end them.

    Args:
        begun: what `begin_sessions` told, among other observations.
    """
    told = {each.check: each for each in begun}
    return tuple(_asked(each, told.get(each.id), points) for each in _checks(expectation))


def _asked(check: SessionCheck, begun: Observation | None, points: Points) -> Observation:
    if begun is None or begun.seen is None:
        return Observation(check.id, None, begun.why_not if begun is not None else "no session was begun before")
    if points.internet is None:
        return Observation(check.id, None, points.why_not(Viewpoint.INTERNET))
    by = (points.internet.name,)
    kept = {"port": begun.seen.get("port"), "from": begun.seen.get("from")}
    try:
        found = points.internet.probe("ask", {"token": begun.seen.get("token")}, seconds=30)
    except ProvisoError:
        return Observation(check.id, None, "the session was not held long enough to tell", by=by)
    return Observation(check.id, {**kept, **found}, by=by)
