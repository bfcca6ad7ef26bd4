"""Reads a router by SNMPv3 (RFC 3414, RFC 3826), authenticated and encrypted, from where Proviso runs."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from provisioning.errors import ProxyTrouble
from provisioning.model.checks.devices import ManagementCheck
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.proxy import Proxy
from provisioning.model.secret import Secret
from provisioning.vantages.datagram_relay import datagram_relay
from provisioning.vantages.snmp_engines import snmp_engine

if TYPE_CHECKING:
    from pysnmp.hlapi.v3arch.asyncio import UsmUserData

SYS_NAME = "1.3.6.1.2.1.1.5.0"
IF_NAME = "1.3.6.1.2.1.31.1.1.1.1"
IF_DESCR = "1.3.6.1.2.1.2.2.1.2"
"""IOS calls an interface by its whole name here, and by a short one in ifName; Linux names its hardware here."""

IF_OPER_STATUS = "1.3.6.1.2.1.2.2.1.8"
PORT = 161
SECONDS = 2.0
RETRIES = 3
MEGABYTE = 1_048_576


def read_management(check: ManagementCheck, secrets: LineSecrets, proxy: Proxy | None = None) -> Mapping[str, object]:
    """Return the router's `name` and the `status` of the interface that the check names; `error` when it is silent.

    Args:
        proxy: that leads to the router; None to ask it directly.
    """
    from pysnmp.error import PySnmpError

    try:
        return asyncio.run(_way(check, secrets, proxy))
    except ProxyTrouble as error:
        return {"error": str(error)}
    except (PySnmpError, OSError, ValueError) as error:
        return {"error": f"no way to read it: {type(error).__name__}"}


async def _way(check: ManagementCheck, secrets: LineSecrets, proxy: Proxy | None) -> dict[str, object]:
    async with AsyncExitStack() as stack:
        place = (str(check.address), PORT)
        if proxy is not None:
            place = await stack.enter_async_context(datagram_relay(proxy, *place, seconds=SECONDS))
        return await _read(check, secrets, place)


async def _read(check: ManagementCheck, secrets: LineSecrets, place: tuple[str, int]) -> dict[str, object]:
    from pysnmp.hlapi.v3arch.asyncio import (
        ContextData,
        ObjectIdentity,
        ObjectType,
        UdpTransportTarget,
        get_cmd,
    )

    user = snmp_user(check.user, secrets)
    with snmp_engine() as engine:
        target = await UdpTransportTarget.create(place, timeout=SECONDS, retries=RETRIES)
        error, status, _, found = await get_cmd(
            engine, user, target, ContextData(), ObjectType(ObjectIdentity(SYS_NAME))
        )
        if error or status:
            return {"error": str(error or status.prettyPrint())}
        seen: dict[str, object] = {"name": found[0][1].prettyPrint()}
        for column in (IF_NAME, IF_DESCR):
            index = await interface_index(engine, user, target, column, check.interface)
            if index:
                seen["status"] = await interface_status(engine, user, target, index)
                break
        return seen


def snmp_user(name: str, secrets: LineSecrets) -> "UsmUserData":
    """Return who reads a line's router.

    Raises:
        ValueError: when a pass phrase is missing.
    """
    from pysnmp.hlapi.v3arch.asyncio import (
        UsmUserData,
        usmAesCfb128Protocol,
        usmHMACSHAAuthProtocol,
        usmKeyTypeMaster,
    )

    logging.getLogger("pysnmp").addHandler(logging.NullHandler())
    return UsmUserData(
        name,
        _master_key(secrets.snmp_authentication),
        _master_key(secrets.snmp_privacy),
        authProtocol=usmHMACSHAAuthProtocol,
        privProtocol=usmAesCfb128Protocol,
        authKeyType=usmKeyTypeMaster,
        privKeyType=usmKeyTypeMaster,
    )


def _master_key(phrase: Secret) -> bytes:
    """Return the key that a pass phrase makes (RFC 3414, A.2.2); pysnmp's own loop takes ten times as long."""
    text = phrase.reveal().encode()
    if not text:
        raise ValueError("no pass phrase")
    return hashlib.sha1((text * (MEGABYTE // len(text) + 1))[:MEGABYTE]).digest()  # noqa: S324 - the protocol's


async def interface_index(engine: object, user: object, target: object, column: str, interface: str) -> str:
    """Return the index of an interface whose name stands in a column; empty when it does not."""
    from pysnmp.hlapi.v3arch.asyncio import ContextData, ObjectIdentity, ObjectType, bulk_walk_cmd

    wanted = ObjectType(ObjectIdentity(column))
    async for error, status, _, rows in bulk_walk_cmd(
        engine, user, target, ContextData(), 0, 20, wanted, lexicographicMode=False
    ):
        if error or status:
            break
        for name, value in rows:
            if value.prettyPrint() == interface:
                return str(name).rsplit(".", 1)[-1]
    return ""


async def interface_status(engine: object, user: object, target: object, index: str) -> int | None:
    """Return the ifOperStatus of an interface (RFC 2863); None when it does not say."""
    from pysnmp.hlapi.v3arch.asyncio import ContextData, ObjectIdentity, ObjectType, get_cmd

    wanted = ObjectType(ObjectIdentity(f"{IF_OPER_STATUS}.{index}"))
    error, status, _, found = await get_cmd(engine, user, target, ContextData(), wanted)
    return None if error or status else int(found[0][1])
