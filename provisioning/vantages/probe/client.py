"""What a host behind the router does: gets an address, calls out, asks for names, and tries what it must not."""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from typing import Any

from .dhcp import DhcpClient
from .dns import resolve
from .greeter import receive, send
from .namespace import as_new_host, run
from .voice import voice

IP_TRANSPARENT, IPV6_TRANSPARENT = 19, 75
"""linux/in.h, linux/in6.h: an address that is not one's own may be sent from."""

LEASE_SECONDS = 12.0
PREFIX_SECONDS = 8.0


def lan_client(request: dict[str, Any]) -> dict[str, Any]:
    """Be a new host on the LAN at `interface`, and do what `do` names: nat, slaac, dns, spoof, voice, throughput."""
    return as_new_host(str(request["interface"]), lambda name, mac: _client(request, name, mac))


def _client(request: dict[str, Any], interface: str, mac: bytes) -> dict[str, Any]:
    dhcp = DhcpClient(interface, mac)
    lease = dhcp.lease(LEASE_SECONDS)
    try:
        return {"lease": lease, **_done(request, interface, lease)}
    finally:
        # Whoever is about to come back keeps the address: a server takes seconds to look whether it is free.
        if "address" in lease and not request.get("keep"):
            dhcp.release(lease)


def use(lease: dict[str, Any], interface: str) -> None:
    """Take an address that a server lends, and the way out that it tells of."""
    if "address" in lease:
        try:
            run("ip", "address", "add", f"{lease['address']}/{lease['prefix']}", "dev", interface)
            if lease["router"]:
                run("ip", "route", "add", "default", "via", lease["router"])
        except OSError as error:
            # What a server lends may be of no use; what follows shows it.
            lease["error"] = str(error)


def _done(request: dict[str, Any], interface: str, lease: dict[str, Any]) -> dict[str, Any]:
    use(lease, interface)
    seen: dict[str, Any] = {}
    for what in request["do"]:
        try:
            seen[what] = _TASKS[what](request, str(lease.get("address", "")))
        except (OSError, LookupError, ValueError) as error:
            seen[what] = {"error": str(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"}
    return seen


def _nat(request: dict[str, Any], own: str) -> dict[str, Any]:
    if "4" not in request["greeter"]:
        return {"address": own, "error": "nobody to call by IPv4"}
    return greet(request["greeter"]["4"], own)


def _slaac(request: dict[str, Any], _own: str) -> dict[str, Any]:
    found = made_addresses()
    if not found:
        return {"addresses": [], "error": "no prefix was advertised"}
    if "6" not in request["greeter"]:
        return {"addresses": found, "error": "nobody to call by IPv6"}
    return {"addresses": found, **greet(request["greeter"]["6"], found[0])}


def made_addresses() -> list[str]:
    """Return the IPv6 addresses that this host makes itself, as soon as it has one; none when it gets no prefix."""
    deadline = time.monotonic() + PREFIX_SECONDS
    while not (found := global_addresses(6)) and time.monotonic() < deadline:
        # Advertisements and the check for duplicates (RFC 4862, 5.4) take their time; `ip` does not wait for them.
        time.sleep(0.1)
    return found


def _dns(request: dict[str, Any], _own: str) -> dict[str, Any]:
    return resolve(str(request["resolver"]), str(request["name"]))


def _spoof(request: dict[str, Any], own: str) -> dict[str, Any]:
    return spoof(request["spoof"], [own, *global_addresses(6)[:1]])


def _throughput(request: dict[str, Any], _own: str) -> dict[str, Any]:
    target, seconds, most = request["greeter"]["4"], float(request["seconds"]), request.get("bytes")
    return {"down": _down(target, seconds, most), "up": _up(target, seconds, most)}


def _voice(request: dict[str, Any], own: str) -> dict[str, Any]:
    targets = [str(each) for each in request["voice"]]
    made = made_addresses() if any(":" in each for each in targets) else []
    ours = {"4": own, "6": made[0] if made else ""}
    found = []
    for each in targets:
        address = ours["6" if ":" in each else "4"]
        found.append(voice(each, address) if address else {"address": each, "error": "no address to ask from"})
    return {"asked": found}


_TASKS = {"voice": _voice, "nat": _nat, "slaac": _slaac, "dns": _dns, "spoof": _spoof, "throughput": _throughput}


def _down(target: list[Any], seconds: float, most: int | None) -> dict[str, Any]:
    with _call(target) as connection:
        connection.sendall(f"send {seconds}{'' if most is None else f' {most}'}\n".encode())
        return receive(connection)


def _up(target: list[Any], seconds: float, most: int | None) -> dict[str, Any]:
    with _call(target) as connection:
        connection.sendall(b"receive\n")
        send(connection, seconds, most)
        found: dict[str, Any] = json.loads(connection.makefile("rb").readline())
        return found


def routed_client(request: dict[str, Any]) -> dict[str, Any]:
    """Call out from each own address in `within`, and send from addresses that are not the line's."""
    networks = [ipaddress.ip_network(each) for each in request["within"]]
    own = [
        each
        for each in (*global_addresses(4), *global_addresses(6))
        if any(ipaddress.ip_address(each) in network for network in networks)
    ]
    tries = []
    for address in own:
        target = request["greeter"].get("6" if ":" in address else "4")
        if target is not None:
            tries.append({"address": address, **greet(target, address)})
    return {"tries": tries, "spoof": spoof(request["spoof"], own)}


def greet(target: list[Any], own: str) -> dict[str, Any]:
    """Return as which address a call from `own` is seen at the other end."""
    try:
        with _call(target, own) as connection:
            connection.sendall(b"who\n")
            found: dict[str, Any] = json.loads(connection.makefile("rb").readline() or b"{}")
            return {"address": own, **found}
    except (OSError, ValueError) as error:
        return {"address": own, "error": str(error)}


def _call(target: list[Any], own: str = "") -> socket.socket:
    source = (own, 0) if own else None
    return socket.create_connection((target[0], target[1]), timeout=8, source_address=source)


def spoof(wanted: dict[str, Any], own: list[str]) -> dict[str, Any]:
    """Send datagrams to `targets` from each of `sources`, and from our own addresses as a control."""
    sent = [each for each in wanted["sources"] if _send_from(each, wanted["targets"], wanted["port"])]
    controls = [each for each in own if each and _send_from(each, wanted["targets"], wanted["port"])]
    return {"sent": sent, "controls": controls}


def _send_from(source: str, targets: dict[str, str], port: int) -> bool:
    version = "6" if ":" in source else "4"
    if version not in targets:
        return False
    family = socket.AF_INET6 if version == "6" else socket.AF_INET
    level, option = (socket.IPPROTO_IPV6, IPV6_TRANSPARENT) if version == "6" else (socket.IPPROTO_IP, IP_TRANSPARENT)
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.setsockopt(level, option, 1)
            sender.bind((source, 0))
            for _ in range(3):
                sender.sendto(b"proviso", (targets[version], port))
    except OSError:
        return False
    return True


def own_addresses(request: dict[str, Any] | None = None) -> dict[str, Any]:
    """Tell the addresses of this host that others may speak to, IPv4 first; nothing is asked for."""
    return {"addresses": [*global_addresses(4), *global_addresses(6)]}


def global_addresses(version: int) -> list[str]:
    """Return the addresses of this host that others may speak to."""
    told = json.loads(run("ip", "-j", f"-{version}", "address", "show", "scope", "global") or "[]")
    return [
        str(info["local"])
        for interface in told
        for info in interface.get("addr_info", [])
        if "local" in info and not info.get("tentative") and not info.get("deprecated")
    ]
