"""The commands of a SmartAX that change ONTs, service flows and VLANs; what they refuse is from public transcripts."""

from collections.abc import Mapping
from dataclasses import replace

from provisioning.stands.simulator.smartax import tables
from provisioning.stands.simulator.smartax.config import Ont, ServicePort
from provisioning.stands.simulator.smartax.device import MOST_ONTS, Device, Failure
from provisioning.stands.simulator.smartax.serial import canonical

Values = Mapping[str, str]

REPEATED = "Make configuration repeatedly"

IN_USE = "This configured object has some service virtual ports"


def add_ont(device: Device, values: Values, slot: int) -> list[str]:
    """Register an ONT on a port of the board whose mode this is."""
    config = device.config
    port = device.port(f"0/{slot}/{values['portid']}")
    serial = canonical(values["sn"])
    taken = {ont_id for each, ont_id in config.onts if each == port}
    if config.ont_of(serial) is not None:
        raise Failure("SN already exists")
    if len(taken) >= MOST_ONTS:
        raise Failure("The number of ONTs on the port has reached the upper limit")
    ont_id = int(values["ontid"]) if "ontid" in values else min(set(range(MOST_ONTS)) - taken)
    if ont_id in taken:
        raise Failure("The ONT ID has already existed")
    description = values.get("desc", "ONT_NO_DESCRIPTION")
    ont = Ont(
        port, ont_id, serial, tables.line_index(device, values), tables.service_index(device, values), description
    )
    config.onts[port, ont_id] = ont
    return ["Number of ONTs that can be added: 1, success: 1", f"PortID :{values['portid']}, ONTID :{ont_id}"]


def confirm_ont(device: Device, values: Values, slot: int) -> list[str]:
    """Register an ONT that was found by itself."""
    port = device.port(f"0/{slot}/{values['portid']}")
    if (port, canonical(values["sn"])) not in device.found():
        raise Failure("The automatically found ONT does not exist")
    return add_ont(device, values, slot)


def modify_ont(device: Device, values: Values, slot: int) -> list[str]:
    """Change one thing of an ONT."""
    config = device.config
    ont = _ont(device, values, slot)
    if "desc" in values:
        changed = replace(ont, description=values["desc"])
    elif "sn" in values:
        serial = canonical(values["sn"])
        if config.ont_of(serial) not in (None, ont):
            raise Failure("SN already exists")
        device.drop_ont(ont)
        changed = replace(ont, serial=serial)
    elif "line_id" in values or "line_name" in values:
        changed = replace(ont, line_profile=tables.line_index(device, values))
        gems = config.lines[changed.line_profile].gems
        if any(flow.gem not in gems for flow in config.flows_of(ont.port, ont.ont_id)):
            raise Failure(IN_USE)
    else:
        changed = replace(ont, service_profile=tables.service_index(device, values))
    config.onts[ont.port, ont.ont_id] = changed
    return []


def delete_ont(device: Device, values: Values, slot: int) -> list[str]:
    """Take the registration of an ONT away, or of all ONTs of a port."""
    if "ontid" in values:
        onts = [_ont(device, values, slot)]
        if device.config.flows_of(onts[0].port, onts[0].ont_id):
            raise Failure(IN_USE)
    else:
        port = device.port(f"0/{slot}/{values['portid']}")
        onts = [ont for (each, _), ont in sorted(device.config.onts.items()) if each == port]
    free = [each for each in onts if not device.config.flows_of(each.port, each.ont_id)]
    for each in free:
        device.drop_ont(each)
    return [f"Number of ONTs that can be deleted: {len(onts)}, success: {len(free)}"]


def switch_ont(device: Device, values: Values, slot: int, *, active: bool) -> list[str]:
    """Let an ONT work, or not."""
    ont = _ont(device, values, slot)
    if ont.active == active:
        raise Failure(REPEATED)
    device.config.onts[ont.port, ont.ont_id] = replace(ont, active=active)
    return []


def reset_ont(device: Device, values: Values, slot: int) -> list[str]:
    """Have an ONT start again."""
    ont = _ont(device, values, slot)
    if not device.is_online(ont):
        raise Failure("The ONT is not online")
    device.restart_ont(ont)
    return []


def native_vlan(device: Device, values: Values, slot: int) -> list[str]:
    """State in which VLAN the untagged frames of an ONT's port are."""
    ont = _ont(device, values, slot)
    port, vlan = int(values["ethport"]), (int(values["vlan"]), int(values.get("priority", "0")))
    if ont.native.get(port) == vlan:
        raise Failure(REPEATED)
    device.config.onts[ont.port, ont.ont_id] = replace(ont, native={**ont.native, port: vlan})
    return []


def autofind(device: Device, values: Values, slot: int) -> list[str]:
    """Let a port find ONTs by itself, or not."""
    port = device.port(f"0/{slot}/{values['portid']}")
    off = values["state"].lower() == "disable"
    if (port in device.config.autofind_off) == off:
        raise Failure(REPEATED)
    (device.config.autofind_off.add if off else device.config.autofind_off.remove)(port)
    return []


