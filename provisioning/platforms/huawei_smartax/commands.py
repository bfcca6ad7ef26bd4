"""The commands that are sent to an OLT, one function each.

Sources: MA5600T/MA5800 command reference (sections "traffic table ip", "dba-profile add", "ont-lineprofile",
"ont add", "service-port") and published sessions, listed in docs/huawei-smartax.md. On MA5800, boards for GPON, XG-PON
and XGS-PON are all configured under the word `gpon`.
"""

from provisioning.model.ont import OntScope, OntService
from provisioning.platforms.huawei_smartax import encoders

PON = "gpon"
"""The word for interface, profiles and service-ports, whatever the board carries."""

GEM_PORT = 1
"""Of the one flow that a line has; the contract has no classes of traffic (facts: I-12)."""

ETH_PORT = 1
"""The ONT's port that the router is plugged into."""

NO_NATIVE_VLAN = 1
"""What an ONT's port has when nobody said anything."""

CONFIG = "config"
QUIT = "quit"
RETURN = "return"
"""Back to privileged mode from wherever one is."""


def _place(scope: OntScope) -> tuple[str, str, str, str]:
    return (*encoders.port(scope.port), encoders.ont_id(scope.ont_id))


def _whole_place(scope: OntScope) -> str:
    frame, slot, port, ont = _place(scope)
    return f"{frame}/{slot}/{port} ont {ont}"


def enter_board(scope: OntScope) -> str:
    """Enter the board of an ONT's port."""
    frame, slot, _, _ = _place(scope)
    return f"interface {PON} {frame}/{slot}"


def add_ont(scope: OntScope, service: OntService) -> str:
    """Authorise an ONT by its serial, managed over OMCI; inside its board."""
    _, _, port, ont = _place(scope)
    return (
        f'ont add {port} {ont} sn-auth "{encoders.serial_digits(service.serial)}" omci'
        f" ont-lineprofile-name {encoders.name(service.line_profile)}"
        f" ont-srvprofile-name {encoders.name(service.service_profile)} desc {encoders.quoted(service.line)}"
    )


def delete_ont(scope: OntScope) -> str:
    """Delete an ONT; inside its board. Refused while a service-port hangs on it."""
    _, _, port, ont = _place(scope)
    return f"ont delete {port} {ont}"


def modify_ont(scope: OntScope, what: str, value: str) -> str:
    """Change one attribute of an ONT; inside its board.

    Args:
        what: `ont-lineprofile-name`, `ont-srvprofile-name` or `desc`.
    """
    _, _, port, ont = _place(scope)
    return f"ont modify {port} {ont} {what} {encoders.quoted(value) if what == 'desc' else encoders.name(value)}"


def activate_ont(scope: OntScope, active: bool) -> str:
    """Let an ONT work, or not; inside its board."""
    _, _, port, ont = _place(scope)
    return f"ont {'activate' if active else 'deactivate'} {port} {ont}"


def native_vlan(scope: OntScope, user_vlan: int) -> str:
    """Say into which VLAN the ONT puts the router's untagged frames; inside its board."""
    _, _, port, ont = _place(scope)
    chosen = encoders.vlan(user_vlan or NO_NATIVE_VLAN)
    return f"ont port native-vlan {port} {ont} eth {ETH_PORT} vlan {chosen} priority 0"


def add_service_port(scope: OntScope, service: OntService) -> str:
    """Let an ONT's traffic through, at the rates of its tables; inbound is from the customer."""
    limits = [
        f" {direction} traffic-table name {encoders.name(table)}"
        for direction, table in (("inbound", service.up_table), ("outbound", service.down_table))
        if table
    ]
    return (
        f"service-port vlan {encoders.vlan(service.vlan)} {PON} {_whole_place(scope)} gemport {GEM_PORT}"
        f" multi-service user-vlan {encoders.vlan(service.user_vlan)} tag-transform translate{''.join(limits)}"
    )


def change_rates(index: int, service: OntService) -> str:
    """Give a service-port other traffic tables, without interrupting it."""
    up, down = encoders.name(service.up_table), encoders.name(service.down_table)
    which = encoders.number(index, 0, 131071)
    return f"service-port {which} inbound traffic-table name {up} outbound traffic-table name {down}"


def remove_service_ports(scope: OntScope) -> str:
    """Cut an ONT off: remove every service-port that hangs on it. Asks whether one is sure."""
    return f"undo service-port port {_whole_place(scope)}"


def add_traffic_table(table: str, kbit: int) -> str:
    """Make a traffic table: a rate that is kept to, with no class of traffic preferred (facts: I-12)."""
    rate = encoders.number(kbit, 64, 10_240_000)
    return (
        f"traffic table ip name {encoders.name(table)} cir {rate} pir {rate} priority 0 priority-policy local-setting"
    )


def add_dba_profile(profile: str, kbit: int) -> str:
    """Make a DBA profile of type 4: nothing is reserved, and up to this much is granted."""
    return f"dba-profile add profile-name {encoders.name(profile)} type4 max {encoders.number(kbit, 128, 9_953_280)}"


def edit_line_profile(profile: str) -> str:
    """Make a line profile, or go on with one that is half made."""
    return f"ont-lineprofile {PON} profile-name {encoders.name(profile)}"


def edit_service_profile(profile: str) -> str:
    """Make a service profile, or go on with one that is half made."""
    return f"ont-srvprofile {PON} profile-name {encoders.name(profile)}"


def show_ont(scope: OntScope) -> str:
    """Ask what is known of an ONT."""
    return f"display ont info {' '.join(_place(scope))}"


def show_ont_configuration(scope: OntScope) -> str:
    """Ask for every command that concerns an ONT."""
    frame, slot, port, ont = _place(scope)
    return f"display current-configuration ont {frame}/{slot}/{port} {ont}"


def show_service_ports(scope: OntScope) -> str:
    """Ask for the service-ports of an ONT."""
    return f"display service-port port {_whole_place(scope)}"


def show_serial(serial: str) -> str:
    """Ask where on this OLT a serial is registered."""
    return f"display ont info by-sn {encoders.serial_digits(serial)}"


def is_about_shared(question: str) -> bool:
    """Return whether a question is about what an OLT's ONTs share."""
    return question.startswith(
        ("display traffic table ", "display dba-profile ", "display ont-lineprofile ", "display ont-srvprofile ")
    )


SHOW_FOUND = "display ont autofind all"
"""Ask which ONTs shine and are not registered."""


def show_traffic_table(table: str) -> str:
    """Ask for a traffic table by its name."""
    return f"display traffic table ip name {encoders.name(table)}"


def show_traffic_table_number(index: int) -> str:
    """Ask for a traffic table by its number."""
    return f"display traffic table ip index {encoders.number(index, 0, 65535)}"


def show_dba_profile(profile: str) -> str:
    """Ask for a DBA profile."""
    return f"display dba-profile profile-name {encoders.name(profile)}"


def show_line_profile(profile: str) -> str:
    """Ask for a line profile."""
    return f"display ont-lineprofile {PON} profile-name {encoders.name(profile)}"


def show_service_profile(profile: str) -> str:
    """Ask for a service profile."""
    return f"display ont-srvprofile {PON} profile-name {encoders.name(profile)}"
