"""What a formula is: one column of the contract's tables, each cell with its fact."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from provisioning.catalogue.level import Level
from provisioning.catalogue.speed import Rate, SpeedUpgrade

T_co = TypeVar("T_co", covariant=True)


class Access(StrEnum):
    """The physical line."""

    COPPER = "copper"
    FIBRE = "fibre"


class Availability(StrEnum):
    """DEF, OPT and – of the contract's tables."""

    INCLUDED = "included"
    OPTION = "option"
    NOT_OFFERED = "not offered"


class Router(StrEnum):
    """What the operator supplies behind the line's end."""

    INTERNET_BOX = "Internet Box"
    PROFESSIONAL = "professional router"
    CUSTOMERS_OWN = "customer's own router"


@dataclass(frozen=True, slots=True)
class Volume:
    """What may be used in a calendar month (facts: I-3).

    Attributes:
        gigabytes: the volume after which the line is slowed down; None when unlimited.
        fair_use: whether that volume is a fair-use limit, for which a Volume Pack is free.
    """

    gigabytes: int | None
    fair_use: bool = False

    def __str__(self) -> str:
        if self.gigabytes is None:
            return "unlimited"
        amount = f"{self.gigabytes // 1000} TB" if self.gigabytes >= 1000 else f"{self.gigabytes} GB"
        return f"{amount} fair use" if self.fair_use else amount


@dataclass(frozen=True, slots=True)
class Cell(Generic[T_co]):
    """One cell of a contract's table and the facts that it comes from."""

    value: T_co
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula: what is included, what can be ordered, what is not to be had.

    Attributes:
        identifier: as in facts I-1.6.
        rate: maximum down and up in Mbit/s; None where the contract states none (facts: X-6).
        max_users: IPv4 hosts behind our router (facts: I-4.5); None where the customer's router decides.
        mailboxes: how many, and their size; `-` where the table has none.
        speeds: what `options.speed` may name; the formula's own speed among them where it has an identifier.
        levels: what `options.sla` may name, the included one first.
        temporary: whether this is a temporary version (facts: I-1.5).
    """

    identifier: str
    name: str
    access: Cell[Access]
    rate: Cell[Rate | None]
    volume: Cell[Volume]
    router: Cell[Router]
    router_choice: Cell[Availability]
    fixed_ipv4: Cell[Availability]
    fixed_ipv6: Cell[Availability]
    ip_pack: Cell[Availability]
    unlimited_ports: Cell[Availability]
    max_users: Cell[int | None]
    mailboxes: Cell[str]
    managed_firewall: Cell[Availability]
    mobile_backup: Cell[Availability]
    wifi: Cell[Availability]
    standard_changes: Cell[Availability]
    configuration_backup: Cell[Availability]
    volume_pack: Cell[Availability]
    rush: Cell[Availability]
    stop_sell: Cell[bool]
    temporary: Cell[bool]
    speeds: Cell[tuple[SpeedUpgrade, ...]]
    levels: Cell[tuple[Level, ...]]

    @property
    def supplies_router(self) -> bool:
        """Whether the operator supplies the router (facts: I-2)."""
        return self.router.value is not Router.CUSTOMERS_OWN

    @property
    def has_ont(self) -> bool:
        """Whether the line ends in an ONT (facts: X-13)."""
        return self.access.value is Access.FIBRE

    def option(self, key: str) -> Cell[Availability]:
        """Return the cell of one of the options that an order form switches on by true or by a block.

        Args:
            key: `fixed_ipv4`, `ip_pack`, `mobile_backup`, `standard_changes`, `router_choice`, `rush` or
                `volume_pack` (facts: I-1.6).

        Raises:
            KeyError: for any other key.
        """
        return {
            "fixed_ipv4": self.fixed_ipv4,
            "ip_pack": self.ip_pack,
            "mobile_backup": self.mobile_backup,
            "standard_changes": self.standard_changes,
            "router_choice": self.router_choice,
            "rush": self.rush,
            "volume_pack": self.volume_pack,
        }[key]
