"""Rendered lines of the platform cisco_iosxe, for its tests."""

from renderings import SECRETS, TEMPLATES, example, operator

from provisioning.model.config import Config
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.operator import Operator
from provisioning.platforms.cisco_iosxe.documents import DOCUMENTS, PLATFORM, ios_line
from provisioning.rendering.render import _config

RICHEST = "internet-pro-plus-cisco"
"""The example order that has everything."""


def cisco_config(
    line: AddressedIntent | str, secrets: LineSecrets = SECRETS, around: Operator | None = None
) -> Config:
    """The documents of a line, or of an example order by its name."""
    addressed = example(line) if isinstance(line, str) else line
    return _config(PLATFORM, DOCUMENTS, ios_line(addressed, around or operator(), secrets), TEMPLATES / PLATFORM)


def running_config(line: AddressedIntent | str, secrets: LineSecrets = SECRETS) -> str:
    """The configuration of a line."""
    return cisco_config(line, secrets)["running-config"].reveal()
