"""The commands of a SmartAX: where each may be typed, how it is written, what it does.

From the command references of MA5600T and MA5800 (V100R0xx) as far as public pages and transcripts repeat them. Boards
of GPON and of XGS-PON have the same words: `interface gpon`, `ont-lineprofile gpon`, `service-port … gpon`.
"""

from collections.abc import Callable, Mapping

from provisioning.stands.simulator.smartax import shell, show_config, show_onts, show_profiles, writes
from provisioning.stands.simulator.smartax.config import LineProfile, ServiceProfile
from provisioning.stands.simulator.smartax.device import BOARDS, CONTROL_BOARDS, Device, Failure
from provisioning.stands.simulator.smartax.grammar import Pattern
from provisioning.stands.simulator.smartax.shell import Command, Mode, Rebooted, Shell, Values

_BELOW_CONFIG = (Mode.GPON, Mode.LINE, Mode.SERVICE)
_ANYWHERE = tuple(Mode)
_PRIVILEGED = (Mode.ENABLE, Mode.CONFIG, *_BELOW_CONFIG)
_GENERAL = (Mode.ENABLE, Mode.CONFIG)

_VERSION = """
VERSION : MA5800V100R020C00
PATCH   : SPH208
PRODUCT : MA5800-X7
Active Mainboard Running Area Information:
--------------------------------------------------
Current Program Area : Area A
Current Data Area : Area A
Program Area A Version : MA5800V100R020C00
Program Area B Version : MA5800V100R020C00
Data Area A Version : MA5800V100R020C00
Data Area B Version : MA5800V100R020C00
--------------------------------------------------
Uptime is 12 day(s), 3 hour(s), 41 minute(s), 7 second(s)
"""

_LOG_OUT = [
    "  Check whether system data has been changed. Please save data before logout.",
    "Are you sure to log out? (y/n)[n]:",
]

_REBOOT = [
    "  Please check whether data has saved, the unsaved data will lose if reboot system,",
    "are you sure to reboot system? (y/n)[n]:",
]

_RELEASE = [
    "  Warning: The operation will delete multiple or all service ports and cause "
    "interruptions of many user services.",
    "  It will take several minutes, and console may timeout,",
    "  please use command idle-timeout to set time limit",
    "  Are you sure to release service virtual port(s)? (y/n)[n]:",
]

_DELETE_ALL = ["  This command will delete all the ONTs in the port, are you sure to execute? (y/n)[n]:"]


def _go(mode: Mode) -> Callable[[Shell, Values], list[str]]:
    def act(session: Shell, _values: Values) -> list[str]:
        session.mode = mode
        return []

    return act


def _set(name: str, value: object, said: str = "") -> Callable[[Shell, Values], list[str]]:
    def act(session: Shell, _values: Values) -> list[str]:
        setattr(session, name, value)
        return [said] if said else []

    return act


def _on(act: Callable[[Device, Values], list[str]]) -> Callable[[Shell, Values], list[str]]:
    return lambda session, values: act(session.device, values)


def _on_board(act: Callable[[Device, Values, int], list[str]]) -> Callable[[Shell, Values], list[str]]:
    return lambda session, values: act(session.device, values, session.slot)


def _pages(session: Shell, values: Values) -> list[str]:
    session.pages = int(values.get("number", 0))
    return []


def _leave(session: Shell, _values: Values) -> list[str]:
    session.leave()
    return []


def _asks_to_leave(session: Shell, _values: Values) -> list[str]:
    return _LOG_OUT if session.mode in (Mode.USER, Mode.ENABLE) else []


def _return(session: Shell, _values: Values) -> list[str]:
    session.mode, session.line, session.service = Mode.ENABLE, None, None
    return []


def _reboot(_session: Shell, _values: Values) -> list[str]:
    raise Rebooted


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


def _save(session: Shell, _values: Values) -> list[str]:
    session.device.save()
    return [
        "It will take several minutes to save configuration file, please wait...",
        "Configuration file had been saved successfully",
        "Note: The configuration file will take effect after being activated",
    ]


def _sysname(session: Shell, values: Values) -> list[str]:
    session.device.sysname = values["name"]
    return []


