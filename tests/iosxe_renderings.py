"""Rendered lines of the platform cisco_iosxe, for its tests."""

from renderings import EVERY_ORDER, TEMPLATES, example, operator

from provisioning.model.config import Config, NothingRendered
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.operator import Operator
from provisioning.model.secret import Secret
from provisioning.platforms.cisco_iosxe.documents import PLATFORM
from provisioning.rendering.render import render, render_bootstrap

RICHEST = "internet-pro-plus-cisco"
"""The example order that has everything."""

SECRETS = LineSecrets(Secret("wifi-key:canary"), Secret("authentication-canary"), Secret("privacy-canary"))
"""Without spaces, which IOS cannot say in them."""

CISCO = [each.stem for each in EVERY_ORDER if each.stem.endswith("-cisco")]
"""The example orders with a Cisco router."""


def cisco_config(
    line: AddressedIntent | str, secrets: LineSecrets = SECRETS, around: Operator | None = None
) -> Config:
    """The documents of a line, or of an example order by its name."""
    addressed = example(line) if isinstance(line, str) else line
    rendered = render(addressed, around or operator(), secrets, TEMPLATES)
    assert not isinstance(rendered, NothingRendered), rendered.reason
    return rendered


def running_config(line: AddressedIntent | str, secrets: LineSecrets = SECRETS) -> str:
    """The configuration of a line."""
    return cisco_config(line, secrets)["running-config"].reveal()


def idle_config(serial: str) -> Config:
    """The documents of a router that serves no line."""
    return render_bootstrap(serial, PLATFORM, operator(), TEMPLATES)
