"""How routers are shown."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.cli import output

if TYPE_CHECKING:
    from provisioning.devices.bootstrap import Bootstrapped
    from provisioning.model.device import DeviceFacts, DeviceStatus


def print_bootstrapped(ready: "Bootstrapped", host: str) -> None:
    """Show what was done to make a router ready."""
    for each in ready.done:
        output.say(f"{ready.serial}: {each}")
    if not ready.done:
        output.say(f"{ready.serial}: nothing to do, because {ready.reason}")
    output.say(f"It answered at {host} with host key {ready.host_key}.", "dim")


def print_facts(facts: "DeviceFacts", status: "DeviceStatus | None", host: str, way: str, *, helper: str) -> None:
    """Show what a router says of itself.

    Args:
        helper: digest of what Proviso installs on such a router; empty where that is nothing.
    """
    ours = facts.helper == helper
    installed = "the one of this version" if ours else "another version's" if facts.helper else "none"
    output.print_facts(
        [
            ("serial", facts.serial),
            ("host name", facts.hostname),
            ("reached at", f"{host} ({way})"),
            ("up for", f"{facts.uptime_seconds} s"),
            *([("helper", installed)] if helper else []),
            *((name, version) for name, version in facts.versions.items()),
            *((name, ", ".join(addresses)) for name, addresses in facts.addresses.items()),
        ]
    )
    if status is not None:
        _print_status(status)


def _print_status(status: "DeviceStatus") -> None:
    deadline = f"{status.deadline:%Y-%m-%d %H:%M:%S} UTC" if status.deadline else ""
    output.print_facts(
        [
            ("in force", status.live),
            ("confirmed", status.confirmed),
            ("pending", status.pending),
            ("goes back at", deadline),
            ("settled", "yes" if status.settled else "no"),
            ("last change", status.outcome),
        ],
        title="Configuration",
    )


def print_documents(digest: str, documents: Mapping[str, str], folder: Path | None) -> None:
    """Show documents whose secrets are masked."""
    for name, text in documents.items():
        if folder is not None:
            output.say(f"wrote {folder / name}")
        else:
            output.say(f"── {name}", "bold")
            output.print_document(text)
    output.say(f"{len(documents)} documents, digest {digest}; secrets are masked", "dim")