def _version(_session: Shell, _values: Values) -> list[str]:
    return _VERSION.strip("\n").splitlines()


def _boards(session: Shell, _values: Values) -> list[str]:
    rule = "-" * 73
    known = {**{slot: BOARDS[kind] for slot, kind in session.device.boards.items()}, **CONTROL_BOARDS}
    states = {8: "Active_normal", 9: "Standby_normal"}
    rows = [
        f"{slot:<7} {known[slot]:<10} {states.get(slot, 'Normal'):<15}" if slot in known else f"{slot}"
        for slot in range(10)
    ]
    return [rule, "SlotID  BoardName  Status          SubType0 SubType1    Online/Offline", rule, *rows, rule]


def _place(session: Shell, values: Values) -> str:
    if "fsp" in values:
        return session.device.port(values["fsp"])
    if "slotid" in values:
        return session.device.port(f"{values['frameid']}/{values['slotid']}/{values['portid']}")
    return session.device.port(f"0/{session.slot}/{values['portid']}")


def _info(session: Shell, values: Values) -> list[str]:
    port = _place(session, values)
    if "ontid" in values:
        return show_onts.info(session.device, port, int(values["ontid"]))
    return show_onts.info_all(session.device, port)


def _found(session: Shell, values: Values) -> list[str]:
    return show_onts.autofind(session.device, _place(session, values) if "portid" in values else None)


def _flows(session: Shell, values: Values) -> list[str]:
    device = session.device
    if "index" in values:
        return show_onts.service_port(device, int(values["index"]))
    if "fsp" in values:
        values = {**values, "fsp": device.port(values["fsp"])}
    return show_onts.service_ports(device, writes.flows_meant(device, values))


def _tables(session: Shell, values: Values) -> list[str]:
    if "index" in values or "name" in values:
        index = writes.table_index(session.device, values, "index", "name")
        return show_profiles.table_lines(session.device, session.device.config.tables[index])
    return show_profiles.tables(session.device, int(values["first"]), int(values.get("last", 1023)))


def _dba(session: Shell, values: Values) -> list[str]:
    if values:
        return show_profiles.dba_profile(session.device, writes.dba_index(session.device, values))
    return show_profiles.dba_profiles(session.device)


def _names(profiles: Mapping[int, LineProfile] | Mapping[int, ServiceProfile]) -> dict[int, str]:
    return {index: each.name for index, each in profiles.items()}


def _lines(session: Shell, values: Values) -> list[str]:
    device = session.device
    if values:
        return show_profiles.line_profile(device, device.config.lines[writes.line_index(device, values)])
    return show_profiles.profiles(_names(device.config.lines), show_profiles.lines_bound(device))


def _services(session: Shell, values: Values) -> list[str]:
    device = session.device
    if values:
        return show_profiles.service_profile(device, device.config.services[writes.service_index(device, values)])
    return show_profiles.profiles(_names(device.config.services), show_profiles.services_bound(device))


def _vlans(session: Shell, _values: Values) -> list[str]:
    config, rule = session.device.config, "-" * 69
    rows = [
        f"{vlan:>4}   {kind:<9} common    {sum(each == vlan for each, _ in config.uplinks):>13}"
        f" {sum(flow.vlan == vlan for flow in config.flows.values()):>14} {'-':>8}"
        for vlan, kind in sorted(config.vlans.items())
    ]
    head = "VLAN   Type      Attribute  STND-Port NUM   SERV-Port NUM  VLAN-Con NUM"
    return [rule, head, rule, *rows, rule, f"Total: {len(rows)}"]


def _configuration(session: Shell, values: Values) -> list[str]:
    device = session.device
    if "ontid" in values:
        ont = device.ont(device.port(values["fsp"]), int(values["ontid"]))
        return show_config.of_ont(device, ont)
    if "section" in values:
        return show_config.section(device.config, values["section"].lower())
    return show_config.everything(device.config)


def _saved(session: Shell, _values: Values) -> list[str]:
    return show_config.everything(session.device.saved_config())


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
_PORTS = "({%s:U0-32}|{%s:W:adaptive})"
_FLOW = "{fsp:P3} [ont {ontid:U0-255} [gemport {gem:U0-1023}]]"


