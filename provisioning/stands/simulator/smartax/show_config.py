"""A SmartAX' configuration as commands, in the sections that `display current-configuration` has.

Sections and their order: dumps of MA5800 in public repositories (`[bbs-config]`, `  <bbs-config>`, a line that begins
with one space for each command, `#` between sections, `return` at the end).
"""

from provisioning.stands.simulator.smartax.config import Config, Ont, ServicePort, TrafficTable, factory
from provisioning.stands.simulator.smartax.device import Device
from provisioning.stands.simulator.smartax.serial import digits

VERSION = "MA5800V100R020: 10009"


def everything(config: Config) -> list[str]:
    """Return the whole configuration, without what the factory has."""
    boards = sorted({port.rsplit("/", 1)[0] for port, _ in config.onts})
    parts = [
        ("global-config", [("global-config", _global(config))]),
        ("vlan-config", [("vlan-config", _vlans(config))]),
        ("gpon", [(f"gpon-{board}", _board(config, board)) for board in boards]),
        ("bbs-config", [("bbs-config", [_flow(each) for _, each in sorted(config.flows.items())])]),
    ]
    return _sections(parts)


def of_ont(device: Device, ont: Ont) -> list[str]:
    """Return what is configured for one ONT."""
    board = ont.port.rsplit("/", 1)[0]
    flows = [_flow(each) for each in device.config.flows_of(ont.port, ont.ont_id)]
    parts = [("gpon", [(f"gpon-{board}", [f"interface gpon {board}", *_ont(ont)])])]
    return _sections([*parts, *([("bbs-config", [("bbs-config", flows)])] if flows else [])])


def section(config: Config, name: str) -> list[str]:
    """Return one section of the configuration, empty where there is none."""
    lines = everything(config)
    begins = [at for at, line in enumerate(lines) if line == f"[{name}]"]
    if not begins:
        return ["#", "return"]
    end = lines.index("#", begins[0])
    return [*lines[begins[0] : end + 1], "return"]


def _sections(parts: list[tuple[str, list[tuple[str, list[str]]]]]) -> list[str]:
    lines = [f"[{VERSION}]", "#"]
    for name, groups in parts:
        if any(commands for _, commands in groups):
            lines.append(f"[{name}]")
            for group, commands in groups:
                lines += [f"  <{group}>", *(f" {command}" for command in commands)]
            lines.append("#")
    return [*lines, "return"]


def _global(config: Config) -> list[str]:
    own = factory()
    lines = [_table(each) for index, each in sorted(config.tables.items()) if own.tables.get(index) != each]
    for index, dba in sorted(config.dba.items()):
        if own.dba.get(index) != dba:
            rates = " ".join(f"{name} {rate}" for name in ("fix", "assure", "max") if (rate := getattr(dba, name)))
            lines.append(f'dba-profile add profile-id {index} profile-name "{dba.name}" type{dba.kind} {rates}')
    for index, line in sorted(config.lines.items()):
        if own.lines.get(index) != line:
            lines.append(f'ont-lineprofile gpon profile-id {index} profile-name "{line.name}"')
            lines += [f" tcont {tcont} dba-profile-id {dba}" for tcont, dba in sorted(line.tconts.items()) if tcont]
            lines += [f" gem add {gem} eth tcont {tcont}" for gem, tcont in sorted(line.gems.items())]
            lines += [f" gem mapping {gem} {at} vlan {vlan}" for (gem, at), vlan in sorted(line.mappings.items())]
            lines.append(" commit")
    for index, service in sorted(config.services.items()):
        if own.services.get(index) != service:
            lines.append(f'ont-srvprofile gpon profile-id {index} profile-name "{service.name}"')
            lines.append(f" ont-port pots {service.pots} eth {service.eth}")
            for port, vlans in sorted(service.vlans.items()):
                lines += [
                    f" port vlan eth {port} translation {out} user-vlan {user}" for out, user in sorted(vlans.items())
                ]
            lines.append(" commit")
    return lines


def _table(table: TrafficTable) -> str:
    policy = "local-Setting" if table.policy == "local-pri" else "tag-In-Package"
    return (
        f'traffic table ip index {table.index} name "{table.name}" cir {table.cir} cbs {table.cbs} pir {table.pir} '
        f"pbs {table.pbs} priority {table.priority} priority-policy {policy}"
    )


def _vlans(config: Config) -> list[str]:
    lines = [f"vlan {vlan} {kind}" for vlan, kind in sorted(config.vlans.items()) if vlan != 1]
    for vlan, port in sorted(config.uplinks):
        board, number = port.rsplit("/", 1)
        lines.append(f"port vlan {vlan} {board} {number}")
    return lines


def _board(config: Config, board: str) -> list[str]:
    onts = [ont for (port, _), ont in sorted(config.onts.items()) if port.rsplit("/", 1)[0] == board]
    return [f"interface gpon {board}", *(line for ont in onts for line in _ont(ont))]


def _ont(ont: Ont) -> list[str]:
    port = ont.port.rsplit("/", 1)[1]
    lines = [
        f'ont add {port} {ont.ont_id} sn-auth "{digits(ont.serial)}" omci ont-lineprofile-id {ont.line_profile} '
        f'ont-srvprofile-id {ont.service_profile} desc "{ont.description}"'
    ]
    for eth, (vlan, priority) in sorted(ont.native.items()):
        lines.append(f"ont port native-vlan {port} {ont.ont_id} eth {eth} vlan {vlan} priority {priority}")
    return [*lines, *([] if ont.active else [f"ont deactivate {port} {ont.ont_id}"])]


def _flow(flow: ServicePort) -> str:
    tables = (("inbound", flow.inbound), ("outbound", flow.outbound))
    return (
        f"service-port {flow.index} vlan {flow.vlan} gpon {flow.port} ont {flow.ont_id} gemport {flow.gem} "
        f"multi-service user-vlan {flow.user_vlan} tag-transform {flow.transform}"
        + "".join(f" {name} traffic-table index {index}" for name, index in tables if index is not None)
    )
