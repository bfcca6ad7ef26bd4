"""Lines whose backups are brought back: backups as the nightly run keeps them, and what happens to routers."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from backup_versions import Sealed, sealed_store
from fibre_lines import LINE, Fibre, fibre_world
from router_kinds import CISCO, RouterKind

from provisioning.devices.host_keys import scan_host_key
from provisioning.devices.open_router import open_router
from provisioning.devices.reach import Access
from provisioning.model.backup import BackupCause, BackupVersion, NewVersion
from provisioning.model.proxy import parse_proxy
from provisioning.platforms.routers import ROUTERS
from provisioning.stands.simulator.linux_cpe.documents import PLACES

CHOSEN = "chosen by the customer-6502"
CISCO_CHOSEN = "chosen-by-the-customer-6502"


def fetch(world: Fibre, number: int = 1, line: str = LINE) -> Mapping[str, str]:
    """Return the documents that a router has in force, as the product fetches them."""
    serial = world.kind.serial(number)
    record = world.record(line)
    assert record is not None
    folder, proxy = world.up.folder, parse_proxy(world.up.proxy)
    key = scan_host_key(record["management"], proxy=proxy)
    opened = open_router(
        world.kind.platform,
        serial,
        Access(folder / "key", folder / "known_hosts", 10, proxy),
        management=record["management"],
        staging=serial,
        host_key=key,
    )
    with closing(opened.device):
        return opened.device.fetch().documents


@dataclass
class BackedUp:
    """A world with a store of backups.

    Attributes:
        identity: the file that opens them.
    """

    world: Fibre
    sealed: Sealed

    @property
    def identity(self) -> Path:
        return self.sealed.identity

    def keep(
        self,
        documents: Mapping[str, str] | None = None,
        *,
        line: str = LINE,
        number: int = 1,
        taken_at: datetime | None = None,
    ) -> BackupVersion:
        """Keep what a router has in force, or other documents, as a version."""
        platform = ROUTERS[self.world.kind.platform]
        found = fetch(self.world, number, line) if documents is None else documents
        new = NewVersion(
            line=line,
            serial=self.world.kind.serial(number),
            platform=platform.name,
            taken_at=taken_at or datetime.now(UTC),
            cause=BackupCause.NIGHTLY,
            masked={name: platform.mask(name, text) for name, text in found.items()},
            withheld={},
            fingerprint=hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest(),
            size=sum(map(len, found.values())),
            sealed=self.sealed.store.seal(found),
            items=(),
        )
        version = self.sealed.store.keep(new)
        self.sealed.store.commit("A night")
        return version


def backed_up(world: Fibre) -> BackedUp:
    """Return a world with a store of backups that the product finds."""
    folder = world.up.folder / "safe"
    folder.mkdir()
    world.extra |= {"PROVISO_BACKUP_FOLDER": str(folder / "backups")}
    made = sealed_store(folder)
    world.extra |= {"PROVISO_BACKUP_IDENTITY_FILE": str(made.identity)}
    return BackedUp(world, made)


def spoil(world: Fibre, number: int = 1) -> None:
    """Have somebody change a router by hand, so that the line does not do any more what was ordered."""
    if world.kind is CISCO:
        edit_cisco(world, number, "interface Vlan1", " ip access-group NONE-SUCH in", "no ip nat inside")
        return
    edit(world, "nftables.conf", r"dnat ip to \S+", "accept", number)
    edit(world, "dnsmasq.conf", r"(?m)^dhcp-range=.*\n", "", number)


def edit(world: Fibre, document: str, pattern: str, instead: str, number: int = 1) -> None:
    """Change a document on a Linux router by hand, and put it in force."""
    router, path = world.up.router(number), PLACES[document].path

    def done() -> None:
        text = router.tree.read(path).decode()
        changed = re.sub(pattern, instead, text)
        assert changed != text, f"{pattern} is not in {document}"
        router.tree.write(path, changed.encode(), PLACES[document].mode)
        router.load(document, changed.encode())
        router._keep()

    world.up.do(done)


def edit_cisco(world: Fibre, number: int, *lines: str) -> None:
    """Change the configuration of a Cisco router by hand, and save it."""
    device = world.up.cisco(number).device

    def done() -> None:
        said = device.merge("\n".join((*lines, "end")), "somebody")
        assert not [each for each in said if each.startswith("%")], said
        device.save("somebody")

    world.up.do(done)


@contextmanager
def after_a_reset(world: Fibre, number: int = 1) -> Iterator[Fibre]:
    """Yield the world as it goes on when a router has lost all but what it came with; the old one must be over."""
    (world.state / "simulator" / "routers" / f"{world.kind.serial(number)}.json").unlink()
    with fibre_world(world.up.folder, world.warm, kind=world.kind) as made:
        made.extra |= world.extra
        yield made


def customer_changes(world: Fibre, number: int = 1) -> str:
    """Have the customer choose another SSID and key on his router; return the key."""
    if world.kind is CISCO:
        edit_cisco(world, number, "no wlan PROVISO", "wlan PROVISO 1 Atelier", *_cisco_wlan())
        return CISCO_CHOSEN
    edit(world, "hostapd.conf", r"(?m)^ssid2=.*$", "ssid2=" + b"Atelier".hex(), number)
    edit(world, "hostapd.conf", r"(?m)^wpa_passphrase=.*$", f"wpa_passphrase={CHOSEN}", number)
    return CHOSEN


def _cisco_wlan() -> tuple[str, ...]:
    return (
        " radio policy dot11 24ghz",
        f" security wpa psk set-key ascii 0 {CISCO_CHOSEN}",
        " no security wpa akm dot1x",
        " security wpa akm psk",
        " security pmf optional",
        " no shutdown",
    )


def settings(kind: RouterKind, documents: Mapping[str, str]) -> tuple[str, int | None, str]:
    """Return what the customer may change, as it stands in documents."""
    found = ROUTERS[kind.platform].customer_settings(documents)
    assert found is not None
    return found.ssid, found.channel, found.key.reveal()


def comparable(kind: RouterKind, documents: Mapping[str, str]) -> dict[str, str]:
    """Return documents in the form in which they compare."""
    platform = ROUTERS[kind.platform]
    return {name: platform.comparable(name, text) for name, text in documents.items()}
