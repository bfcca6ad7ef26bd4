"""What a router is told to have a backup back: `restoration(backup, …) -> Config`. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from provisioning.model.config import Config, Document, SecretDocument
from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.secret import Secret
from provisioning.platforms.routers import ROUTERS

Value = TypeVar("Value", str, int | None)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was opened.

    Attributes:
        platform: of the router, one of ROUTERS.
        serial: of the router that it was taken of.
        documents: text by name, secrets included: never shown, never logged, never written down.
    """

    platform: str
    serial: str
    documents: Mapping[str, str]

    @property
    def settings(self) -> CustomerSettings | None:
        """What the customer had set on the router; None where Wi-Fi was off."""
        return ROUTERS[self.platform].customer_settings(self.documents)

    def __repr__(self) -> str:
        return f"Backup({self.serial}, {len(self.documents)} documents)"


def restoration(
    backup: Backup,
    serial: str,
    secrets: LineSecrets | None,
    settings: CustomerSettings | None,
    present: Mapping[str, str] | None = None,
) -> Config:
    """Return the documents that bring a backup back.

    Args:
        backup: what was in force then.
        serial: of the router that it comes to.
        secrets: of the line, for what no router shows: the keys of SNMP users on IOS-XE; None where nobody knows
            them: then users that the router has stay as they are, and no other is made.
        settings: the customer's, in the place of those in the backup; None to leave these.
        present: what stands on the router that it comes to, whose login passwords stay: no backup has any (X-8).

    Raises:
        CannotEncode: when the router could not be told one of them.
    """
    platform = ROUTERS[backup.platform]
    # What is no router's, such as the commands of the line's ONT, is no business of the router.
    ours: Mapping[str, str] = {name: text for name, text in backup.documents.items() if name in platform.order}
    if serial != backup.serial:
        ours = {name: _labelled(text, backup.serial, serial) for name, text in ours.items()}
    wanted = settings or backup.settings
    if wanted is not None:
        ours = platform.with_customer_settings(ours, wanted)
    if secrets is not None:
        ours = platform.with_secrets(ours, secrets)
    return as_config(backup.platform, platform.with_login_passwords(ours, present or {}))


def as_config(platform: str, documents: Mapping[str, str]) -> Config:
    """Return texts as what a router is told."""
    return Config(platform, tuple(_documents(platform, documents)))


def differing(config: Config, documents: Mapping[str, str]) -> str:
    """Return the documents that are not what a router was told, and in how many lines; no text of them.

    Args:
        config: what it was told.
        documents: that it has, texts by name.
    """
    platform = ROUTERS[config.platform]
    wanted = {each.name: platform.comparable(each.name, each.reveal()) for each in config.documents}
    found = {name: platform.comparable(name, text) for name, text in documents.items()}
    return ", ".join(
        f"{name} ({_lines(wanted.get(name, ''), found.get(name, ''))} lines)"
        for name in platform.order
        if wanted.get(name, "") != found.get(name, "")
    )


def _lines(one: str, other: str) -> int:
    return len(set(one.splitlines()) ^ set(other.splitlines()))


def surviving(
    backup: CustomerSettings | None, delivered: CustomerSettings | None, present: CustomerSettings | None
) -> tuple[CustomerSettings | None, tuple[str, ...]]:
    """Return what the customer may change as it is to be after a restore, and what was decided (facts: I-8.1).

    A value on the router that is not the one that we delivered is the customer's, and survives.

    Args:
        backup: what the backup holds; None where Wi-Fi was off.
        delivered: what was delivered last; None when nobody knows: then what stands on the router is the customer's.
        present: what stands on the router; None when it holds no Wi-Fi settings, or when it takes the place of the one
            on which the customer has set something.
    """
    if backup is None or present is None:
        return backup, ()
    notes: list[str] = []
    ssid = _survives("SSID", backup.ssid, delivered.ssid if delivered else backup.ssid, present.ssid, notes)
    channel = _survives(
        "channel", backup.channel, delivered.channel if delivered else backup.channel, present.channel, notes
    )
    ours = (delivered or backup).key.reveal()
    key = _survives("key", backup.key.reveal(), ours, present.key.reveal(), notes)
    return CustomerSettings(ssid, channel, Secret(key)), tuple(notes)


def _survives(what: str, backup: Value, delivered: Value, present: Value, notes: list[str]) -> Value:
    if present in (backup, delivered):
        return backup
    notes.append(f"The customer changed the Wi-Fi {what} on the router: it stays (facts: I-8.1).")
    return present


def _labelled(text: str, old: str, new: str) -> str:
    """Return a text that names another router where it names the one that it was rendered for."""
    return re.sub(rf"\b(router|LAN of) {re.escape(old)}\b", lambda found: f"{found[1]} {new}", text)


def _documents(platform: str, documents: Mapping[str, str]) -> Iterator[Document]:
    known = ROUTERS[platform]
    for each in known.documents:
        text = documents.get(each.name)
        if text is None:
            continue
        shown = known.mask(each.name, text)
        if shown == text:
            yield Document(each.name, each.path, each.mode, text)
        else:
            yield SecretDocument(each.name, each.path, each.mode, shown, Secret(text))
