"""How a router differs from a backup of it, both masked: for lines whose intent is not wholly known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from provisioning.errors import CannotEncode
from provisioning.model.change import Difference
from provisioning.model.customer_settings import CustomerSettings
from provisioning.planning.difference import differences
from provisioning.platforms.routers import ROUTERS

WANTED = " wanted"
"""How `difference` heads what is held against what is in force."""


@dataclass(frozen=True, slots=True)
class SinceBackup:
    """What changed on a router since a backup.

    Attributes:
        differences: by document; empty when nothing did.
        notes: what the customer changed, which is no difference (facts: I-8.1); no note holds a value.
    """

    differences: tuple[Difference, ...]
    notes: tuple[str, ...]


def since_backup(platform: str, kept: Mapping[str, str], present: Mapping[str, str], *, version: str) -> SinceBackup:
    """Return what changed since a backup; what the customer may change is told apart.

    Args:
        platform: of the router.
        kept: masked texts of the backup by name, each secret as a placeholder that is the same for the same secret.
        present: what is in force, masked likewise; a document that is missing on one side only is a difference.
        version: of the backup.
    """
    known = ROUTERS[platform]
    before, now = known.customer_settings(kept), known.customer_settings(present)
    notes = tuple(_notes(before, now)) if before is not None and now is not None else ()
    if now is not None and notes:
        try:
            kept = known.with_customer_settings(kept, now)
        except CannotEncode:
            notes = ()  # nobody can tell the rest apart from it: then all of it is told as a difference
    there = {name: known.comparable(name, text) for name, text in present.items()}
    wanted = {name: known.comparable(name, text) for name, text in kept.items()}
    found = differences(known.order, there, wanted, there, wanted)
    return SinceBackup(tuple(_headed(each, version) for each in found), notes)


def _notes(before: CustomerSettings, now: CustomerSettings) -> Iterator[str]:
    pairs = (
        ("SSID", before.ssid != now.ssid),
        ("channel", before.channel != now.channel),
        ("key", before.key.reveal() != now.key.reveal()),
    )
    for what, changed in pairs:
        if changed:
            yield f"The customer changed the Wi-Fi {what} on the router: it stays (facts: I-8.1)."


def _headed(difference: Difference, version: str) -> Difference:
    """Return a difference that says what it is held against: nobody has said that this is wanted."""
    first, _, rest = difference.text.partition("\n")
    second, line, rest = rest.partition("\n")
    headed = f"{second.removesuffix(WANTED)} in backup {version}" if second.endswith(WANTED) else second
    return replace(difference, text=f"{first}\n{headed}{line}{rest}")
