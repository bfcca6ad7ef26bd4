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
    """An OLT and its ports, written frame/slot/port."""

    name: str
    ports: Mapping[str, PortKind]