def _command(
    modes: tuple[Mode, ...],
    pattern: str,
    do: Callable[[Shell, Values], list[str]],
    *,
    asks: Callable[[Shell, Values], list[str]] | None = None,
    writes: bool = False,
    indent: str = "  ",
) -> Command:
    return Command(frozenset(modes), Pattern(pattern), do, indent, asks, writes)


_SESSION = (
    _command((Mode.USER,), "enable", _go(Mode.ENABLE)),
    _command((Mode.ENABLE,), "disable", _go(Mode.USER)),
    _command((Mode.ENABLE,), "config", _go(Mode.CONFIG)),
    _command(_ANYWHERE, "quit", _leave, asks=_asks_to_leave),
    _command((Mode.CONFIG, *_BELOW_CONFIG), "return", _return),
    _command(_ANYWHERE, "smart", _set("smart", value=True, said="Interactive function is enabled")),
    _command(_ANYWHERE, "undo smart", _set("smart", value=False, said="Interactive function is disabled")),
    _command(_ANYWHERE, "scroll [{number:U1-512}]", _pages),
    _command(_ANYWHERE, "screen-length {number:U0-512} [temporary]", _pages),
    _command(_ANYWHERE, "undo (scroll|screen-length)", _set("pages", 24)),
    _command(_PRIVILEGED, "infoswitch cli on", _set("news", value=True)),
    _command(_PRIVILEGED, "infoswitch cli off", _set("news", value=False)),
    _command(_ANYWHERE, "idle-timeout {minutes:U1-255}", lambda _session, _values: []),
    _command((Mode.CONFIG,), "mmi-mode enable", _set("machine", value=True)),
    _command((Mode.CONFIG,), "mmi-mode disable", _set("machine", value=False)),
    _command((Mode.CONFIG,), "sysname {name:S1-50}", _sysname),
    _command(_PRIVILEGED, "save [configuration|data]", _save),
    _command((Mode.ENABLE, Mode.CONFIG), "reboot system", _reboot, asks=lambda _session, _values: _REBOOT),
)

_SHOWS = (
    _command(_ANYWHERE, "display version", _version),
    _command(_PRIVILEGED, "display board {frame:U0-0}", _boards),
    _command(_PRIVILEGED, "display ont autofind all", _found),
    _command((Mode.GPON,), "display ont autofind {portid:U0-15}", _found),
    _command(
        _PRIVILEGED, "display ont info by-sn {sn:SN}", lambda at, values: show_onts.by_serial(at.device, values["sn"])
    ),
    _command(_GENERAL, "display ont info {frameid:U0-0} {slotid:U0-20} {portid:U0-15} ({ontid:U0-255}|all)", _info),
    _command((Mode.GPON,), "display ont info {portid:U0-15} ({ontid:U0-255}|all)", _info),
    _command(_PRIVILEGED, "display service-port (all|{index:U0-131071}|vlan {vlan:U1-4095})", _flows),
    _command(_PRIVILEGED, f"display service-port port {_FLOW}", _flows),
    _command(
        _PRIVILEGED,
        "display traffic table ip (from-index {first:U0-1023} [to-index {last:U0-1023}]"
        "|index {index:U0-1023}|name {name:S1-32})",
        _tables,
    ),
    _command(_PRIVILEGED, "display dba-profile (all|profile-id {id:U0-512}|profile-name {name:S1-33})", _dba),
    _command(
        _PRIVILEGED,
        "display ont-lineprofile gpon (all|profile-id {line_id:U0-8192}|profile-name {line_name:S1-64})",
        _lines,
    ),
    _command(
        _PRIVILEGED,
        "display ont-srvprofile gpon (all|profile-id {srv_id:U0-8192}|profile-name {srv_name:S1-64})",
        _services,
    ),
    _command(_PRIVILEGED, "display vlan all", _vlans),
    _command(_PRIVILEGED, "display current-configuration [section {section:S1-32}]", _configuration, indent=""),
    _command(_PRIVILEGED, "display current-configuration ont {fsp:P3} {ontid:U0-255}", _configuration, indent=""),
    _command(_PRIVILEGED, "display saved-configuration", _saved, indent=""),
)

