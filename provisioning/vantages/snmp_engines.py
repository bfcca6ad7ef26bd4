"""SNMP engines that are used again, one read at a time: a new one reads and runs its MIB modules, 50 ms each time.

What an engine learns of a router must not reach the next one, for all have one user name: its engine id, boots and
time, and the keys made from them (RFC 3414, 2.3 and 2.6). Nor may an idle engine hold secrets.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

MOST = 32
"""Engines that wait, at most; each has a few megabytes of MIB."""

SNMP_V3 = 3
USM = 3

_lock = threading.Lock()
_idle: "list[SnmpEngine]" = []


@contextmanager
def snmp_engine() -> "Iterator[SnmpEngine]":
    """Yield an engine that knows of no router and no user, for one loop of asyncio; what it learns is forgotten."""
    from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

    with _lock:
        engine = _idle.pop() if _idle else None
    engine = engine or SnmpEngine()
    try:
        yield engine
    except BaseException:
        # A request may be left open in it, so that nothing is certain: it is used no more.
        engine.close_dispatcher()
        raise
    engine.close_dispatcher()
    _forget(engine)
    with _lock:
        if len(_idle) < MOST:
            _idle.append(engine)


def _forget(engine: "SnmpEngine") -> None:
    """Take out of an engine what `hlapi` has put into it, which counts uses of its own and takes out too little."""
    from pysnmp.entity import config
    from pysnmp.hlapi.v3arch.asyncio.lcd import CommandGeneratorLcdConfigurator
    from pysnmp.proto.mpmod.rfc3412 import SnmpV3MessageProcessingModel
    from pysnmp.proto.secmod.rfc3414 import SnmpUSMSecurityModel

    name = CommandGeneratorLcdConfigurator.__name__
    known = engine.get_user_context(name) or {}
    for user, engine_id in known.get("auth", {}):
        # With the user go the rows that were cloned from it for the router's engine id, and their keys.
        config.delete_v3_user(engine, user, engine_id)
    for address, _ in known.get("addr", {}).values():
        config.delete_target_address(engine, address)
    for parameters, _ in known.get("parm", {}).values():
        config.delete_target_parameters(engine, parameters)
    engine.delete_user_context(name)
    engine.message_processing_subsystems[SNMP_V3] = SnmpV3MessageProcessingModel()
    engine.security_models[USM] = SnmpUSMSecurityModel()
