"""What the ordered router cannot be told: judged when an order is accepted, not when a technician stands before it."""

from collections.abc import Iterator
from dataclasses import replace

from provisioning.errors import CannotEncode
from provisioning.model.finding import Finding
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import PLACEHOLDER
from provisioning.orders import codes
from provisioning.workflows.surroundings import Surroundings


def router_can_be_told(addressed: AddressedIntent, around: Surroundings) -> Iterator[Finding]:
    """Yield the first thing of a line that its router cannot be told, such as an SSID or too many mapped ports.

    Raises:
        UnreadableProject: when the operator's file cannot be used.
    """
    from provisioning.platforms.routers import ROUTERS

    cpe, wifi = addressed.intent.cpe, addressed.intent.wifi
    if cpe is None or cpe.platform not in ROUTERS:
        return
    key = around.secrets.read(wifi.key_from) if wifi is not None and wifi.key_from is not None else None
    secrets = PLACEHOLDER if key is None else replace(PLACEHOLDER, wifi_key=key)
    try:
        for _ in ROUTERS[cpe.platform].placed(addressed, around.operator, secrets):
            pass  # to compute the values of a document is to encode them
    except CannotEncode as error:
        yield codes.ROUTER_LIMIT.at(
            error.where,
            f"A router of the platform {cpe.platform} cannot be told it: {error.what}.",
            error.remedy,
        )
