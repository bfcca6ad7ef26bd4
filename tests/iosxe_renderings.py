"""Rendered lines of the platform cisco_iosxe, for its tests."""

from renderings import EVERY_ORDER, SECRETS, TEMPLATES, example, operator

from provisioning.model.config import Config
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.operator import Operator
from provisioning.platforms.cisco_iosxe.bootstrap import BOOTSTRAP
from provisioning.platforms.cisco_iosxe.documents import DOCUMENTS, PLATFORM, ios_line
from provisioning.platforms.idle_router import IdleRouter
from provisioning.rendering.render import _config

RICHEST = "internet-pro-plus-cisco"
"""The example order that has everything."""

CISCO = [each.stem for each in EVERY_ORDER if each.stem.endswith("-cisco")]
"""The example orders with a Cisco router."""


def cisco_config(
    line: AddressedIntent | str, secrets: LineSecrets = SECRETS, around: Operator | None = None
) -> Config:
    """The documents of a line, or of an example order by its name."""
    addressed = example(line) if isinstance(line, str) else line
    return _config(PLATFORM, DOCUMENTS, ios_line(addressed, around or operator(), secrets), TEMPLATES / PLATFORM)


def running_config(line: AddressedIntent | str, secrets: LineSecrets = SECRETS) -> str:
    """The configuration of a line."""
    return cisco_config(line, secrets)["running-config"].reveal()


def idle_config(serial: str) -> Config:
    """The documents of a router that serves no line."""
    return _config(PLATFORM, BOOTSTRAP, IdleRouter(serial, operator()), TEMPLATES / PLATFORM)
