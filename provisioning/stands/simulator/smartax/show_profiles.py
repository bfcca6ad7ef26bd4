"""What a SmartAX shows of its tables and profiles.

Layout: `display ont-lineprofile gpon profile-id`, `display dba-profile all` of an MA5608T, `display traffic table ip`
of an MA5800-X7, all in public transcripts; ntc-templates' recorded `display ont-lineprofile gpon all`.
"""

from collections.abc import Mapping

from provisioning.stands.simulator.smartax.config import LineProfile, ServiceProfile, TrafficTable
from provisioning.stands.simulator.smartax.device import Device

RULE = "-" * 78

SHORT_RULE = "-" * 60


def table_lines(device: Device, table: TrafficTable) -> list[str]:
    """Return the details of a traffic table."""
    used = any(table.index in (flow.inbound, flow.outbound) for flow in device.config.flows.values())
    facts = (
        ("Traffic Table Index", str(table.index)),
        ("Traffic Table Name", table.name),
        ("Priority", str(table.priority)),
        ("Copy Priority", "-"),
        ("CTAG Mapping Priority", "-"),
        ("CTAG Default Priority", "0"),
        ("Priority Policy", table.policy),
        ("CIR", _unit(table.cir, "kbps")),
        ("CBS", _unit(table.cbs, "bytes")),
        ("PIR", _unit(table.pir, "kbps")),
        ("PBS", _unit(table.pbs, "bytes")),
        ("Fix", "0 kbps"),
        ("CAR Threshold Profile", "-"),
        ("Color Mode", "color-blind"),
        ("Referenced Status", "used" if used else "not used"),
    )
    return [SHORT_RULE, *(f"{name:<29}: {value}" for name, value in facts), SHORT_RULE]


def _unit(value: int | None, unit: str) -> str:
    return "off" if value is None else f"{value} {unit}"


def tables(device: Device, first: int, last: int) -> list[str]:
    """Return the traffic tables of a range of indexes."""
    rows = []
    for index, each in sorted(device.config.tables.items()):
        if first <= index <= last:
            cir, cbs, pir, pbs = (
                "off" if value is None else str(value) for value in (each.cir, each.cbs, each.pir, each.pbs)
            )
            rows.append(
                f" {index:>2} {cir:<8} {cbs:<10} {pir:<8} {pbs:<10} {each.priority:>3} -"
                f"                {each.policy:>9}"
            )
    rule = "-" * 75
    return [
        rule,
        "TID CIR      CBS        PIR      PBS        Pri Copy-policy     Pri-Policy",
        "    (kbps)   (bytes)    (kbps)   (bytes)",
        rule,
        *rows,
        rule,
        f"Total Num : {len(rows)}",
    ]


def dba_profiles(device: Device) -> list[str]:
    """Return all DBA profiles."""
    rule = "-" * 76
    head = [
        "Profile-ID  type  Bandwidth         Fix      Assure         Max      Bind",
        "                  compensation   (kbps)      (kbps)      (kbps)     times",
    ]
    rows = [
        f"{each.index:>10}{each.kind:>7}           No{each.fix:>11}{each.assure:>11}{each.max:>14}"
        f"{_bound(device, index):>10}"
        for index, each in sorted(device.config.dba.items())
    ]
    return [rule, *head, rule, *rows, rule]


def dba_profile(device: Device, index: int) -> list[str]:
    """Return the details of a DBA profile."""
    each = device.config.dba[index]
    facts = (
        ("Profile-name", each.name),
        ("Profile-ID", str(index)),
        ("type", str(each.kind)),
        ("Bandwidth compensation", "No"),
        ("Fix(kbps)", str(each.fix)),
        ("Assure(kbps)", str(each.assure)),
        ("Max(kbps)", str(each.max)),
        ("bind-times", str(_bound(device, index))),
    )
    return [RULE, *(f"{name:<23}: {value}" for name, value in facts), RULE]


def _bound(device: Device, index: int) -> int:
    return sum(tcont == index for line in device.config.lines.values() for tcont in line.tconts.values())


def profiles(names: Mapping[int, str], bound: Mapping[int, int]) -> list[str]:
    """Return a list of line or service profiles, by index, with how often each is bound."""
    rows = [f"{index:<11} {name:<43} {bound.get(index, 0):<12}" for index, name in sorted(names.items())]
    return [
        RULE,
        "Profile-ID  Profile-name                                Binding times",
        RULE,
        *rows,
        RULE,
        f"Total: {len(rows)}",
    ]


