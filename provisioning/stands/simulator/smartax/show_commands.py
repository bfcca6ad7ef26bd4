"""The commands of a SmartAX that show something."""

from collections.abc import Mapping

from provisioning.stands.simulator.smartax import show_config, show_onts, show_profiles, tables, writes
from provisioning.stands.simulator.smartax.config import LineProfile, ServiceProfile
from provisioning.stands.simulator.smartax.device import BOARDS, CONTROL_BOARDS
from provisioning.stands.simulator.smartax.shell import (
    ANYWHERE,
    FLOW,
    GENERAL,
    PRIVILEGED,
    Mode,
    Shell,
    Values,
    command,
)

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


def _version(_session: Shell, _values: Values) -> list[str]:
    return _VERSION.strip("\n").splitlines()


def _boards(session: Shell, _values: Values) -> list[str]:
    rule = "-" * 73
    known = {**{slot: BOARDS[kind] for slot, kind in session.device.boards.items()}, **CONTROL_BOARDS}
    states = {8: "Active_normal", 9: "Standby_normal"}
    rows = [
        f"{slot:<7} {known[slot]:<10} {states.get(slot, 'Normal'):<15}" if slot in known else f"{slot}     "
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
        index = tables.table_index(session.device, values, "index", "name")
        return show_profiles.table_lines(session.device, session.device.config.tables[index])
    return show_profiles.tables(session.device, int(values["first"]), int(values.get("last", 1023)))


def _dba(session: Shell, values: Values) -> list[str]:
    if values:
        return show_profiles.dba_profile(session.device, tables.dba_index(session.device, values))
    return show_profiles.dba_profiles(session.device)


def _names(profiles: Mapping[int, LineProfile] | Mapping[int, ServiceProfile]) -> dict[int, str]:
    return {index: each.name for index, each in profiles.items()}


def _lines(session: Shell, values: Values) -> list[str]:
    device = session.device
    if values:
        return show_profiles.line_profile(device, device.config.lines[tables.line_index(device, values)])
    return show_profiles.profiles(_names(device.config.lines), show_profiles.lines_bound(device))


def _services(session: Shell, values: Values) -> list[str]:
    device = session.device
    if values:
        return show_profiles.service_profile(device, device.config.services[tables.service_index(device, values)])
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


COMMANDS = (
    command(ANYWHERE, "display version", _version),
    command(PRIVILEGED, "display board {frame:U0-0}", _boards),
    command(PRIVILEGED, "display ont autofind all", _found),
    command((Mode.GPON,), "display ont autofind {portid:U0-15}", _found),
    command(
        PRIVILEGED, "display ont info by-sn {sn:SN}", lambda at, values: show_onts.by_serial(at.device, values["sn"])
    ),
    command(GENERAL, "display ont info {frameid:U0-0} {slotid:U0-20} {portid:U0-15} ({ontid:U0-255}|all)", _info),
    command((Mode.GPON,), "display ont info {portid:U0-15} ({ontid:U0-255}|all)", _info),
    command(PRIVILEGED, "display service-port (all|{index:U0-131071}|vlan {vlan:U1-4095})", _flows),
    command(PRIVILEGED, f"display service-port port {FLOW}", _flows),
    command(
        PRIVILEGED,
        "display traffic table ip (from-index {first:U0-1023} [to-index {last:U0-1023}]"
        "|index {index:U0-1023}|name {name:S1-32})",
        _tables,
    ),
    command(PRIVILEGED, "display dba-profile (all|profile-id {id:U0-512}|profile-name {name:S1-33})", _dba),
    command(
        PRIVILEGED,
        "display ont-lineprofile gpon (all|profile-id {line_id:U0-8192}|profile-name {line_name:S1-64})",
        _lines,
    ),
    command(
        PRIVILEGED,
        "display ont-srvprofile gpon (all|profile-id {srv_id:U0-8192}|profile-name {srv_name:S1-64})",
        _services,
    ),
    command(PRIVILEGED, "display vlan all", _vlans),
    command(PRIVILEGED, "display current-configuration [section {section:S1-32}]", _configuration, indent=""),
    command(PRIVILEGED, "display current-configuration ont {fsp:P3} {ontid:U0-255}", _configuration, indent=""),
    command(PRIVILEGED, "display saved-configuration", _saved, indent=""),
)