_CONFIG = (Mode.CONFIG,)

_GLOBAL_WRITES = (
    _command(_CONFIG, "interface gpon {fs:P2}", _interface),
    _command(
        _CONFIG,
        f"traffic table ip [index {{index:U0-1023}}] [name {{name:S1-32}}] cir {_RATE % 'cir'} "
        f"[cbs {{cbs:U2000-1024000000}}] [pir {_RATE % 'pir'}] [pbs {{pbs:U2000-1024000000}}] "
        "priority {priority:U0-7} priority-policy {policy:W:local-setting|tag-in-package}",
        _on(writes.traffic_table),
        writes=True,
    ),
    _command(
        _CONFIG,
        "undo traffic table ip (index {index:U0-1023}|name {name:S1-32})",
        _on(writes.undo_traffic_table),
        writes=True,
    ),
    _command(
        _CONFIG,
        f"dba-profile add [profile-id {{id:U10-512}}] [profile-name {{name:S1-33}}] ({_KINDS}) "
        "[bandwidth_compensate {compensate:W:yes|no}]",
        _on(writes.dba_profile),
        writes=True,
    ),
    _command(
        _CONFIG,
        "dba-profile delete (profile-id {id:U0-512}|profile-name {name:S1-33})",
        _on(writes.undo_dba_profile),
        writes=True,
    ),
    _command(
        _CONFIG,
        "undo ont-lineprofile gpon (profile-id {line_id:U0-8192}|profile-name {line_name:S1-64})",
        _on(writes.undo_line_profile),
        writes=True,
    ),
    _command(
        _CONFIG,
        "undo ont-srvprofile gpon (profile-id {srv_id:U0-8192}|profile-name {srv_name:S1-64})",
        _on(writes.undo_service_profile),
        writes=True,
    ),
    _command(_CONFIG, "vlan {vlan:U2-4093} [{kind:W:smart|standard|mux|super}]", _on(writes.vlan), writes=True),
    _command(_CONFIG, "undo vlan {vlan:U2-4093}", _on(writes.undo_vlan), writes=True),
    _command(_CONFIG, "port vlan {vlan:U1-4093} {fs:P2} {port:U0-15}", _on(writes.port_vlan), writes=True),
    _command(
        _CONFIG,
        "undo port vlan {vlan:U1-4093} {fs:P2} {port:U0-15}",
        lambda at, values: writes.port_vlan(at.device, values, undo=True),
        writes=True,
    ),
    _command(
        _CONFIG,
        "service-port [{index:U0-131071}] vlan {vlan:U1-4093} gpon {fsp:P3} ont {ontid:U0-255} gemport {gem:U0-1023} "
        "multi-service user-vlan ({uservlan:U1-4095}|{uservlan:W:untagged}) "
        f"[tag-transform {{transform:W:default|translate|transparent}}] [{_INBOUND}] [{_OUTBOUND}]",
        _on(writes.service_port),
        writes=True,
    ),
    _command(
        _CONFIG,
        f"service-port {{index:U0-131071}} ({_INBOUND} [{_OUTBOUND}]|{_OUTBOUND})",
        _on(writes.change_service_port),
        writes=True,
    ),
    _command(
        _CONFIG,
        "service-port {index:U0-131071} adminstatus {state:W:enable|disable}",
        _on(writes.switch_service_port),
        writes=True,
    ),
    _command(_CONFIG, "undo service-port {index:U0-131071}", _on(writes.undo_service_port), writes=True),
    _command(
        _CONFIG,
        f"undo service-port (port {_FLOW}|vlan {{vlan:U1-4093}} gpon {_FLOW}|all)",
        _on(writes.undo_service_ports),
        asks=_asks_of_flows,
        writes=True,
    ),
)

_BOARD = (Mode.GPON,)
_ONT = "{portid:U0-15} {ontid:U0-255}"