def service_port(device: Device, values: Values) -> list[str]:
    """Make a service flow."""
    config = device.config
    port = device.port(values["fsp"])
    vlan, gem, user_vlan = int(values["vlan"]), int(values["gem"]), values["uservlan"].lower()
    if vlan not in config.vlans:
        raise Failure("VLAN does not exist")
    ont = device.ont(port, int(values["ontid"]))
    if gem not in config.lines[ont.line_profile].gems:
        raise Failure("The GEM port does not exist")
    inbound, outbound = _tables(device, values)
    same = [each for each in config.flows_of(port, ont.ont_id) if (each.gem, each.user_vlan) == (gem, user_vlan)]
    index = (
        int(values["index"]) if "index" in values else tables.free(config.flows, 0, 131072, "service virtual ports")
    )
    if same or index in config.flows:
        conflict = same[0].index if same else index
        raise Failure(f"Service virtual port has existed already\nConflicted service virtual port index: {conflict}")
    transform = values.get("transform", "default").lower()
    config.flows[index] = ServicePort(index, vlan, port, ont.ont_id, gem, user_vlan, transform, inbound, outbound)
    return []


def change_service_port(device: Device, values: Values) -> list[str]:
    """Give a service flow other traffic tables."""
    flow = _flow(device, values)
    inbound, outbound = _tables(device, values)
    device.config.flows[flow.index] = replace(
        flow,
        inbound=flow.inbound if inbound is None else inbound,
        outbound=flow.outbound if outbound is None else outbound,
    )
    return []


def switch_service_port(device: Device, values: Values) -> list[str]:
    """Let a service flow pass packets, or not."""
    flow = _flow(device, values)
    enabled = values["state"].lower() == "enable"
    if flow.enabled == enabled:
        raise Failure(REPEATED)
    device.config.flows[flow.index] = replace(flow, enabled=enabled)
    return []


def undo_service_port(device: Device, values: Values) -> list[str]:
    """Remove a service flow by its index."""
    del device.config.flows[_flow(device, values).index]
    return []


def undo_service_ports(device: Device, values: Values) -> list[str]:
    """Remove the service flows of a port, of an ONT, or of one GEM port of it."""
    flows = flows_meant(device, values)
    for each in flows:
        del device.config.flows[each.index]
    return [
        "The number of total service virtual port in this",
        f"operation:       {len(flows)}",
        "Deleting start...",
        "",
        "Deleting end:",
        "The number of total service virtual port which need be",
        f"deleted:   {len(flows)}",
        "The number of total service virtual port which have been",
        f"deleted: {len(flows)}",
    ]


def flows_meant(device: Device, values: Values) -> list[ServicePort]:
    """Return the service flows that a command means, which must be some."""
    port = device.port(values["fsp"]) if "fsp" in values else None
    found = [
        each
        for _, each in sorted(device.config.flows.items())
        if port in (None, each.port)
        and values.get("ontid") in (None, str(each.ont_id))
        and values.get("gem") in (None, str(each.gem))
        and values.get("vlan") in (None, str(each.vlan))
    ]
    if not found:
        raise Failure("No service virtual port can be operated")
    return found


def vlan(device: Device, values: Values) -> list[str]:
    """Make a VLAN."""
    number = int(values["vlan"])
    if number in device.config.vlans:
        raise Failure("The VLAN has existed already")
    device.config.vlans[number] = values.get("kind", "smart").lower()
    return []


def undo_vlan(device: Device, values: Values) -> list[str]:
    """Remove a VLAN."""
    number = int(values["vlan"])
    if number not in device.config.vlans:
        raise Failure("VLAN does not exist")
    if any(each == number for each, _ in device.config.uplinks):
        raise Failure("The VLAN has some upstream ports")
    if any(flow.vlan == number for flow in device.config.flows.values()):
        raise Failure("The VLAN has some service virtual ports")
    del device.config.vlans[number]
    return []


def port_vlan(device: Device, values: Values, *, undo: bool = False) -> list[str]:
    """Put an upstream port into a VLAN, or take it out."""
    number, port = int(values["vlan"]), f"{values['fs']}/{values['port']}"
    if number not in device.config.vlans:
        raise Failure("VLAN does not exist")
    if values["fs"] not in ("0/8", "0/9"):
        raise Failure("The port is not an upstream port")
    if ((number, port) in device.config.uplinks) != undo:
        raise Failure(REPEATED)
    (device.config.uplinks.remove if undo else device.config.uplinks.add)((number, port))
    return []


def _ont(device: Device, values: Values, slot: int) -> Ont:
    return device.ont(device.port(f"0/{slot}/{values['portid']}"), int(values["ontid"]))


def _flow(device: Device, values: Values) -> ServicePort:
    if (flow := device.config.flows.get(int(values["index"]))) is None:
        raise Failure("Service virtual port does not exist")
    return flow


def _tables(device: Device, values: Values) -> tuple[int | None, int | None]:
    inbound = (
        tables.table_index(device, values, "inindex", "inname") if {"inindex", "inname"} & values.keys() else None
    )
    outbound = (
        tables.table_index(device, values, "outindex", "outname") if {"outindex", "outname"} & values.keys() else None
    )
    return inbound, outbound
