"""What a router's documents hold of what a backup is for (facts: I-8.3), whatever the platform."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from provisioning.platforms.spans import Span

Interval = tuple[int, int]
"""Numbers from the first to the last, both included."""


@dataclass(frozen=True, slots=True)
class DhcpService:
    """One DHCP server of the LAN.

    Attributes:
        router: the gateway that hosts are told of; empty when they are told of none.
        lent: the IPv4 addresses, as numbers, in order.
    """

    router: str
    lent: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class WirelessNetwork:
    """A Wi-Fi network that is on.

    Attributes:
        ssid: whether it has a name that can be used.
        key: whether it has a key.
        security: `wpa2`, `wpa2-wpa3` or `wpa3`; empty for any other.
    """

    ssid: bool
    key: bool
    security: str


@dataclass(frozen=True, slots=True)
class PortForward:
    """Ports of one of the router's addresses that lead to a host.

    Attributes:
        shift: what is added to a port to get the host's.
    """

    protocol: str
    outside: str
    target: str
    ports: Interval
    shift: int = 0


@dataclass(frozen=True, slots=True)
class PppConnection:
    """A bearer over PPP.

    Attributes:
        missing: what it cannot come up without, in words; empty when it has all.
    """

    interface: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a text cannot be a whole document.

    Attributes:
        code: `empty`, `no-end`, `truncated` or `error-text`.
        message: for people, without anything secret.
    """

    code: str
    document: str
    message: str


@dataclass(frozen=True, slots=True)
class BackupContents:
    """What the documents of a router hold.

    Attributes:
        ipv4: addresses of interfaces that are not shut, as `192.0.2.1/32`.
        ipv6: likewise, as `2001:db8::1/64`, compressed and in lower case.
        learned: interfaces that are not shut and are given their IPv4 address by the network.
        routes: static IPv6 routes with a next hop, as `2001:db8:0:80::/57 2001:db8::10`.
        flaws: what shows that a text is not whole; what was read from it means little then.
        inside: IPv4 addresses of interfaces whose hosts are translated to an address of the router; None where that
            shows elsewhere, or nothing is translated.
        outside: whether some interface is on the other side of that.
    """

    ipv4: frozenset[str]
    ipv6: frozenset[str]
    learned: tuple[str, ...]
    routes: frozenset[str]
    dhcp: tuple[DhcpService, ...]
    wireless: tuple[WirelessNetwork, ...]
    forwards: tuple[PortForward, ...]
    ppp: tuple[PppConnection, ...]
    flaws: tuple[Flaw, ...]
    inside: frozenset[str] | None = None
    outside: bool = True


@dataclass(frozen=True, slots=True)
class BackupReader:
    """A platform, as far as its backups are concerned.

    Attributes:
        documents: that every router of a line has, by name.
        wifi: documents that a router has besides when Wi-Fi is on.
        always: documents that every router has, whoever configured it.
        may_be_empty: documents that may say nothing.
        contents: read from documents, texts by name.
        secret_spans: where secrets stand, given a document's name and text.
        without_login_passwords: a document's text, given its name and text, without the passwords of the router's own
            accounts.
        is_public: whether a line that looks like a secret is none, given the document's name, its text in lower case
            with `MASKED` in place of each secret, and where the line begins and has ended.
        is_for_people: whether a line says something to people and nothing to the router, given the same.
        without_volatile: a document's text, given its name and text, without lines that the router writes by itself;
            None where it writes none.
    """

    documents: tuple[str, ...]
    wifi: tuple[str, ...]
    always: tuple[str, ...]
    may_be_empty: tuple[str, ...]
    contents: Callable[[Mapping[str, str]], BackupContents]
    secret_spans: Callable[[str, str], tuple[Span, ...]]
    without_login_passwords: Callable[[str, str], str]
    is_public: Callable[[str, str, Span], bool]
    is_for_people: Callable[[str, str, Span], bool]
    without_volatile: Callable[[str, str], str] | None = None