_BOARD_WRITES = (
    _command(
        _BOARD,
        f"ont add {{portid:U0-15}} [{{ontid:U0-127}}] sn-auth {{sn:SN}} omci {_PROFILES}",
        _on_board(writes.add_ont),
        writes=True,
    ),
    _command(
        _BOARD,
        f"ont confirm {{portid:U0-15}} [ontid {{ontid:U0-127}}] sn-auth {{sn:SN}} omci {_PROFILES}",
        _on_board(writes.confirm_ont),
        writes=True,
    ),
    _command(
        _BOARD,
        f"ont modify {_ONT} ({_BY_LINE}|{_BY_SERVICE}|desc {{desc:S1-64}}|sn {{sn:SN}})",
        _on_board(writes.modify_ont),
        writes=True,
    ),
    _command(
        _BOARD,
        "ont delete {portid:U0-15} ({ontid:U0-255}|all)",
        _on_board(writes.delete_ont),
        asks=_asks_of_onts,
        writes=True,
    ),
    _command(
        _BOARD,
        f"ont activate {_ONT}",
        lambda at, values: writes.switch_ont(at.device, values, at.slot, active=True),
        writes=True,
    ),
    _command(
        _BOARD,
        f"ont deactivate {_ONT}",
        lambda at, values: writes.switch_ont(at.device, values, at.slot, active=False),
        writes=True,
    ),
    _command(_BOARD, f"ont reset {_ONT}", _on_board(writes.reset_ont), writes=True),
    _command(
        _BOARD,
        f"ont port native-vlan {_ONT} eth {{ethport:U1-24}} vlan {{vlan:U1-4095}} [priority {{priority:U0-7}}]",
        _on_board(writes.native_vlan),
        writes=True,
    ),
    _command(
        _BOARD, "port {portid:U0-15} ont-auto-find {state:W:enable|disable}", _on_board(writes.autofind), writes=True
    ),
)

_IN_LINE = (Mode.LINE,)
_IN_SERVICE = (Mode.SERVICE,)

_PROFILE_WRITES = (
    _command(_CONFIG, "ont-lineprofile gpon [profile-id {id:U1-8192}] [profile-name {name:S1-64}]", shell.draft_line),
    _command(
        _CONFIG, "ont-srvprofile gpon [profile-id {id:U1-8192}] [profile-name {name:S1-64}]", shell.draft_service
    ),
    _command(_IN_LINE, "tcont {tcont:U0-127} (dba-profile-id {id:U0-512}|dba-profile-name {name:S1-33})", shell.tcont),
    _command(_IN_LINE, "gem add {gem:U0-1023} eth tcont {tcont:U0-127} [encrypt {encrypt:W:on|off}]", shell.gem_add),
    _command(_IN_LINE, "gem delete {gem:U0-1023}", shell.gem_delete),
    _command(_IN_LINE, "gem mapping {gem:U0-1023} {mapping:U0-7} vlan {vlan:U1-4095}", shell.gem_mapping),
    _command(
        _IN_SERVICE,
        f"ont-port (pots {_PORTS % ('pots', 'pots')} [eth {_PORTS % ('eth', 'eth')}]"
        f"|eth {_PORTS % ('eth', 'eth')} [pots {_PORTS % ('pots', 'pots')}])",
        shell.ont_port,
    ),
    _command(
        _IN_SERVICE,
        "port vlan eth {ethport:U1-24} ({vlan:U1-4095}|translation {vlan:U1-4095} user-vlan {uservlan:U1-4095})",
        shell.port_vlan,
    ),
    _command(_IN_SERVICE, "transparent {state:W:enable|disable}", shell.transparent),
    _command((*_IN_LINE, *_IN_SERVICE), "commit", shell.commit, writes=True),
)

COMMANDS = (*_SESSION, *_SHOWS, *_GLOBAL_WRITES, *_BOARD_WRITES, *_PROFILE_WRITES)

BY_MODE: Mapping[Mode, tuple[tuple[Command, Pattern], ...]] = {
    mode: tuple((each, each.pattern) for each in COMMANDS if mode in each.modes) for mode in Mode
}
"""What may be typed in each mode."""
