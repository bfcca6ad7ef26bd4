"""OLTs as the inventory describes them (facts: X-13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PortKind(StrEnum):
    """What a port of an OLT can carry."""

    GPON = "gpon"
    XGS_PON = "xgs-pon"


@dataclass(frozen=True, slots=True)
class Olt:
    """An OLT, its ports, and how it is reached.

    Attributes:
        ports: by frame/slot/port, as `0/1/3`.
        host: name or address; empty where nobody needs to reach it.
        port: of its SSH server.
        user: account there.
        password_from: where that account's password is read from, `env:NAME`. Never the password.
        service_vlan: VLAN of the lines towards the network; it exists on the OLT with its uplink.
        user_vlan: VLAN of every line between ONT and OLT.
    """

    name: str
    ports: Mapping[str, PortKind]
    host: str = ""
    port: int = 22
    user: str = ""
    password_from: str = ""
    service_vlan: int = 100
    user_vlan: int = 10
