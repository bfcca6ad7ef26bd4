"""What it costs to check, mask and look over what was fetched from one router, step by step."""

import hashlib
import hmac
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from iosxe_renderings import cisco_config
from renderings import config, example, revealed

from provisioning.backups.completeness import examine_backup
from provisioning.backups.login_password import without_login_passwords
from provisioning.backups.placeholders import Masker
from provisioning.backups.suspicious import suspicious_lines
from provisioning.model.intent import AddressedIntent

ROUNDS = 200
KEY = b"0123456789abcdef0123456789abcdef"

FIREWALL = ("class-map ", "policy-map ", "parameter-map ", "zone", "ip access-list ", "ipv6 access-list ")
"""Sections of a configuration that a router without a managed firewall has not."""


def cost(action: Callable[[], object]) -> float:
    """Return the milliseconds of CPU of one call: the median, the first call left out."""
    action()
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time_ns()
        action()
        taken.append(time.process_time_ns() - begun)
    return sorted(taken)[ROUNDS // 2] / 1e6


def without_firewall(text: str) -> str:
    """Return a configuration of some 8 KB."""
    kept, within = [], False
    for line in text.split("\n"):
        within = line.startswith(FIREWALL) or (within and line.startswith(" "))
        if not within:
            kept.append(line)
    return "\n".join(kept)


def floor(documents: Mapping[str, str]) -> None:
    """Do the least that anybody could: cut each text into its words, and authenticate it."""
    for text in documents.values():
        set(text.split())
        hmac.digest(KEY, text.encode(), hashlib.sha256)


def measure(what: str, addressed: AddressedIntent, platform: str, documents: Mapping[str, str]) -> None:
    """Print what each step costs on one router's documents."""
    masker = Masker(KEY)
    bare = without_login_passwords(platform, documents)
    masked = masker.mask_all(platform, bare)
    steps: dict[str, Callable[[], object]] = {
        "login passwords": lambda: without_login_passwords(platform, documents),
        "fingerprint": lambda: masker.fingerprint(bare),
        "check": lambda: examine_backup(addressed, platform, bare, before=None),
        "mask": lambda: masker.mask_all(platform, bare),
        "suspicious": lambda: [suspicious_lines(platform, name, text) for name, text in masked.items()],
    }
    taken = {name: cost(step) for name, step in steps.items()}
    whole, least = sum(taken.values()), cost(lambda: floor(documents))
    size = sum(map(len, documents.values())) / 1000
    told = ", ".join(f"{name} {each:.2f}" for name, each in taken.items())
    sys.stdout.write(
        f"{what}, {size:.1f} KB: {whole:.2f} ms CPU, {whole / least:.1f} times the floor ({least:.2f} ms): {told}\n"
    )


def main() -> None:
    """Measure a router of each platform, with and without a managed firewall."""
    line = example("internet-pro-plus-cisco")
    whole = revealed(cisco_config(line))
    small = {**whole, "running-config": without_firewall(whole["running-config"])}
    measure("cisco_iosxe", line, "cisco_iosxe", small)
    measure("cisco_iosxe with a managed firewall", line, "cisco_iosxe", whole)
    for order in ("internet-pro", "internet-pro-plus"):
        line = example(order)
        measure(f"linux_cpe, {order}", line, "linux_cpe", revealed(config(line)))


if __name__ == "__main__":
    main()