def lines_bound(device: Device) -> dict[int, int]:
    """Return how many ONTs each line profile is bound to."""
    return _count([ont.line_profile for ont in device.config.onts.values()])


def services_bound(device: Device) -> dict[int, int]:
    """Return how many ONTs each service profile is bound to."""
    return _count([ont.service_profile for ont in device.config.onts.values()])


def _count(indexes: list[int]) -> dict[int, int]:
    return {each: indexes.count(each) for each in set(indexes)}


def line_profile(device: Device, profile: LineProfile) -> list[str]:
    """Return the details of a line profile."""
    return [
        RULE,
        f"Profile-ID          :{profile.index}",
        f"Profile-name        :{profile.name}",
        "Access-type         :GPON",
        RULE,
        *line_body(profile),
        RULE,
        f"Binding times       :{lines_bound(device).get(profile.index, 0)}",
        RULE,
    ]


def line_body(profile: LineProfile) -> list[str]:
    """Return what a line profile holds, as its details and those of an ONT show it."""
    lines = [
        "FEC upstream switch :Disable",
        "OMCC encrypt switch :On",
        "Qos mode            :PQ",
        "Mapping mode        :VLAN",
        "TR069 management    :Disable",
        "TR069 IP index      :0",
        RULE,
        "Notes: * indicates Discrete TCONT(TCONT Unbound)",
        RULE,
    ]
    for tcont, dba in sorted(profile.tconts.items()):
        lines.append(f"<T-CONT {tcont:>3}>          DBA Profile-ID:{dba}")
        for gem in sorted(gem for gem, each in profile.gems.items() if each == tcont):
            lines += _gem(profile, gem)
    return lines


def _gem(profile: LineProfile, gem: int) -> list[str]:
    rule = " " + "-" * 68
    rows = [
        f"  {index:<7} {vlan:<5} -        -       -     -       -     -"
        for (each, index), vlan in sorted(profile.mappings.items())
        if each == gem
    ]
    return [
        f" <Gem Index {gem}>",
        rule,
        " |Serv-Type:ETH |Encrypt:off |Cascade:off |GEM-CAR:-            |",
        " |Upstream-priority-queue:0  |Downstream-priority-queue:-       |",
        rule,
        "  Mapping VLAN  Priority Port    Port  Bundle  Flow  Transparent",
        "  index                  type    ID    ID      CAR",
        rule,
        *rows,
        rule,
    ]


def service_profile(device: Device, profile: ServiceProfile) -> list[str]:
    """Return the details of a service profile."""
    return [
        RULE,
        f"Profile-ID          :{profile.index}",
        f"Profile-name        :{profile.name}",
        "Access-type         :GPON",
        RULE,
        *service_body(profile),
        RULE,
        f"Binding times       :{services_bound(device).get(profile.index, 0)}",
        RULE,
    ]


def service_body(profile: ServiceProfile) -> list[str]:
    """Return what a service profile holds, as its details and those of an ONT show it."""
    ports = (("POTS", profile.pots, "32"), ("ETH", profile.eth, "8"), ("VDSL", "0", "-"), ("CATV", "0", "-"))
    vlans = [
        f"{'ETH':<6} {port:>2}     Translation  {number:<5} {service:<6} -     {user:<6} -     -          -"
        for port, each in sorted(profile.vlans.items())
        for number, (service, user) in enumerate(sorted(each.items()), 1)
    ]
    return [
        "Port-type     Port-number     Max-adaptive-number",
        RULE,
        *(f"{name:<13} {number:<15} {most if number == 'adaptive' else '-'}" for name, number, most in ports),
        RULE,
        "TDM port type                     : E1",
        "TDM service type                  : TDMoGem",
        "MAC learning function switch      : Enable",
        f"ONT transparent function switch   : {'Enable' if profile.transparent else 'Disable'}",
        "Multicast forward mode            : Unconcern",
        "Native VLAN option                : Concern",
        RULE,
        "Port   Port   Service-type Index S-VLAN S-PRI C-VLAN C-PRI ENCAP      S-PRI",
        "type   ID                                                             POLICY",
        RULE,
        *(vlans or ["-"]),
        RULE,
        "Notes: * indicates transparent attribute of the vlan",
    ]
