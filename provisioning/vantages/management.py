"""Reads a router by SNMPv3 (RFC 3414, RFC 3826), authenticated and encrypted, from where Proviso runs."""

import asyncio
import logging
from collections.abc import Mapping

from provisioning.model.expectation import ManagementCheck
from provisioning.model.line_secrets import LineSecrets

SYS_NAME = "1.3.6.1.2.1.1.5.0"
IF_NAME = "1.3.6.1.2.1.31.1.1.1.1"
IF_OPER_STATUS = "1.3.6.1.2.1.2.2.1.8"
SECONDS = 2.0
RETRIES = 3


def read_management(check: ManagementCheck, secrets: LineSecrets) -> Mapping[str, object]:
    """Return the router's `name` and the `status` of the interface that the check names; `error` when it is silent."""
    from pysnmp.error import PySnmpError

    try:
        return asyncio.run(_read(check, secrets))
    except (PySnmpError, OSError, ValueError) as error:
        return {"error": f"no way to read it: {type(error).__name__}"}


async def _read(check: ManagementCheck, secrets: LineSecrets) -> dict[str, object]:
    from pysnmp.hlapi.v3arch.asyncio import (
        ContextData,
        ObjectIdentity,
        ObjectType,
        SnmpEngine,
        UdpTransportTarget,
        UsmUserData,
        bulk_walk_cmd,
        get_cmd,
        usmAesCfb128Protocol,
        usmHMACSHAAuthProtocol,
    )

    logging.getLogger("pysnmp").addHandler(logging.NullHandler())
    engine = SnmpEngine()
    user = UsmUserData(
        check.user,
        secrets.snmp_authentication.reveal(),
        secrets.snmp_privacy.reveal(),
        authProtocol=usmHMACSHAAuthProtocol,
        privProtocol=usmAesCfb128Protocol,
    )
    try:
        target = await UdpTransportTarget.create((str(check.address), 161), timeout=SECONDS, retries=RETRIES)
        error, status, _, found = await get_cmd(
            engine, user, target, ContextData(), ObjectType(ObjectIdentity(SYS_NAME))
        )
        if error or status:
            return {"error": str(error or status.prettyPrint())}
        seen: dict[str, object] = {"name": found[0][1].prettyPrint()}
        names = bulk_walk_cmd(
            engine, user, target, ContextData(), 0, 20, ObjectType(ObjectIdentity(IF_NAME)), lexicographicMode=False
        )
        async for error, status, _, rows in names:
            if error or status:
                break
            for name, value in rows:
                if value.prettyPrint() == check.interface:
                    seen["status"] = await _status(engine, user, target, str(name).rsplit(".", 1)[-1])
        return seen
    finally:
        engine.close_dispatcher()


async def _status(engine: object, user: object, target: object, index: str) -> int | None:
    from pysnmp.hlapi.v3arch.asyncio import ContextData, ObjectIdentity, ObjectType, get_cmd

    wanted = ObjectType(ObjectIdentity(f"{IF_OPER_STATUS}.{index}"))
    error, status, _, found = await get_cmd(engine, user, target, ContextData(), wanted)
    return None if error or status else int(found[0][1])
