"""A Cisco router that has nothing but a configuration, in a simulated operator's network: for packets alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv6Network
from pathlib import Path
from typing import Any, cast

from iosxe_renderings import running_config
from renderings import example

from provisioning.model.intent import AddressedIntent
from provisioning.planning.network_record import network_record
from provisioning.stands.simulator.cisco_iosxe.forwarding.networking import Networking
from provisioning.stands.simulator.customer_router import CustomerRouter
from provisioning.stands.simulator.fibre import Fibre, Passing
from provisioning.stands.simulator.lines import Lines
from provisioning.stands.simulator.live_calls import LiveCall
from provisioning.stands.simulator.network import OperatorNetwork
from provisioning.stands.simulator.vantage.behind import Behind
from provisioning.stands.simulator.vantage.outside import Outside

CISCOS = (
    "internet-pro-plus-cisco",
    "fullfiber-extended-cisco",
    "fiber-internet-pro-plus-cisco",
    "temporary-internet-pro-plus-cisco",
    "temporary-fullfiber-extended-cisco",
)
"""The example orders with a Cisco router."""


class TextRouter(Networking):
    """A router whose configuration is a text."""

    def __init__(self, name: str, number: int, network: OperatorNetwork, text: str) -> None:
        super().__init__(name, number)
        self.text = text
        self._network = network
        self._live: list[LiveCall] = []

    @property
    def _me(self) -> CustomerRouter:
        return cast(CustomerRouter, self)

    def running_config(self) -> str:
        return self.text

    @property
    def live(self) -> list[LiveCall]:
        return self._live

    def delegated(self) -> IPv6Network | None:
        return self._network.delegated(self._me)

    def bearers(self) -> tuple[str, ...]:
        return self._network.bearers(self._me)

    def tick(self) -> None:
        """There is nothing that waits for time."""

    def change(self, before: str, after: str) -> None:
        """Put something else in the place of what stands in the configuration."""
        assert before in self.text, before
        self.text = self.text.replace(before, after)


@dataclass
class Site:
    """A line whose router is such a one."""

    line: AddressedIntent
    network: OperatorNetwork
    router: TextRouter
    folder: Path
    outside: Outside = field(init=False)

    def __post_init__(self) -> None:
        self.outside = Outside(self.network, "internet")

    @property
    def serial(self) -> str:
        return self.router.name

    def behind(self, place: str = "lan") -> Behind:
        """What looks from behind the router."""
        return Behind(self.network, place, self.serial)

    def light(self, *, on: bool = True) -> None:
        """Let the line's ONT pass packets, or not."""
        ont, rate = self.line.intent.ont, self.line.intent.rate
        if ont is not None and rate is not None:
            passing = Passing(ont.serial, "olt", "0/1/0", float(rate.down), float(rate.up))
            self.network.fibre.let_pass(ont.serial, passing if on else None)

    def opens(self, address: str, protocol: str, port: int) -> str:
        """What comes of a call from the internet."""
        wanted = {"protocol": protocol, "address": address, "port": port}
        seen: Any = self.outside.tries({"seconds": 1, "wanted": [wanted]})
        return str(seen["tries"][0]["state"])

    def scan(self, address: str) -> set[int]:
        """The TCP ports that are open from the internet, of all."""
        seen: Any = self.outside.scan({"addresses": [address], "ports": []})
        return set(seen["hosts"][address]["open"])


@contextmanager
def site(folder: Path, name: str, **changed: object) -> Iterator[Site]:
    """Yield a line of an example order, whose router has the configuration that is rendered for it.

    Args:
        folder: empty, to tell the network of the line in.
        changed: keys of the line's record to change.
    """
    line = example(name)
    assert line.intent.cpe is not None
    serial = line.intent.cpe.serial or ""
    (folder / "L-1.json").write_text(json.dumps({**network_record(line, "PX-1"), **changed}))
    network = OperatorNetwork(Lines(folder), Fibre())
    router = TextRouter(serial, 21, network, running_config(line))
    network.routers[serial] = cast(CustomerRouter, router)
    made = Site(line, network, router, folder)
    made.light()
    yield made
