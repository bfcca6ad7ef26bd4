"""The platforms of routers that Proviso configures."""

from collections.abc import Mapping

from provisioning.platforms.cisco_iosxe.ios_line import IosLine
from provisioning.platforms.cisco_iosxe.platform import CISCO_IOSXE
from provisioning.platforms.linux_cpe.cpe_line import CpeLine
from provisioning.platforms.linux_cpe.platform import LINUX_CPE
from provisioning.platforms.router_platform import RouterPlatform

AnyPlatform = RouterPlatform[CpeLine] | RouterPlatform[IosLine]

ROUTERS: Mapping[str, AnyPlatform] = {LINUX_CPE.name: LINUX_CPE, CISCO_IOSXE.name: CISCO_IOSXE}
"""By name."""
