"""How a router is brought to what is wanted: commands are merged under its timer, which takes it back if need be."""

from provisioning.model.config import Config, Document, SecretDocument
from provisioning.model.device import Running
from provisioning.model.secret import Secret
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG
from provisioning.platforms.cisco_iosxe.differ import mask_commands, remediate
from provisioning.platforms.router_platform import Way

SECONDS_A_MINUTE = 60
AFTERWARDS = "! once it is confirmed:"


def way(running: Running, config: Config, seconds: int) -> Way:
    """Return what is merged, and what goes before and after it.

    Args:
        running: what is in force.
        config: what is wanted.
        seconds: the revert timer, of which the router counts whole minutes, begun ones too.
    """
    wanted = {each.name: each.reveal() for each in config.documents}
    found = remediate(running.documents, wanted)
    if not found.commands:
        return Way((), ())
    minutes = max(1, -(-seconds // SECONDS_A_MINUTE))
    shown, back = mask_commands(found.commands), mask_commands(found.rollback)
    commands = (
        f"configure terminal revert timer {minutes}",
        *shown,
        "end",
        "configure confirm",
        "copy running-config startup-config",
    )
    return Way(commands, ("configure revert now", AFTERWARDS, *back), _patch(found.commands, shown))


def _patch(lines: tuple[str, ...], shown: tuple[str, ...]) -> Document:
    text, told = _text(lines), _text(shown)
    if text == told:
        return Document("patch", RUNNING_CONFIG, 0o600, told)
    return SecretDocument("patch", RUNNING_CONFIG, 0o600, told, Secret(text))


def _text(lines: tuple[str, ...]) -> str:
    return "".join(f"{line}\n" for line in lines)
