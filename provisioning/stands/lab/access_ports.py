"""What passes each customer's port of the access bridge. Pure.

Every customer has a copper pair and a fibre with an ONT at its end; what is exported of his line tells by which of
them it is carried: copper passes at the speed that is exported, fibre what the OLT lets the ONT pass. Where no line
is, the port is open, so that a factory-new router finds its address.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioning.errors import BadInput
from provisioning.stands.lab.exported_line import ExportedLine
from provisioning.stands.lab.topology import Node

Rate = tuple[float | None, float | None]
"""Downstream and upstream, Mbit/s; None where a direction is not limited."""

ONT_SERIAL = r"[A-Z]{4}[0-9A-F]{8}"
"""Four letters of the vendor, four bytes (ITU-T G.984.3, 9.2.4.1)."""


@dataclass(frozen=True, slots=True)
class Passing:
    """What an ONT may pass.

    Attributes:
        olt: on which it hangs.
        port: frame/slot/port there.
        rate: of its traffic tables.
    """

    olt: str
    port: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Port:
    """A customer's port.

    Attributes:
        passes: whether packets do.
        ont: serial of the ONT that decides about that; empty where none does.
        rate: how fast.
    """

    passes: bool = True
    ont: str = ""
    rate: Rate = (None, None)


def own_ont(number: int) -> str:
    """Return the serial of the ONT that a customer has at first."""
    return f"HWTC{100 + number:08}"


def ports(
    cpes: Iterable[Node], lines: Mapping[int, ExportedLine], onts: Mapping[int, str], passing: Mapping[str, Passing]
) -> dict[str, Port]:
    """Return the port of each CPE, by its name.

    Args:
        cpes: of the lab.
        lines: by the number of their CPE.
        onts: serial of the ONT at the end of each customer's fibre, by his number.
        passing: what the OLTs let an ONT pass, by its serial; those that are dark are not in it.
    """
    return {each.name: _port(lines.get(each.number), onts[each.number], passing) for each in cpes}


def _port(line: ExportedLine | None, ont: str, passing: Mapping[str, Passing]) -> Port:
    if line is None:
        return Port()
    if not line.fibre:
        return Port(rate=line.rate or (None, None))
    # How fast the line is to be is the OLT's to say, as far as a customer can notice.
    return Port(True, ont, passing[ont].rate) if ont in passing else Port(False, ont)


def plugged(onts: Mapping[int, str], number: int, serial: str) -> dict[int, str]:
    """Return which ONT each customer has after one has got another.

    Raises:
        BadInput: when that is no serial of an ONT, or another customer's.
    """
    if not re.fullmatch(ONT_SERIAL, serial):
        raise BadInput(
            f"{serial!r} is no serial of an ONT", where="--ont", remedy="Name one such as HWTC0000AAAA, in upper case."
        )
    for other, present in onts.items():
        if present == serial and other != number:
            raise BadInput(f"cpe{other} has the ONT {serial}", where="--ont", remedy="Name another.")
    return {**onts, number: serial}
