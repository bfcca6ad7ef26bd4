"""The platforms of routers that Proviso configures."""

from collections.abc import Mapping

from provisioning.platforms.cisco_iosxe.platform import CISCO_IOSXE
from provisioning.platforms.linux_cpe.platform import LINUX_CPE
from provisioning.platforms.router_platform import RouterPlatform

ROUTERS: Mapping[str, RouterPlatform] = {each.name: each for each in (LINUX_CPE, CISCO_IOSXE)}
"""By name."""
