"""What a SmartAX shows of ONTs and service ports.

Layout: ntc-templates' recorded `display ont info`, `display ont autofind all`, `display service-port all`; the wrapped
description is from a transcript of an MA5683T.
"""

from datetime import datetime
from textwrap import wrap

from provisioning.stands.simulator.smartax import show_profiles
from provisioning.stands.simulator.smartax.config import Ont, ServicePort
from provisioning.stands.simulator.smartax.device import Device, Failure
from provisioning.stands.simulator.smartax.serial import both, canonical, digits

RULE = "-" * 77

NOT_THERE = "The required ONT does not exist"

DESCRIPTION_WIDTH = 32

_NOTE = """\
Note : F--Frame, S--Slot, P--Port,
       VPI indicates ONT ID for PON, VCI indicates GEM index for GPON,
       v/e--vlan/encap, pritag--priority-tagged,
       ppp--pppoe, ip--ipoe, ip4--ipv4oe, ip6--ipv6oe, vxl--vxlan."""


def autofind(device: Device, port: str | None = None) -> list[str]:
    """Return the ONTs that were found by themselves and are registered nowhere here."""
    found = [each for each in device.found() if port in (None, each[0])]
    if not found:
        raise Failure("The automatically found ONTs do not exist")
    rule = " " + "-" * 76
    lines = [rule]
    for number, (each, serial) in enumerate(found, 1):
        facts = (
            ("Number", str(number)),
            ("F/S/P", each),
            ("Ont SN", both(serial)),
            ("Password", "0x00000000000000000000"),
            ("Loid", ""),
            ("Checkcode", ""),
            ("VendorID", serial[:4]),
            ("Ont Version", "159D.A"),
            ("Ont SoftwareVersion", "V5R020C10S213"),
            ("Ont EquipmentID", "EG8145V5"),
            ("Ont Customized Info", "COMMON"),
            ("Ont MAC", "-"),
            ("Ont Equipment SN", "-"),
            ("Ont autofind time", _time(device.found_at)),
            ("Multi channel", "-"),
        )
        lines += [*(f" {name:<20}: {value}".rstrip() for name, value in facts), rule]
    return lines


def info_all(device: Device, port: str) -> list[str]:
    """Return a port's ONTs, a line each."""
    onts = [ont for (each, _), ont in sorted(device.config.onts.items()) if each == port]
    if not onts:
        raise Failure("There is no ONT available")
    shown = port.replace("/", "/ ", 1)
    rows, names = [], []
    for ont in onts:
        online = device.is_online(ont)
        states = ("online   normal   match   ") if online else ("offline  initial  initial ")
        flag = "active" if ont.active else "deactivated"
        rows.append(f"{shown:<6} {ont.ont_id:>4}  {digits(ont.serial)}  {flag:<11} {states} no")
        names.append(f"{shown:<6} {ont.ont_id:>6}   {ont.description}")
    online_number = sum(device.is_online(ont) for ont in onts)
    return [
        RULE,
        "F/S/P   ONT         SN         Control     Run      Config   Match    Protect",
        "        ID                     flag        state    state    state    side",
        RULE,
        *rows,
        RULE,
        "F/S/P       ONT  Description",
        "            ID",
        RULE,
        *names,
        RULE,
        f"In port {shown} , the total of ONTs are: {len(onts)}, online: {online_number}",
        RULE,
    ]


def by_serial(device: Device, written: str) -> list[str]:
    """Return everything of the ONT with a serial number."""
    ont = device.config.ont_of(canonical(written))
    if ont is None:
        return [NOT_THERE]
    return [*_details(device, ont), RULE, "The number of required ONTs     : 1", RULE]


def info(device: Device, port: str, ont_id: int) -> list[str]:
    """Return everything of an ONT."""
    ont = device.config.onts.get((port, ont_id))
    return [NOT_THERE] if ont is None else _details(device, ont)


def _details(device: Device, ont: Ont) -> list[str]:
    since = device.up_since(ont)
    online = since is not None
    frame, slot, number = ont.port.split("/")
    facts = (
        ("F/S/P", f"{frame}/{slot}/{number}"),
        ("ONT-ID", str(ont.ont_id)),
        ("Control flag", "active" if ont.active else "deactivated"),
        ("Run state", "online" if online else "offline"),
        ("Config state", "normal" if online else "initial"),
        ("Match state", "match" if online else "initial"),
        ("DBA type", "SR" if online else "-"),
        ("ONT distance(m)", "1204" if online else "-"),
        ("ONT last distance(m)", "1204" if online else "-"),
        ("ONT battery state", "not support" if online else "-"),
        ("Memory occupation", "44%" if online else "-"),
        ("CPU occupation", "2%" if online else "-"),
        ("Temperature", "52(C)" if online else "-"),
        ("Authentic type", "SN-auth"),
        ("SN", both(ont.serial)),
        ("Management mode", "OMCI"),
        ("Software work mode", "normal"),
        ("Isolation state", "normal"),
        ("ONT IP 0 address/mask", "-"),
        ("Description", ont.description),
        ("Last down cause", "-"),
        ("Last up time", _time(since)),
        ("Last down time", "-"),
        ("Last dying gasp time", "-"),
        ("ONT online duration", _duration(device, since)),
        ("Type C support", "Not support"),
        ("Interoperability-mode", "ITU-T"),
        ("FEC upstream state", "use-profile-config"),
        ("VS-ID", "0"),
        ("VS name", "admin-vs"),
        ("Global ONT-ID", str(ont.ont_id)),
        ("Fiber route", "-"),
    )
    line, service = device.config.lines[ont.line_profile], device.config.services[ont.service_profile]
    return [
        RULE,
        *(part for name, value in facts for part in _fact(name, value)),
        RULE,
        "VoIP configure method   : Default",
        RULE,
        f"Line profile ID      : {line.index}",
        f"Line profile name    : {line.name}",
        RULE,
        *show_profiles.line_body(line),
        RULE,
        f"Service profile ID   : {service.index}",
        f"Service profile name : {service.name}",
        RULE,
        *show_profiles.service_body(service),
        RULE,
        "Alarm policy profile ID      : 0",
        "Alarm policy profile name    : alarm-policy_0",
        RULE,
    ]


