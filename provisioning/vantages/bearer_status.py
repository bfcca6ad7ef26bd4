"""Reads by SNMPv3 what a router says of its bearers: ifOperStatus of both (RFC 2863), and how long its agent is up."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from ipaddress import IPv4Address

from provisioning.errors import ProxyTrouble
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.proxy import Proxy
from provisioning.model.readiness import ManagementReading
from provisioning.vantages.datagram_relay import datagram_relay
from provisioning.vantages.management import (
    IF_DESCR,
    IF_NAME,
    PORT,
    RETRIES,
    SECONDS,
    SYS_NAME,
    interface_index,
    interface_status,
    snmp_user,
)
from provisioning.vantages.snmp_engines import snmp_engine

SYS_UPTIME = "1.3.6.1.2.1.1.3.0"

HUNDREDTHS = 100
"""Of a second, in which sysUpTime counts (RFC 3418)."""


def read_bearer_status(
    address: IPv4Address, user: str, interfaces: Sequence[str], secrets: LineSecrets, proxy: Proxy | None = None
) -> ManagementReading:
    """Return what a router's agent says of its bearers.

    Args:
        address: of the router's management.
        user: who reads it.
        interfaces: as its agent names them (ifName or ifDescr).
        secrets: of the line.
        proxy: that leads to the router; None to ask it directly.
    """
    from pysnmp.error import PySnmpError

    try:
        return asyncio.run(_way(address, user, interfaces, secrets, proxy))
    except ProxyTrouble as error:
        return ManagementReading(error=str(error))
    except (PySnmpError, OSError, ValueError) as error:
        return ManagementReading(error=f"no way to read it: {type(error).__name__}")


async def _way(
    address: IPv4Address, user: str, interfaces: Sequence[str], secrets: LineSecrets, proxy: Proxy | None
) -> ManagementReading:
    async with AsyncExitStack() as stack:
        place = (str(address), PORT)
        if proxy is not None:
            place = await stack.enter_async_context(datagram_relay(proxy, *place, seconds=SECONDS))
        return await _read(place, user, interfaces, secrets)


async def _read(
    place: tuple[str, int], user: str, interfaces: Sequence[str], secrets: LineSecrets
) -> ManagementReading:
    from pysnmp.hlapi.v3arch.asyncio import ContextData, ObjectIdentity, ObjectType, UdpTransportTarget, get_cmd

    who = snmp_user(user, secrets)
    with snmp_engine() as engine:
        target = await UdpTransportTarget.create(place, timeout=SECONDS, retries=RETRIES)
        wanted = [ObjectType(ObjectIdentity(each)) for each in (SYS_NAME, SYS_UPTIME)]
        error, status, _, found = await get_cmd(engine, who, target, ContextData(), *wanted)
        if error or status:
            return ManagementReading(error=str(error or status.prettyPrint()))
        # An agent that does not know one of them says so in its place.
        uptime = found[1][1].prettyPrint()
        return ManagementReading(
            name=found[0][1].prettyPrint(),
            uptime=int(uptime) / HUNDREDTHS if uptime.isdecimal() else None,
            status=await _statuses(engine, who, target, interfaces),
        )


async def _statuses(engine: object, user: object, target: object, interfaces: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for interface in interfaces:
        for column in (IF_NAME, IF_DESCR):
            index = await interface_index(engine, user, target, column, interface)
            status = await interface_status(engine, user, target, index) if index else None
            if status is not None:
                found[interface] = status
                break
    return found
