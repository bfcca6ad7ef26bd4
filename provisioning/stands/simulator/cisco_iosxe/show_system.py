"""What the router tells of itself: `show version`, `show inventory`, `show running-config` and their like.

Layouts as Cisco's command references have them, and as ntc-templates' recordings of ISR 1000s and C8000s show them.
"""

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.archive import clock
from provisioning.stands.simulator.cisco_iosxe.device import NVRAM_BYTES, Device
from provisioning.stands.simulator.cisco_iosxe.flash import IMAGE
from provisioning.stands.simulator.cisco_iosxe.session import Call

VERSION, LONG_VERSION, ROMMON = "17.9.4a", "17.09.04a", "17.5(1r)"
PRODUCT = "C1111-8PLTE"
SOFTWARE = (
    f"Cisco IOS Software [Cupertino], ISR Software (ARMV8EL_LINUX_IOSD-UNIVERSALK9-M), Version {VERSION}, "
    "RELEASE SOFTWARE (fc3)\n"
    "Technical Support: http://www.cisco.com/techsupport\n"
    "Copyright (c) 1986-2023 by Cisco Systems, Inc.\n"
    "Compiled Fri 20-Oct-23 10:22 by mcpre"
)
"""Also what SNMP tells as sysDescr."""

_BRIEF = """\
Cisco IOS XE Software, Version {long}
{software}


ROM: {rommon}

{hostname} uptime is {uptime}
Uptime for this control processor is {uptime}
System returned to ROM by {reason}{restarted}
System image file is "bootflash:{image}"
Last reload reason: {reason}



Technology Package License Information:

-----------------------------------------------------------------
Technology     Type         Technology-package Technology-package
                            Current            Next Reboot
-----------------------------------------------------------------
appxk9           Smart License    None             None
securityk9       Smart License    securityk9       securityk9
ipbase           Smart License    ipbasek9         ipbasek9

Smart Licensing Status: Smart Licensing Using Policy

cisco {product} (1RU) processor with 1416476K/6147K bytes of memory.
Processor board ID {serial}
Router operating mode: Autonomous
1 Virtual Ethernet interface
11 Gigabit Ethernet interfaces
2 Cellular interfaces
32768K bytes of non-volatile configuration memory.
4194304K bytes of physical memory.
2836288K bytes of flash memory at bootflash:.

Configuration register is 0x2102

"""


def show_version(call: Call) -> str:
    """`show version`."""
    device = call.device
    return _BRIEF.format(
        long=LONG_VERSION,
        software=SOFTWARE,
        rommon=ROMMON,
        hostname=device.hostname,
        uptime=uptime(device),
        reason=device.reason,
        restarted=f"\nSystem restarted at {clock(device.booted)}",
        image=IMAGE,
        product=PRODUCT,
        serial=device.serial,
    )


def uptime(device: Device) -> str:
    """Return for how long a router has been up, as it tells it."""
    minutes = max(0, int((device.now() - device.booted).total_seconds() // 60))
    parts = []
    for name, length in (("week", 10080), ("day", 1440), ("hour", 60)):
        count, minutes = divmod(minutes, length)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return ", ".join([*parts, f"{minutes} minute{'s' if minutes != 1 else ''}"])


def show_inventory(call: Call) -> str:
    """`show inventory`."""
    serial = call.device.serial
    parts = (
        ("Chassis", f"Cisco {PRODUCT} Router", PRODUCT, "V01", serial),
        ("Power Supply Module 0", "External Power Supply Module", "PWR-12V", "V01", "JAB0929092D"),
        ("module 0", f"Cisco {PRODUCT} Fixed Module", f"{PRODUCT}-FM", "", ""),
        ("NIM subslot 0/0", "Front Panel 2 port Gigabitethernet Module", f"{PRODUCT}-2x1GE", "V01", ""),
        ("NIM subslot 0/1", f"{PRODUCT} 8 port LAN Module", f"{PRODUCT}-ES-8", "V01", ""),
        ("NIM subslot 0/2", "LTE Module", f"{PRODUCT}-LTE", "V01", ""),
        ("module R0", f"Cisco {PRODUCT} Route Processor", f"{PRODUCT}-RP", "V01", serial),
        ("module F0", f"Cisco {PRODUCT} Forwarding Processor", f"{PRODUCT}-FP", "", ""),
    )
    return "".join(
        f'NAME: "{name}", DESCR: "{what}"\nPID: {product:<18}, VID: {version:<4}, SN: {number}\n\n'
        for name, what, product, version, number in parts
    )


def show_license_udi(call: Call) -> str:
    """`show license udi`."""
    return f"UDI: PID:{PRODUCT},SN:{call.device.serial}\n"


def show_running(call: Call) -> str:
    """`show running-config`."""
    text = call.device.written()
    return f"Building configuration...\n\n\nCurrent configuration : {len(text.encode())} bytes\n{text}\n"


def show_running_interface(call: Call) -> str:
    """`show running-config interface NAME`."""
    name = call.device.interface_named(call.values["name"])
    head = f"interface {name}"
    if not reading.has(call.device.text, head):
        return "% Invalid input detected at '^' marker.\n\n"
    body = "\n".join(["!", head, *reading.lines_below(call.device.text, head), "end", ""])
    return f"Building configuration...\n\n\nCurrent configuration : {len(body)} bytes\n{body}\n"


def show_startup(call: Call) -> str:
    """`show startup-config`."""
    text = call.device.startup
    if text is None:
        return "startup-config is not present\n"
    return f"Using {len(text.encode())} out of {NVRAM_BYTES} bytes\n{text}\n"


def show_hosts(call: Call) -> str:
    """`show hosts`."""
    text = call.device.text
    domain = reading.value(text, "ip domain name") or reading.value(text, "ip domain-name") or "not set"
    servers = " ".join(reading.values(text, "ip name-server")) or "255.255.255.255"
    return f"Default domain is {domain}\nName servers are {servers}\nNAME  TTL  CLASS   TYPE      DATA/ADDRESS\n"


def show_snmp_user(call: Call) -> str:
    """`show snmp user`."""
    return "".join(
        f"User name: {each.name}\nEngine ID: {call.device.engine_id}\n"
        f"storage-type: nonvolatile\t active\nAuthentication Protocol: {each.authentication}\n"
        f"Privacy Protocol: {each.privacy}\nGroup-name: {each.group}\n\n"
        for each in call.device.snmp_users
    )


ROWS = (
    ("show version", show_version, 1),
    ("show inventory [raw]", show_inventory, 1),
    ("show license udi", show_license_udi, 1),
    ("show running-config [full|brief|all]", show_running, 15),
    ("show running-config interface {name}", show_running_interface, 15),
    ("show running-config interface {type} {number}", show_running_interface, 15),
    ("show startup-config", show_startup, 15),
    ("show configuration", show_startup, 15),
    ("show hosts", show_hosts, 1),
    ("show snmp user", show_snmp_user, 15),
)
