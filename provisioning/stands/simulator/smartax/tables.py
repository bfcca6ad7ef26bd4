"""The commands of a SmartAX that change traffic tables, DBA profiles and ONT profiles."""

from collections.abc import Mapping

from provisioning.stands.simulator.smartax import show_profiles
from provisioning.stands.simulator.smartax.config import DbaProfile, TrafficTable
from provisioning.stands.simulator.smartax.device import Device, Failure

Values = Mapping[str, str]

STEP = 64
"""Rates are kept in steps of so many kbit/s; what lies between is rounded down."""


def traffic_table(device: Device, values: Values) -> list[str]:
    """Make a traffic table."""
    tables = device.config.tables
    index = int(values["index"]) if "index" in values else free(tables, 7, 1024, "traffic tables")
    name = values.get("name", f"ip-traffic-table_{index}")
    if index in tables:
        raise Failure("The traffic table has existed already")
    if any(each.name == name for each in tables.values()):
        raise Failure("The traffic table name has existed already")
    cir = _rounded(values["cir"])
    pir = _rounded(values["pir"]) if "pir" in values else min(2 * cir, 10240000)
    if pir < cir:
        raise Failure("PIR must not be less than CIR")
    cbs = int(values.get("cbs", cir * 32 + 2000))
    pbs = int(values.get("pbs", pir * 32 + 2000))
    policy = "local-pri" if values["policy"].lower() == "local-setting" else "tag-pri"
    tables[index] = TrafficTable(index, name, cir, cbs, pir, pbs, int(values["priority"]), policy)
    return ["Create traffic descriptor record successfully", *show_profiles.table_lines(device, tables[index])]


def undo_traffic_table(device: Device, values: Values) -> list[str]:
    """Remove a traffic table."""
    index = table_index(device, values, "index", "name")
    if any(index in (flow.inbound, flow.outbound) for flow in device.config.flows.values()):
        raise Failure("The traffic table is being used")
    del device.config.tables[index]
    return []


def dba_profile(device: Device, values: Values) -> list[str]:
    """Make a DBA profile."""
    profiles = device.config.dba
    index = int(values["id"]) if "id" in values else free(profiles, 10, 513, "DBA profiles")
    name = values.get("name", f"dba-profile_{index}")
    if index in profiles or any(each.name == name for each in profiles.values()):
        raise Failure("The DBA-profile has already existed")
    kind = int(values["kind"][-1])
    fix, assure, most = (_rounded(values.get(each, "0")) for each in ("fix", "assure", "max"))
    if kind in (3, 5) and most < fix + assure:
        raise Failure("The maximum bandwidth is less than the sum of the others")
    profiles[index] = DbaProfile(index, name, kind, fix, assure, most)
    return ["Adding a DBA profile succeeded", f"Profile ID   : {index}", f"Profile name : {name}"]


def undo_dba_profile(device: Device, values: Values) -> list[str]:
    """Remove a DBA profile."""
    index = dba_index(device, values)
    if any(index in line.tconts.values() for line in device.config.lines.values()):
        raise Failure("The DBA-profile has been bound")
    del device.config.dba[index]
    return []


def dba_index(device: Device, values: Values) -> int:
    """Return the index of a DBA profile that is named in one way or the other."""
    for index, each in device.config.dba.items():
        if values.get("id") == str(index) or values.get("name") == each.name:
            return index
    raise Failure("The DBA-profile does not exist")


def undo_line_profile(device: Device, values: Values) -> list[str]:
    """Remove a line profile."""
    index = line_index(device, values)
    if any(ont.line_profile == index for ont in device.config.onts.values()):
        raise Failure("The profile has been bound, and it can not be deleted")
    del device.config.lines[index]
    return []


def undo_service_profile(device: Device, values: Values) -> list[str]:
    """Remove a service profile."""
    index = service_index(device, values)
    if any(ont.service_profile == index for ont in device.config.onts.values()):
        raise Failure("The profile has been bound, and it can not be deleted")
    del device.config.services[index]
    return []


def line_index(device: Device, values: Values) -> int:
    """Return the index of a line profile that is named in one way or the other."""
    for index, each in device.config.lines.items():
        if values.get("line_id") == str(index) or values.get("line_name") == each.name:
            return index
    raise Failure("The line profile does not exist")


def service_index(device: Device, values: Values) -> int:
    """Return the index of a service profile that is named in one way or the other."""
    for index, each in device.config.services.items():
        if values.get("srv_id") == str(index) or values.get("srv_name") == each.name:
            return index
    raise Failure("The service profile does not exist")


def table_index(device: Device, values: Values, by_index: str, by_name: str) -> int:
    """Return the index of a traffic table that is named in one way or the other."""
    for index, each in device.config.tables.items():
        if values.get(by_index) == str(index) or values.get(by_name) == each.name:
            return index
    raise Failure("The traffic table does not exist")


def free(taken: Mapping[int, object], first: int, end: int, what: str) -> int:
    """Return the lowest index that is free.

    Raises:
        Failure: when none is.
    """
    for index in range(first, end):
        if index not in taken:
            return index
    raise Failure(f"The number of {what} has reached the upper limit")


def _rounded(written: str) -> int:
    return int(written) // STEP * STEP
