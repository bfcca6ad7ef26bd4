"""The platforms of routers that Proviso configures."""

from collections.abc import Mapping

from provisioning.platforms.linux_cpe.cpe_line import CpeLine
from provisioning.platforms.linux_cpe.platform import LINUX_CPE
from provisioning.platforms.router_platform import RouterPlatform

AnyPlatform = RouterPlatform[CpeLine]

ROUTERS: Mapping[str, AnyPlatform] = {each.name: each for each in (LINUX_CPE,)}
"""By name."""
