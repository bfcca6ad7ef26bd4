"""How a drill's cut stands on a router: in the description of the interface that it shuts.

A description is configuration, so it goes with the cut when the router goes back, by its timer, by command or by a
loss of power; it stands in the section that is changed anyway, so nothing is left beside it; `show interfaces` tells
it together with the state and the counters; and it has no effect. An alias or an EEM variable (`event manager
environment`) would be a second object that could stay behind alone.
"""

import re
from datetime import timedelta

from provisioning.errors import CannotEncode
from provisioning.model.bearer import CurrentDrill, Cut
from provisioning.platforms.cisco_iosxe.names import FIXED_BEARER
from provisioning.platforms.cisco_iosxe.parsing.bearers import ShownTime
from provisioning.platforms.cisco_iosxe.parsing.rollback_timer import RollbackTimer

CUTS = frozenset({Cut.LINK_DOWN})
"""The kinds of cut that the platform makes: a shut interface. It has no command that drops packets by itself."""

_BEGIN = "proviso drill "
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_SHUT = re.compile(rf"^interface {re.escape(FIXED_BEARER)}\n(?: .*\n)*? shutdown$", re.MULTILINE)
_DESCRIBED = re.compile(rf"^interface {re.escape(FIXED_BEARER)}\n(?: .*\n)*? description (.+)$", re.MULTILINE)


def cut_lines(token: str) -> tuple[str, ...]:
    """Return what is entered in configuration mode to begin a drill.

    Raises:
        CannotEncode: when a token is none that a description can say.
    """
    if _TOKEN.fullmatch(token) is None:
        raise CannotEncode(
            f"a drill cannot be marked by `{token}`",
            where="cisco_iosxe",
            remedy="Name it by up to 64 letters, digits, dots, colons and hyphens.",
        )
    # The mark comes first: a cut without one would be nobody's.
    return f"interface {FIXED_BEARER}", f"description {_BEGIN}{token}", "shutdown"


def token_in(description: str) -> str | None:
    """Return the token of the drill that a description tells of."""
    token = description.removeprefix(_BEGIN)
    return token if token != description and _TOKEN.fullmatch(token) else None


def token_of(running: str) -> str | None:
    """Return the token of the drill that a running configuration tells of."""
    found = _DESCRIBED.search(running)
    return token_in(found[1].strip()) if found is not None else None


def is_shut(running: str) -> bool:
    """Return whether a running configuration has the fixed bearer shut down."""
    return _SHUT.search(running) is not None


def current_drill(description: str, timer: RollbackTimer | None, time: ShownTime) -> CurrentDrill | None:
    """Return the drill that is at work on a router.

    Args:
        description: of the fixed bearer's interface.
        timer: under which the router goes back.
        time: the router's own.
    """
    token = token_in(description)
    if token is None:
        return None
    left = timer.since + timer.lasts - time.now if timer is not None else timedelta()
    return CurrentDrill(token, Cut.LINK_DOWN, max(0.0, left.total_seconds()))
