"""What the objects that an OLT shares among its ONTs are called. A name says all of what it names.

So the inverse of a change can be computed from names alone, and one of ours that holds something else is seen.
"""

import re
from dataclasses import dataclass

from provisioning.model.olt import PortKind

PREFIX = "proviso-"
"""Whatever is called so is ours; nothing else is ever written."""

_TABLE = re.compile(rf"{PREFIX}(?P<mbit>[1-9]\d{{0,4}})m", re.ASCII)
_LINE_PROFILE = re.compile(rf"{PREFIX}(?P<kind>gpon|xgs-pon)-v(?P<vlan>[1-9]\d{{0,3}})", re.ASCII)
_SERVICE_PROFILE = re.compile(rf"{PREFIX}eth-v(?P<vlan>[1-9]\d{{0,3}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class LineProfileName:
    """What the name of one of our line profiles says."""

    kind: PortKind
    vlan: int


def table_name(mbit: int) -> str:
    """Return the name of the traffic table of a rate, in Mbit/s; one table serves both directions."""
    return f"{PREFIX}{mbit}m"


def table_rate(name: str) -> int | None:
    """Return the rate of one of our traffic tables, in Mbit/s; None when it is not ours."""
    found = _TABLE.fullmatch(name)
    return int(found["mbit"]) if found else None


def dba_profile_name(kind: PortKind) -> str:
    """Return the name of the DBA profile, by which an ONT may send upstream."""
    return f"{PREFIX}{kind.value}-up"


def line_profile_name(kind: PortKind, user_vlan: int) -> str:
    """Return the name of the line profile for a kind of port and the VLAN between ONT and OLT."""
    return f"{PREFIX}{kind.value}-v{user_vlan}"


def line_profile_says(name: str) -> LineProfileName | None:
    """Return what the name of one of our line profiles says; None when it is not ours."""
    found = _LINE_PROFILE.fullmatch(name)
    return LineProfileName(PortKind(found["kind"]), int(found["vlan"])) if found else None


def service_profile_name(user_vlan: int) -> str:
    """Return the name of the service profile for the VLAN between ONT and OLT."""
    return f"{PREFIX}eth-v{user_vlan}"


def service_profile_vlan(name: str) -> int | None:
    """Return the VLAN of one of our service profiles; None when it is not ours."""
    found = _SERVICE_PROFILE.fullmatch(name)
    return int(found["vlan"]) if found else None
