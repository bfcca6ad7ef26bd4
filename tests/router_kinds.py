"""The two platforms of routers, as tests of whole runs on simulated ones need them: orders, and the back door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, cast

from simulated_lines import Simulated

from provisioning.platforms.cisco_iosxe.canonical import without_keys
from provisioning.platforms.cisco_iosxe.digest import documents_digest
from provisioning.stands.simulator.cisco_iosxe.device import body_of
from provisioning.stands.simulator.cisco_iosxe.router import IosRouter
from provisioning.stands.simulator.linux_cpe.documents import digest_of, in_place
from provisioning.stands.simulator.linux_cpe.router import Router

FOLDER = "/var/lib/proviso"


class RouterKind(Protocol):
    """A platform.

    Attributes:
        platform: its name.
        ordered: what an order form says beside what it says for every platform.
        faster: what a change to a higher speed asks for.
        spoils: the template, what stands in it, and what in its place keeps a line from being proven.
        sent: what goes out to a router by step, so that a run can be killed while nobody hears the answer.
    """

    @property
    def platform(self) -> str: ...
    @property
    def ordered(self) -> Mapping[str, Any]: ...
    @property
    def faster(self) -> str: ...
    @property
    def spoils(self) -> tuple[str, str, str]: ...
    @property
    def sent(self) -> Mapping[str, tuple[str, ...]]: ...

    def serial(self, number: int) -> str:
        """The serial of a customer's router."""

    def where(self, up: Simulated, serial: str) -> dict[str, str]:
        """Where a router stands: digests that are pending, confirmed, live; empty where there is none."""

    def secrets(self, up: Simulated, serial: str) -> set[str]:
        """The secrets that were made for a router and stand on it."""


@dataclass(frozen=True)
class LinuxKind:
    """Routers that run Linux."""

    platform: str = "linux_cpe"
    ordered: Mapping[str, Any] = field(default_factory=lambda: {"formula": "fullfiber", "options": {"sla": "premium"}})
    faster: str = "fullfiber-boost-pro"
    spoils: tuple[str, str, str] = ("nftables.conf", "dnat ip to {{ mapping.target }}", "accept")
    sent: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {"activate": ("helper apply", "helper confirm"), "cease": ("helper confirm",)}
    )

    def serial(self, number: int) -> str:
        return f"LX{100 + number:04}"

    def where(self, up: Simulated, serial: str) -> dict[str, str]:
        return up.do(partial(self._where, cast(Router, up.world.hosts[serial])))

    def _where(self, router: Router) -> dict[str, str]:
        router.tick()
        files = {
            name: router.tree.read(f"{FOLDER}/{name}").decode().strip()
            for name in ("pending", "confirmed")
            if f"{FOLDER}/{name}" in router.tree.files
        }
        return {"pending": "", "confirmed": "", **files, "live": digest_of(in_place(router.tree))}

    def secrets(self, up: Simulated, serial: str) -> set[str]:
        text = up.do(partial(cast(Router, up.world.hosts[serial]).text, "snmpd.conf"))
        users = [line.split() for line in text.splitlines() if line.startswith("createUser")]
        return {word.strip('"') for words in users for word in words if len(word.strip('"')) == 20}


@dataclass(frozen=True)
class CiscoKind:
    """Cisco routers with IOS-XE."""

    platform: str = "cisco_iosxe"
    ordered: Mapping[str, Any] = field(default_factory=lambda: {"formula": "fullfiber-extended"})
    faster: str = "extended-boost-pro"
    spoils: tuple[str, str, str] = ("part-nat", "ip nat inside source static", "! ip nat inside source static")
    sent: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "activate": ("revert timer", "merge_config.txt running-config", "configure confirm", "write mem"),
            "cease": ("merge_config.txt running-config", "configure confirm"),
        }
    )

    def serial(self, number: int) -> str:
        return f"FGL2600{100 + number:04}"

    def where(self, up: Simulated, serial: str) -> dict[str, str]:
        return up.do(partial(self._where, cast(IosRouter, up.world.hosts[serial])))

    def _where(self, router: IosRouter) -> dict[str, str]:
        router.tick()
        device = router.device
        live = self._digest(device.text, router)
        saved = self._digest(body_of(device.startup or ""), router)
        return {"pending": live if device.rollback.pending is not None else "", "confirmed": saved, "live": live}

    def _digest(self, text: str, router: IosRouter) -> str:
        # Users of a group that is not there have no rights, and are as good as gone.
        users = [each for each in router.device.private if f"snmp-server group {each.split()[3]} v3" in text]
        return documents_digest(
            {"running-config": text, "snmp-users": "".join(f"{without_keys(each)}\n" for each in users)}
        )

    def secrets(self, up: Simulated, serial: str) -> set[str]:
        private = up.do(lambda: cast(IosRouter, up.world.hosts[serial]).device.private)
        return {word for line in private for word in line.split() if len(word) == 20}


LINUX, CISCO = LinuxKind(), CiscoKind()
