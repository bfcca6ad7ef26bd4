"""failover.conf: what the guard of a line with a mobile back-up has to know (docs/helper.md, "The guard")."""

from collections.abc import Iterable
from ipaddress import collapse_addresses

from provisioning.platforms.linux_cpe.encoders import Shell, shell_comment, shell_word
from provisioning.platforms.linux_cpe.frr import HELD_MAPS
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Values


def failover_conf(line: RouterLine) -> Values | None:
    """Return what failover.conf says; None on a line without a back-up (facts: I-6.1)."""
    if not line.backed_up:
        return None
    operator, fixed, mobile = line.operator, line.fixed, line.mobile
    # Without a fixed IPv6 block of its own the line speaks BGP for IPv4 only.
    has_ipv6 = line.addressed.ipv6 is not None
    return {
        "label": shell_comment(line.label),
        "fixed": shell_word(fixed.interface),
        "mobile": shell_word(mobile.interface),
        "fixed_ipv4": shell_word(fixed.routing.neighbour.ipv4),
        "fixed_ipv6": shell_word(fixed.routing.neighbour.ipv6 if has_ipv6 else ""),
        "mobile_ipv4": shell_word(mobile.routing.neighbour.ipv4),
        "mobile_ipv6": shell_word(mobile.routing.neighbour.ipv6 if has_ipv6 else ""),
        "as_number": operator.routing.as_number,
        "trusted_maps": shell_word(fixed.name),
        "held_maps": shell_word(HELD_MAPS),
        "hold_seconds": operator.routing.hold_seconds,
        # Those that touch made one, as the firewall has them.
        "voice_ipv4": _words(collapse_addresses(operator.voice_ipv4)),
        "voice_ipv6": _words(collapse_addresses(operator.voice_ipv6)),
    }


def _words(each: Iterable[object]) -> Shell:
    """Return several values in one word."""
    return shell_word(" ".join(map(str, each)))
