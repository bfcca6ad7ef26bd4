"""The case before the rules: a form, what the catalogue says of its formula, and the day."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from ipaddress import IPv4Network, IPv6Address

from provisioning.catalogue import FORMULAS, SPEED_UPGRADES, Availability, Formula, Router, SpeedUpgrade
from provisioning.model.finding import Finding
from provisioning.orders.form import IpPackOption, OrderForm, Server

DEFAULT_LAN = IPv4Network("192.168.1.0/24")
"""Where the form states no subnet (docs/order-form.md)."""


_PREFIX = re.compile(r"[0-9.]{7,15}/[0-9]{1,2}", re.ASCII)


@dataclass(frozen=True)
class Case:
    """What a rule looks at.

    Attributes:
        form: the order, or for a change the part of one.
        today: the day in the contract's time zone (facts: X-17).
        whole: true when the form states the whole line; false for a change or move on its own, whose silence says
            nothing about the line.
        sold: the formula that the line has already, which stop-sell does not touch; None for a new line.
    """

    form: OrderForm
    today: date
    whole: bool
    sold: str | None = None

    @cached_property
    def formula(self) -> Formula | None:
        """The catalogue's formula; None when the form names none or an unknown one."""
        return FORMULAS.get(self.form.formula) if self.form.formula is not None else None

    @cached_property
    def speed(self) -> SpeedUpgrade | None:
        """The speed upgrade that the form names, if the catalogue knows it."""
        options = self.form.options
        return SPEED_UPGRADES.get(options.speed) if options and options.speed is not None else None

    @property
    def customers_own_router(self) -> bool:
        """Whether the form names a formula on which no router is ours."""
        return self.formula is not None and self.formula.router.value is Router.CUSTOMERS_OWN

    @property
    def ip_pack(self) -> IpPackOption | None:
        """The IP Pack that is ordered."""
        return self.form.options.ip_pack if self.form.options else None

    @property
    def customer_firewall(self) -> bool:
        """Whether the form announces a firewall of the customer's behind the router."""
        return bool(self.form.lan and self.form.lan.customer_firewall)

    @property
    def servers(self) -> list[tuple[str, Server]]:
        """The openings with their place in the form."""
        return [(f"servers.{index}", server) for index, server in enumerate(self.form.servers or [])]

    @cached_property
    def lan(self) -> IPv4Network | None:
        """The LAN; None when it is malformed, or unknown because only a part is stated."""
        written = self.form.lan.subnet if self.form.lan else None
        if written is None:
            return DEFAULT_LAN if self.whole else None
        try:
            return IPv4Network(written) if _PREFIX.fullmatch(written) else None
        except ValueError:
            return None

    @cached_property
    def next_hop(self) -> int | None:
        """The interface identifier of the customer's router; None when none is stated, or it is malformed."""
        written = self.form.lan.next_hop if self.form.lan else None
        try:
            return int(IPv6Address(written)) if written is not None else None
        except ValueError:
            return None

    @property
    def has_fixed_ipv4(self) -> bool:
        """Whether the line has a fixed IPv4, included or ordered (facts: I-4.1)."""
        if self.formula is None:
            return False
        if self.formula.fixed_ipv4.value is Availability.INCLUDED:
            return True
        return bool(self.form.options and self.form.options.fixed_ipv4)

    def leave_out(self, key: str) -> str:
        """Return the remedy that takes a key away: from a change it is not absence that does it, but null."""
        if self.form.kind in ("change", "move") and self.whole:
            return f"Name `{key}: null` in the order."
        return f"Leave `{key}` out."

    @property
    def has_mobile_backup(self) -> bool:
        """Whether the line has mobile back-up, ordered or always active (facts: I-1.5)."""
        if self.formula is not None and self.formula.mobile_backup.value is Availability.INCLUDED:
            return True
        return bool(self.form.options and self.form.options.mobile_backup)


Rule = Callable[[Case], Iterator[Finding]]
"""A rule looks at a case and yields what it finds; it never raises and never looks elsewhere."""
