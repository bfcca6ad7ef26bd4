"""What holds without being said, so that it makes no difference whether it is said."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from provisioning.platforms.cisco_iosxe.names import (
    FIXED_BEARER,
    LAN,
    LAN_PORTS,
    MOBILE_BEARER,
    SPARE_BEARER,
    SPARE_MODEM,
)
from provisioning.platforms.cisco_iosxe.section import Section


@dataclass(frozen=True, slots=True)
class Default:
    """A command that says what holds anyway; the device does not show it.

    Attributes:
        section: pattern of the line of the section in which it stands.
        line: the command.
        source: the command's page in Cisco's command references.
    """

    section: str
    line: str
    source: str


DEFAULTS: tuple[Default, ...] = (
    Default(r"line .+", "exec-timeout 10 0", "exec-timeout"),
    Default(r"parameter-map type inspect .+", "tcp idle-time 3600", "tcp idle-time"),
    Default(r"parameter-map type inspect .+", "tcp synwait-time 30", "tcp synwait-time"),
    Default(r"parameter-map type inspect .+", "tcp finwait-time 1", "tcp finwait-time"),
    Default(r"parameter-map type inspect .+", "udp idle-time 30", "udp idle-time"),
    Default(r"parameter-map type inspect .+", "icmp idle-time 10", "icmp idle-time"),
    Default(r"icmp-echo .+", "frequency 60", "frequency (IP SLA)"),
    Default(r"icmp-echo .+", "timeout 5000", "timeout (IP SLA)"),
    Default(r"icmp-echo .+", "threshold 5000", "threshold (IP SLA)"),
    Default(r"archive", "maximum 10", "maximum (config-archive)"),
    Default(r"interface .+", "bfd echo", "bfd echo"),
)

IDLE = frozenset({"no ip address", "shutdown", "negotiation auto"})
"""All that an interface says with which nothing is done."""

OURS = frozenset({FIXED_BEARER, MOBILE_BEARER, SPARE_BEARER, SPARE_MODEM, LAN, *LAN_PORTS})
"""Hardware of which every configuration of ours says something."""

_HARDWARE = re.compile(r"interface (\S+)|controller .+")


def is_default(section: str, text: str) -> bool:
    """Return whether a command says what holds anyway.

    Args:
        section: the line of the section in which it stands; empty at the top.
    """
    return text in _of(section)


def is_idle(section: Section) -> bool:
    """Return whether a section is there because the hardware is, and says nothing."""
    found = _HARDWARE.fullmatch(section.text)
    if found is None:
        return False
    return not section.children or (found[1] not in OURS and all(each.text in IDLE for each in section.children))


def idle_part(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return those commands of an interface that stay when nothing is done with it any more."""
    return tuple(each for each in sections if each.text in IDLE)


@lru_cache(maxsize=1024)
def _of(section: str) -> frozenset[str]:
    return frozenset(each.line for each in DEFAULTS if re.fullmatch(each.section, section))