def _fact(name: str, value: str) -> list[str]:
    if name != "Description" or len(value) <= DESCRIPTION_WIDTH:
        return [f"{name:<24}: {value}"]
    parts = [value[at : at + DESCRIPTION_WIDTH] for at in range(0, len(value), DESCRIPTION_WIDTH)]
    if " " in value:
        parts = wrap(value, DESCRIPTION_WIDTH)
    return [f"{name:<24}: {parts[0]}", *(" " * 26 + each for each in parts[1:])]


def _time(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}+00:00"


def _duration(device: Device, since: datetime | None) -> str:
    if since is None:
        return "-"
    minutes, seconds = divmod(max(0, int((device.now() - since).total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{days} day(s), {hours} hour(s), {minutes} minute(s), {seconds} second(s)"


def service_ports(device: Device, flows: list[ServicePort]) -> list[str]:
    """Return a table of service flows."""
    if not flows:
        raise Failure("No service virtual port can be operated")
    rows = [_row(device, each) for each in flows]
    up = sum(_is_up(device, each) for each in flows)
    return [
        "Switch-Oriented Flow List",
        RULE,
        " INDEX VLAN VLAN     PORT F/ S/ P VPI  VCI   FLOW  FLOW       RX   TX   STATE",
        "       ID   ATTR     TYPE                    TYPE  PARA",
        RULE,
        *rows,
        RULE,
        f" Total : {len(flows)}  (Up/Down :    {up}/{len(flows) - up})",
        *(f" {line}" for line in _NOTE.splitlines()),
    ]


def _row(device: Device, flow: ServicePort) -> str:
    frame, slot, number = flow.port.split("/")
    kind, parameter = ("vlan", flow.user_vlan) if flow.user_vlan.isdigit() else ("other", "untagged")
    rx, tx = ("-" if each is None else str(each) for each in (flow.inbound, flow.outbound))
    state = "up" if _is_up(device, flow) else "down"
    return (
        f"{flow.index:>6} {flow.vlan:<4} common   gpon {frame}/{slot:<2}/{number:<2} {flow.ont_id:<4} {flow.gem:<5} "
        f"{kind:<5} {parameter:<10} {rx:<4} {tx:<4} {state:<5}"
    )


def _is_up(device: Device, flow: ServicePort) -> bool:
    ont = device.config.onts.get((flow.port, flow.ont_id))
    return flow.enabled and ont is not None and device.is_online(ont)


def service_port(device: Device, index: int) -> list[str]:
    """Return everything of a service flow."""
    if (flow := device.config.flows.get(index)) is None:
        raise Failure("Service virtual port does not exist")
    tables = device.config.tables
    rx, tx = ("-" if each is None else str(each) for each in (flow.inbound, flow.outbound))
    names = ["-" if each is None else tables[each].name for each in (flow.inbound, flow.outbound)]
    facts = (
        ("Index", str(index)),
        ("VLAN ID", str(flow.vlan)),
        ("VLAN attr", "common"),
        ("Port type", "gpon"),
        ("F/S/P", flow.port),
        ("ONT ID", str(flow.ont_id)),
        ("GEM port index", str(flow.gem)),
        ("Flow type", "vlan" if flow.user_vlan.isdigit() else "untag"),
        ("Flow para", flow.user_vlan if flow.user_vlan.isdigit() else "-"),
        ("RX", rx),
        ("TX", tx),
        ("Inbound table name", names[0]),
        ("Outbound table name", names[1]),
        ("Admin status", "enable" if flow.enabled else "disable"),
        ("State", "up" if _is_up(device, flow) else "down"),
        ("Label", "-"),
        ("Priority", "-"),
        ("PVC bundle", "no"),
        ("Max MAC count", "1024"),
        ("Tag transform", flow.transform),
        ("Description", "-"),
        ("Service-port bundle", "-"),
        ("Cos", "-"),
    )
    rule = "-" * 57
    return [rule, *(f"{name:<20}: {value}" for name, value in facts), rule]
