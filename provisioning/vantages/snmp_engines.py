"""SNMP engines that are used again, one read at a time: a new one reads and runs its MIB modules, 50 ms each time.

What an engine learns of a router must not reach the next one, for all have one user name: its engine id, boots and
time, and the keys made from them (RFC 3414, 2.3 and 2.6). Nor may an idle engine hold secrets.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

MOST = 32
"""Engines that wait, at most; each has a few megabytes of MIB."""

PATIENCE = 0.3
"""Seconds to wait for an engine that somebody else reads with: for longer than a read of a router that answers."""

SNMP_V3 = 3
USM = 3

ROW_STATUS = (
    ("SNMP-USER-BASED-SM-MIB", "usmUserStatus"),
    ("PYSNMP-USM-MIB", "pysnmpUsmSecretStatus"),
    ("SNMP-TARGET-MIB", "snmpTargetAddrRowStatus"),
    ("SNMP-TARGET-MIB", "snmpTargetParamsRowStatus"),
)
"""Of the tables that a read writes to: users with the keys for each router, where it is and how it is spoken to."""

_idle: "list[SnmpEngine]" = []
_given_back = threading.Condition()
_begun = threading.Event()


@contextmanager
def snmp_engine() -> "Iterator[SnmpEngine]":
    """Yield an engine that knows of no router and no user, for one loop of asyncio; what it learns is forgotten."""
    from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

    engine = _waiting() or SnmpEngine()
    try:
        yield engine
    except BaseException:
        # A request may be left open in it, so that nothing is certain: it is used no more.
        engine.close_dispatcher()
        raise
    engine.close_dispatcher()
    _forget(engine)
    with _given_back:
        if len(_idle) < MOST:
            _idle.append(engine)
            _given_back.notify()


def _waiting() -> "SnmpEngine | None":
    with _given_back:
        if _begun.is_set():
            # To wait costs nothing; to build one keeps everybody from reading, on one core.
            _given_back.wait_for(lambda: _idle, PATIENCE)
        _begun.set()
        return _idle.pop() if _idle else None


def _forget(engine: "SnmpEngine") -> None:
    """Take out of an engine what `hlapi` has put into it, which counts uses of its own and takes out too little."""
    from pysnmp.hlapi.v3arch.asyncio.lcd import CommandGeneratorLcdConfigurator
    from pysnmp.proto.mpmod.rfc3412 import SnmpV3MessageProcessingModel
    from pysnmp.proto.secmod.rfc3414 import SnmpUSMSecurityModel
    from pysnmp.smi.error import NoSuchInstanceError

    rows = []
    for module, column in ROW_STATUS:
        (status,) = engine.get_mib_builder().import_symbols(module, column)
        row = status
        with suppress(NoSuchInstanceError):
            while True:
                row = status.getNextNode(row.name)
                rows.append((row.name, "destroy"))
    # Columns that other modules add to a row, such as its keys, go with it.
    engine.message_dispatcher.mib_instrum_controller.write_variables(*rows, snmpEngine=engine)
    engine.delete_user_context(CommandGeneratorLcdConfigurator.__name__)
    engine.message_processing_subsystems[SNMP_V3] = SnmpV3MessageProcessingModel()
    engine.security_models[USM] = SnmpUSMSecurityModel()
