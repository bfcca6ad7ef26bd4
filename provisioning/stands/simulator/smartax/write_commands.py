"""The commands of a SmartAX that change something: where each may be typed, and how it is written."""

from collections.abc import Callable

from provisioning.stands.simulator.smartax import tables, writes
from provisioning.stands.simulator.smartax.device import CONTROL_BOARDS, Device, Failure
from provisioning.stands.simulator.smartax.shell import FLOW, Mode, Shell, Values, command

_RELEASE = [
    "  Warning: The operation will delete multiple or all service ports and cause "
    "interruptions of many user services.",
    "  It will take several minutes, and console may timeout,",
    "  please use command idle-timeout to set time limit",
    "  Are you sure to release service virtual port(s)? (y/n)[n]:",
]

_DELETE_ALL = ["  This command will delete all the ONTs in the port, are you sure to execute? (y/n)[n]:"]


def _on(act: Callable[[Device, Values], list[str]]) -> Callable[[Shell, Values], list[str]]:
    return lambda session, values: act(session.device, values)


def _on_board(act: Callable[[Device, Values, int], list[str]]) -> Callable[[Shell, Values], list[str]]:
    return lambda session, values: act(session.device, values, session.slot)


def _interface(session: Shell, values: Values) -> list[str]:
    frame, slot = (int(each) for each in values["fs"].split("/"))
    if frame != 0:
        raise Failure("The frame does not exist")
    if slot in CONTROL_BOARDS:
        raise Failure("Board type is invalid")
    if session.device.kind_of(slot) is None:
        raise Failure("This board does not exist")
    session.mode, session.slot = Mode.GPON, slot
    return []


def _asks_of_flows(session: Shell, values: Values) -> list[str]:
    writes.flows_meant(session.device, values)
    return _RELEASE


def _asks_of_onts(_session: Shell, values: Values) -> list[str]:
    return [] if "ontid" in values else _DELETE_ALL


_BY_LINE = "(ont-lineprofile-id {line_id:U0-8192}|ont-lineprofile-name {line_name:S1-64})"
_BY_SERVICE = "(ont-srvprofile-id {srv_id:U0-8192}|ont-srvprofile-name {srv_name:S1-64})"
_PROFILES = f"{_BY_LINE} {_BY_SERVICE} [desc {{desc:S1-64}}] [ont-type {{type:U0-255}}]"
_INBOUND = "inbound traffic-table (index {inindex:U0-1023}|name {inname:S1-32})"
_OUTBOUND = "outbound traffic-table (index {outindex:U0-1023}|name {outname:S1-32})"
_RATE = "{%s:U64-10240000}"
_DBA_RATE = "{%s:U128-10000000}"
_KINDS = (
    f"{{kind:W:type1}} fix {_DBA_RATE % 'fix'}|{{kind:W:type2}} assure {_DBA_RATE % 'assure'}"
    f"|{{kind:W:type3}} assure {_DBA_RATE % 'assure'} max {_DBA_RATE % 'max'}|{{kind:W:type4}} max {_DBA_RATE % 'max'}"
    f"|{{kind:W:type5}} fix {_DBA_RATE % 'fix'} assure {_DBA_RATE % 'assure'} max {_DBA_RATE % 'max'}"
)

_CONFIG = (Mode.CONFIG,)

