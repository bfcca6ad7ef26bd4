"""How a column of the contract's tables is written down as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioning.catalogue.formula import Access, Availability, Cell, Formula, Router, Volume
from provisioning.catalogue.level import Level
from provisioning.catalogue.speed import SPEED_UPGRADES, Rate

DEF = Availability.INCLUDED
OPT = Availability.OPTION
NO = Availability.NOT_OFFERED

UNLIMITED = Volume(None)
FAIR_USE_3_TB = Volume(3000, fair_use=True)

_CELL_FACTS: Mapping[str, tuple[str, ...]] = {
    "fixed_ipv4": ("I-4.1",),
    "fixed_ipv6": ("I-4.1",),
    "ip_pack": ("I-4.3",),
    "unlimited_ports": ("I-5.2",),
    "max_users": ("I-4.5",),
    "managed_firewall": ("I-5.3",),
    "mobile_backup": ("I-6.1",),
    "volume": ("I-3",),
}
"""The section that says more about a row than the table does."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One formula as its table states it; `formula()` gives every cell its facts.

    Attributes:
        table: the fact reference of the table that the column stands in.
        facts: for a cell that rests on more than the table, the further references.
    """

    table: str
    identifier: str
    name: str
    access: Access
    rate: Rate | None
    volume: Volume
    router: Router
    mailboxes: str
    fixed_ipv4: Availability
    levels: tuple[Level, ...]
    fixed_ipv6: Availability = NO
    ip_pack: Availability = NO
    managed_firewall: Availability = NO
    mobile_backup: Availability = NO
    wifi: Availability = DEF
    router_choice: Availability = NO
    speeds: tuple[str, ...] = ()
    stop_sell: bool = False
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def formula(self) -> Formula:
        """Return the column as a formula, with what follows from its cells filled in.

        Backup and standard changes belong to the formulas with a managed firewall, the Pro+ family (facts:
        I-8.3, I-8.5, I-9.4); a Volume Pack to those that have a volume (facts: I-3).
        """
        own = self.facts
        pro_plus = self.managed_firewall is DEF
        limited = self.volume.gigabytes is not None

        def facts(cell: str) -> tuple[str, ...]:
            return (self.table, *_CELL_FACTS.get(cell, ()), *own.get(cell, ()))

        return Formula(
            identifier=self.identifier,
            name=self.name,
            access=Cell(self.access, facts("access")),
            rate=Cell(self.rate, facts("rate")),
            volume=Cell(self.volume, facts("volume")),
            router=Cell(self.router, facts("router")),
            router_choice=Cell(self.router_choice, facts("router_choice")),
            fixed_ipv4=Cell(self.fixed_ipv4, facts("fixed_ipv4")),
            fixed_ipv6=Cell(self.fixed_ipv6, facts("fixed_ipv6")),
            ip_pack=Cell(self.ip_pack, facts("ip_pack")),
            unlimited_ports=Cell(DEF, facts("unlimited_ports")),
            max_users=Cell(None if self.router is Router.CUSTOMERS_OWN else 253, facts("max_users")),
            mailboxes=Cell(self.mailboxes, facts("mailboxes")),
            managed_firewall=Cell(self.managed_firewall, facts("managed_firewall")),
            mobile_backup=Cell(self.mobile_backup, facts("mobile_backup")),
            wifi=Cell(self.wifi, facts("wifi")),
            standard_changes=Cell(OPT if pro_plus else NO, ("I-8.5", "I-9.4", *own.get("standard_changes", ()))),
            configuration_backup=Cell(
                DEF if pro_plus else NO, ("I-8.3", "I-9.4", *own.get("configuration_backup", ()))
            ),
            volume_pack=Cell(OPT if limited else NO, ("I-3",)),
            rush=Cell(NO, ("I-1.5", "I-7.3")),
            stop_sell=Cell(self.stop_sell, facts("stop_sell")),
            temporary=Cell(False, ("I-1.5",)),
            speeds=Cell(tuple(SPEED_UPGRADES[each] for each in self.speeds), ("I-1.3", "X-12")),
            levels=Cell(self.levels, self.levels[0].facts),
        )
