"""The operator's own network, as a router of a customer has to know it. Read from inventory/operator.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from provisioning.model.port_range import Protocol


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The router at the far end of a bearer: the BNG, or the mobile core."""

    as_number: int
    ipv4: IPv4Address
    ipv6: IPv6Address


@dataclass(frozen=True, slots=True)
class BearerRouting:
    """How a bearer is told apart from the other (facts: I-6.1).

    Attributes:
        local_preference: of what the neighbour announces to us (RFC 4271, 5.1.5); the higher one wins.
        community: what we tell the neighbour to know the bearer by (RFC 1997).
    """

    neighbour: Neighbour
    local_preference: int
    community: str


@dataclass(frozen=True, slots=True)
class Routing:
    """BGP and BFD on lines with a mobile back-up.

    Attributes:
        as_number: of every CPE.
        hold_local_preference: for the fixed bearer that works again and is not yet trusted; below mobile's.
        hold_community: tells the BNG the same.
        bfd_interval_ms: between two packets, in both directions.
        bfd_multiplier: packets that may miss before the bearer counts as failed.
        hold_seconds: how long the fixed bearer must have worked again before it is trusted.
    """

    as_number: int
    fixed: BearerRouting
    mobile: BearerRouting
    hold_local_preference: int
    hold_community: str
    bfd_interval_ms: int
    bfd_multiplier: int
    hold_seconds: int = 60


@dataclass(frozen=True, slots=True)
class SessionTimer:
    """How long an idle session of an application is remembered (facts: I-5.3).

    Attributes:
        seconds: by the kernel's name of the state, `established` for TCP, `replied` for UDP.
    """

    name: str
    protocol: Protocol
    ports: tuple[int, ...]
    seconds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Operator:
    """What every line's configuration takes from the operator.

    Attributes:
        management_prefixes: from where a CPE may be managed.
        voice_prefixes: where telephony is served, which the mobile bearer does not carry (facts: I-6.3).
        session_timers: for the managed firewall.
        tcp_established_seconds: for every session that no timer names; RFC 5382, REQ-5 asks for 7440 at least.
        account: who logs in to a CPE, with a key.
        snmp_user: who reads a CPE by SNMPv3.
        voice_probes: hosts of telephony that may be asked whether they answer; none where nobody may.
        syslog_servers: to whom a CPE tells what happens, where its platform does so.
    """

    resolvers_ipv4: tuple[IPv4Address, ...]
    resolvers_ipv6: tuple[IPv6Address, ...]
    time_servers: tuple[IPv4Address, ...]
    management_prefixes: tuple[IPv4Network, ...]
    voice_ipv4: tuple[IPv4Network, ...]
    voice_ipv6: tuple[IPv6Network, ...]
    routing: Routing
    session_timers: tuple[SessionTimer, ...]
    tcp_established_seconds: int
    account: str
    snmp_user: str
    syslog_servers: tuple[IPv4Address, ...] = ()
    voice_probes: tuple[IPv4Address | IPv6Address, ...] = ()
