"""Reads the service-ports of an ONT: `display service-port port F/S/P ont N`."""

import re
from dataclasses import dataclass

from provisioning.platforms.huawei_smartax.answers import nothing_there
from provisioning.platforms.huawei_smartax.reading import not_understood, records

_TOTAL = re.compile(r"^\s*Total\s*:\s*(\d+)", re.MULTILINE)
_TEMPLATE = "ntc:huawei_smartax_display_service-port_all"


@dataclass(frozen=True, slots=True)
class ServicePort:
    """A service-port.

    Attributes:
        flow: what of the ONT's traffic it takes, `vlan 10`.
        inbound: number of the traffic table from the customer; None without one. The column RX.
        outbound: number of the traffic table towards the customer. The column TX.
    """

    index: int
    vlan: int
    port: str
    ont_id: int
    gem: int
    flow: str
    inbound: int | None
    outbound: int | None


def read_service_ports(page: str) -> tuple[ServicePort, ...]:
    """Return the service-ports of a page.

    The template skips rows that it does not know, so they are counted.

    Raises:
        AnswerNotUnderstood: when the page makes no sense, or a row of it.
    """
    if nothing_there(page):
        return ()
    total = _TOTAL.search(page)
    if total is None:
        raise not_understood("service-ports", page, "it does not say how many there are")
    rows = records(_TEMPLATE, page[: total.start()])
    if len(rows) != int(total[1]):
        raise not_understood("service-ports", page, f"{len(rows)} rows, and {total[1]} announced")
    return tuple(
        ServicePort(
            index=int(row["INDEX"]),
            vlan=int(row["VLAN_ID"]),
            port="".join(row["FSP"].split()),
            ont_id=int(row["ONT_ID"]),
            gem=int(row["GEM_INDEX"]),
            flow=f"{row['FLOW_TYPE']} {row['VLAN_ACCESS']}",
            inbound=_number(row["RX"]),
            outbound=_number(row["TX"]),
        )
        for row in rows
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