_GLOBAL_WRITES = (
    command(_CONFIG, "interface gpon {fs:P2}", _interface),
    command(
        _CONFIG,
        f"traffic table ip [index {{index:U0-1023}}] [name {{name:S1-32}}] cir {_RATE % 'cir'} "
        f"[cbs {{cbs:U2000-1024000000}}] [pir {_RATE % 'pir'}] [pbs {{pbs:U2000-1024000000}}] "
        "priority {priority:U0-7} priority-policy {policy:W:local-setting|tag-in-package}",
        _on(tables.traffic_table),
        writes=True,
    ),
    command(
        _CONFIG,
        "undo traffic table ip (index {index:U0-1023}|name {name:S1-32})",
        _on(tables.undo_traffic_table),
        writes=True,
    ),
    command(
        _CONFIG,
        f"dba-profile add [profile-id {{id:U10-512}}] [profile-name {{name:S1-33}}] ({_KINDS}) "
        "[bandwidth_compensate {compensate:W:yes|no}]",
        _on(tables.dba_profile),
        writes=True,
    ),
    command(
        _CONFIG,
        "dba-profile delete (profile-id {id:U0-512}|profile-name {name:S1-33})",
        _on(tables.undo_dba_profile),
        writes=True,
    ),
    command(
        _CONFIG,
        "undo ont-lineprofile gpon (profile-id {line_id:U0-8192}|profile-name {line_name:S1-64})",
        _on(tables.undo_line_profile),
        writes=True,
    ),
    command(
        _CONFIG,
        "undo ont-srvprofile gpon (profile-id {srv_id:U0-8192}|profile-name {srv_name:S1-64})",
        _on(tables.undo_service_profile),
        writes=True,
    ),
    command(_CONFIG, "vlan {vlan:U2-4093} [{kind:W:smart|standard|mux|super}]", _on(writes.vlan), writes=True),
    command(_CONFIG, "undo vlan {vlan:U2-4093}", _on(writes.undo_vlan), writes=True),
    command(_CONFIG, "port vlan {vlan:U1-4093} {fs:P2} {port:U0-15}", _on(writes.port_vlan), writes=True),
    command(
        _CONFIG,
        "undo port vlan {vlan:U1-4093} {fs:P2} {port:U0-15}",
        lambda at, values: writes.port_vlan(at.device, values, undo=True),
        writes=True,
    ),
    command(
        _CONFIG,
        "service-port [{index:U0-131071}] vlan {vlan:U1-4093} gpon {fsp:P3} ont {ontid:U0-255} gemport {gem:U0-1023} "
        "multi-service user-vlan ({uservlan:U1-4095}|{uservlan:W:untagged}) "
        f"[tag-transform {{transform:W:default|translate|transparent}}] [{_INBOUND}] [{_OUTBOUND}]",
        _on(writes.service_port),
        writes=True,
    ),
    command(
        _CONFIG,
        f"service-port {{index:U0-131071}} ({_INBOUND} [{_OUTBOUND}]|{_OUTBOUND})",
        _on(writes.change_service_port),
        writes=True,
    ),
    command(
        _CONFIG,
        "service-port {index:U0-131071} adminstatus {state:W:enable|disable}",
        _on(writes.switch_service_port),
        writes=True,
    ),
    command(_CONFIG, "undo service-port {index:U0-131071}", _on(writes.undo_service_port), writes=True),
    command(
        _CONFIG,
        f"undo service-port (port {FLOW}|vlan {{vlan:U1-4093}} gpon {FLOW}|all)",
        _on(writes.undo_service_ports),
        asks=_asks_of_flows,
        writes=True,
    ),
)

_BOARD = (Mode.GPON,)
_ONT = "{portid:U0-15} {ontid:U0-255}"

_BOARD_WRITES = (
    command(
        _BOARD,
        f"ont add {{portid:U0-15}} [{{ontid:U0-127}}] sn-auth {{sn:SN}} omci {_PROFILES}",
        _on_board(writes.add_ont),
        writes=True,
    ),
    command(
        _BOARD,
        f"ont confirm {{portid:U0-15}} [ontid {{ontid:U0-127}}] sn-auth {{sn:SN}} omci {_PROFILES}",
        _on_board(writes.confirm_ont),
        writes=True,
    ),
    command(
        _BOARD,
        f"ont modify {_ONT} ({_BY_LINE}|{_BY_SERVICE}|desc {{desc:S1-64}}|sn {{sn:SN}})",
        _on_board(writes.modify_ont),
        writes=True,
    ),
    command(
        _BOARD,
        "ont delete {portid:U0-15} ({ontid:U0-255}|all)",
        _on_board(writes.delete_ont),
        asks=_asks_of_onts,
        writes=True,
    ),
    command(
        _BOARD,
        f"ont activate {_ONT}",
        lambda at, values: writes.switch_ont(at.device, values, at.slot, active=True),
        writes=True,
    ),
    command(
        _BOARD,
        f"ont deactivate {_ONT}",
        lambda at, values: writes.switch_ont(at.device, values, at.slot, active=False),
        writes=True,
    ),
    command(_BOARD, f"ont reset {_ONT}", _on_board(writes.reset_ont), writes=True),
    command(
        _BOARD,
        f"ont port native-vlan {_ONT} eth {{ethport:U1-24}} vlan {{vlan:U1-4095}} [priority {{priority:U0-7}}]",
        _on_board(writes.native_vlan),
        writes=True,
    ),
    command(
        _BOARD, "port {portid:U0-15} ont-auto-find {state:W:enable|disable}", _on_board(writes.autofind), writes=True
    ),
)


COMMANDS = (*_GLOBAL_WRITES, *_BOARD_WRITES)
