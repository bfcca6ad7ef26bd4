"""The interfaces of a simulated router, and the program `ip` as far as scripts call it (iproute2, ip-address(8))."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv6Interface, ip_interface

from provisioning.stands.simulator.linux_cpe.shell_types import Shell, Streams

PHYSICAL = ("lo", "wan0", "wwan0", "lan1", "lan2")

Interface = IPv4Interface | IPv6Interface


@dataclass(slots=True)
class Link:
    """One interface.

    Attributes:
        kind: "bridge" for a bridge.
        master: the bridge that it is a port of.
        addresses: permanent ones, as somebody set them.
        given: by DHCP and router advertisements.
    """

    kind: str = ""
    up: bool = False
    master: str = ""
    addresses: list[Interface] = field(default_factory=list)
    given: list[Interface] = field(default_factory=list)


def factory() -> dict[str, Link]:
    """Return the interfaces of a router that has just been switched on."""
    return {name: Link(up=name in ("lo", "wan0")) for name in PHYSICAL}


@dataclass(slots=True)
class Links:
    """The interfaces of one router, by name."""

    links: dict[str, Link] = field(default_factory=factory)

    def every(self) -> Iterator[tuple[str, Interface]]:
        """Yield each address with the name of its interface."""
        for name, link in self.links.items():
            for each in (*link.addresses, *link.given):
                yield name, each

    def ip(self, _shell: Shell, arguments: list[str], streams: Streams) -> int:
        """Be the program `ip`."""
        options = [each for each in arguments if each.startswith("-")]
        words = [each for each in arguments if not each.startswith("-")]
        version = 6 if "-6" in options else 4 if "-4" in options else 0
        if words[:1] == ["link"]:
            return self._link(words[1:], streams)
        match words:
            case ["address" | "addr" | "a", "show", *rest]:
                return self._show(rest, version, options, streams)
            case ["address" | "addr", "replace" | "add", text, "dev", name, *_]:
                return self._add(text, name, streams)
            case ["address" | "addr", "delete" | "del", text, "dev", name]:
                return self._delete(text, name, streams)
            case _:
                streams.complain(f'Object "{words[0] if words else ""}" is unknown, try "ip help".')
                return 1

    def _link(self, words: list[str], streams: Streams) -> int:
        match words:
            case ["show", name]:
                return self._link_show(name, streams)
            case ["add", name, "type", "bridge", *_] if name not in self.links:
                self.links[name] = Link(kind="bridge")
                return 0
            case ["set", name, *rest] if name in self.links:
                return self._set(name, rest, streams)
            case ["delete" | "del", name] if self.links.get(name, Link()).kind == "bridge":
                del self.links[name]
                for each in self.links.values():
                    each.master = "" if each.master == name else each.master
                return 0
            case ["add", *_]:
                streams.complain("RTNETLINK answers: File exists")
                return 2
            case [_, name, *_]:
                return _missing(name, streams)
            case _:
                streams.complain('Command line is not complete. Try option "help"')
                return 1

    def _show(self, rest: list[str], version: int, options: list[str], streams: Streams) -> int:
        name = rest[rest.index("dev") + 1] if "dev" in rest else ""
        if name and name not in self.links:
            return _missing(name, streams)
        shown = [name] if name else list(self.links)
        permanent = "permanent" in rest
        if "-j" in options:
            streams.say(json.dumps([self._as_json(each, version) for each in shown]))
            return 0
        for number, each in enumerate(shown, 1):
            for address in self._global(self.links[each], version, permanent=permanent):
                family = "inet" if address.version == 4 else "inet6"
                streams.say(f"{number}: {each}    {family} {address} scope global {each}\\       valid_lft forever")
        return 0

    def _as_json(self, name: str, version: int) -> dict[str, object]:
        found = self._global(self.links[name], version, permanent=False)
        if not found:
            return {}
        info = [
            {
                "family": "inet" if each.version == 4 else "inet6",
                "local": str(each.ip),
                "prefixlen": each.network.prefixlen,
                "scope": "global",
            }
            for each in found
        ]
        return {"ifname": name, "addr_info": info}

    @staticmethod
    def _global(link: Link, version: int, *, permanent: bool) -> list[Interface]:
        some: Iterable[Interface] = link.addresses if permanent else (*link.addresses, *link.given)
        return [
            each
            for each in some
            if version in (0, each.version) and not each.ip.is_link_local and not each.ip.is_loopback
        ]

    def _add(self, text: str, name: str, streams: Streams) -> int:
        if name not in self.links:
            return _missing(name, streams)
        try:
            address = ip_interface(text)
        except ValueError:
            streams.complain(f'Error: any valid prefix is expected rather than "{text}".')
            return 1
        if address not in self.links[name].addresses:
            self.links[name].addresses.append(address)
        return 0

    def _delete(self, text: str, name: str, streams: Streams) -> int:
        if name not in self.links:
            return _missing(name, streams)
        held = self.links[name].addresses
        found = [each for each in held if str(each) == text]
        if not found:
            streams.complain("Error: ipv4: Address not found.")
            return 2
        held.remove(found[0])
        return 0

    def _link_show(self, name: str, streams: Streams) -> int:
        if name not in self.links:
            streams.complain(f'Device "{name}" does not exist.')
            return 1
        state = "UP" if self.links[name].up else "DOWN"
        streams.say(f"1: {name}: <BROADCAST,MULTICAST> mtu 1500 state {state} mode DEFAULT group default qlen 1000")
        return 0

    def _set(self, name: str, rest: list[str], streams: Streams) -> int:
        if "master" in rest:
            master = rest[rest.index("master") + 1]
            if self.links.get(master, Link()).kind != "bridge":
                return _missing(master, streams)
            self.links[name].master = master
        self.links[name].up = "up" in rest or (self.links[name].up and "down" not in rest)
        return 0


def _missing(name: str, streams: Streams) -> int:
    streams.complain(f'Cannot find device "{name}"')
    return 1
