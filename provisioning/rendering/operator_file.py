"""Reads inventory/operator.yaml: the operator's own network."""

from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from provisioning.errors import UnreadableProject
from provisioning.model.operator import BearerRouting, Neighbour, Operator, Routing, SessionTimer
from provisioning.validation import describe
from provisioning.yaml_file import read_yaml

OPERATOR_FILE = Path("inventory/operator.yaml")

TIMER_STATES: dict[str, frozenset[str]] = {
    "tcp": frozenset(
        (
            "syn_sent",
            "syn_recv",
            "established",
            "fin_wait",
            "close_wait",
            "last_ack",
            "time_wait",
            "close",
            "retrans",
            "unack",
        )
    ),
    "udp": frozenset({"unreplied", "replied"}),
}
"""Names of states that nft knows in a timeout policy (nft(8), "CT TIMEOUT")."""


def _address(kind: Callable[[str], object], value: object) -> object:
    # Strict mode takes addresses as such only; in YAML they are text.
    if not isinstance(value, str):
        raise ValueError("must be text: put quotation marks around it")
    return kind(value)


Address4 = Annotated[IPv4Address, BeforeValidator(partial(_address, IPv4Address))]
Address6 = Annotated[IPv6Address, BeforeValidator(partial(_address, IPv6Address))]
Prefix4 = Annotated[IPv4Network, BeforeValidator(partial(_address, IPv4Network))]


def _prefix(value: object) -> object:
    return _address(IPv6Network if ":" in str(value) else IPv4Network, value)


Prefix = Annotated[IPv4Network | IPv6Network, BeforeValidator(_prefix)]


def _either(value: object) -> object:
    return _address(IPv6Address if ":" in str(value) else IPv4Address, value)


Address = Annotated[IPv4Address | IPv6Address, BeforeValidator(_either)]
AsNumber = Annotated[int, Field(ge=1, le=4_294_967_294)]
Community = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,4}):(0|[1-9][0-9]{0,4})$")]
Preference = Annotated[int, Field(ge=0, le=4_294_967_295)]
Seconds = Annotated[int, Field(ge=1, le=432_000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]


class Block(BaseModel):
    """A block of the file: nothing but its own keys, each of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ResolversBlock(Block):
    """Caching resolvers (facts: I-4.6)."""

    ipv4: list[Address4] = Field(min_length=1)
    ipv6: list[Address6] = Field(min_length=1)


class NeighbourBlock(Block):
    """A BGP neighbour on a bearer."""

    as_number: AsNumber
    ipv4: Address4
    ipv6: Address6


class BearerBlock(Block):
    """One bearer."""

    neighbour: NeighbourBlock
    local_preference: Preference
    community: Community

    def value(self) -> BearerRouting:
        """Return what the block says."""
        there = self.neighbour
        return BearerRouting(Neighbour(there.as_number, there.ipv4, there.ipv6), self.local_preference, self.community)


class HoldBlock(Block):
    """The fixed bearer while it is not yet trusted."""

    local_preference: Preference
    community: Community
    seconds: int = Field(default=60, ge=1, le=180)


class BfdBlock(Block):
    """BFD timers; FRR takes 10 ms to 60 s and 2 to 255 (FRR manual, "BFD")."""

    interval_ms: int = Field(ge=10, le=60_000)
    multiplier: int = Field(ge=2, le=255)


class RoutingBlock(Block):
    """BGP and BFD."""

    as_number: AsNumber
    fixed: BearerBlock
    mobile: BearerBlock
    hold: HoldBlock
    bfd: BfdBlock

    @model_validator(mode="after")
    def _preferences_are_in_order(self) -> "RoutingBlock":
        if not self.hold.local_preference < self.mobile.local_preference < self.fixed.local_preference:
            raise ValueError("local_preference must rise from hold to mobile to fixed")
        return self

    def value(self) -> Routing:
        """Return what the block says."""
        return Routing(
            as_number=self.as_number,
            fixed=self.fixed.value(),
            mobile=self.mobile.value(),
            hold_local_preference=self.hold.local_preference,
            hold_community=self.hold.community,
            bfd_interval_ms=self.bfd.interval_ms,
            bfd_multiplier=self.bfd.multiplier,
            hold_seconds=self.hold.seconds,
        )


class TimerBlock(Block):
    """A session timer."""

    name: Name
    protocol: Literal["tcp", "udp"]
    ports: list[Annotated[int, Field(ge=1, le=65535)]] = Field(min_length=1)
    seconds: dict[str, Seconds] = Field(min_length=1)

    @model_validator(mode="after")
    def _states_are_known(self) -> "TimerBlock":
        known = TIMER_STATES[self.protocol]
        for state in self.seconds:
            if state not in known:
                raise ValueError(f"{self.protocol} has no state {state[:40]!r} (known: {', '.join(sorted(known))})")
        return self


class AccessBlock(Block):
    """Who manages a CPE."""

    account: Name
    snmp_user: Name


class OperatorFile(Block):
    """The whole file."""

    resolvers: ResolversBlock
    time_servers: list[Address4]
    management_prefixes: list[Prefix4] = Field(min_length=1)
    voice_prefixes: list[Prefix]
    routing: RoutingBlock
    tcp_established_seconds: Seconds
    session_timers: list[TimerBlock]
    access: AccessBlock
    syslog_servers: list[Address4] = Field(default_factory=list)
    voice_probes: list[Address] = Field(default_factory=list, max_length=8)

    @model_validator(mode="after")
    def _timers_are_unique(self) -> "OperatorFile":
        names = [each.name for each in self.session_timers]
        if len(set(names)) < len(names):
            raise ValueError("two session_timers have the same name")
        return self

    @model_validator(mode="after")
    def _probes_are_telephony(self) -> "OperatorFile":
        for each in self.voice_probes:
            if not any(each in prefix for prefix in self.voice_prefixes):
                raise ValueError(f"voice_probes: {each} is in none of the voice_prefixes")
        return self

    def value(self) -> Operator:
        """Return what the file says."""
        return Operator(
            resolvers_ipv4=tuple(self.resolvers.ipv4),
            resolvers_ipv6=tuple(self.resolvers.ipv6),
            time_servers=tuple(self.time_servers),
            management_prefixes=tuple(self.management_prefixes),
            voice_ipv4=tuple(each for each in self.voice_prefixes if isinstance(each, IPv4Network)),
            voice_ipv6=tuple(each for each in self.voice_prefixes if isinstance(each, IPv6Network)),
            routing=self.routing.value(),
            session_timers=tuple(
                SessionTimer(each.name, each.protocol, tuple(each.ports), dict(each.seconds))
                for each in self.session_timers
            ),
            tcp_established_seconds=self.tcp_established_seconds,
            account=self.access.account,
            snmp_user=self.access.snmp_user,
            syslog_servers=tuple(self.syslog_servers),
            voice_probes=tuple(self.voice_probes),
        )


def read_operator_file(path: Path) -> Operator:
    """Return the operator's network as the project's file states it.

    Raises:
        UnreadableProject: with the place, when the file cannot be used.
    """
    try:
        return OperatorFile.model_validate(read_yaml(path)).value()
    except ValidationError as error:
        raise UnreadableProject(
            describe(error, OperatorFile), where=str(path), remedy="The shipped operator.yaml explains the keys."
        ) from None
