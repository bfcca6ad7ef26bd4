"""How a router is brought to what is wanted: its helper takes the whole set of documents, and keeps the way back."""

from provisioning.model.config import Config
from provisioning.model.device import Running
from provisioning.platforms.linux_cpe.digest import config_digest
from provisioning.platforms.router_platform import Way

HELPER = "proviso-helper"


def way(running: Running, config: Config, seconds: int) -> Way:
    """Return the helper's commands.

    Args:
        running: what is in force.
        config: what is wanted.
        seconds: the revert timer.
    """
    digest = config_digest(config)
    return Way(
        commands=(
            f"{HELPER} stage",
            f"{HELPER} apply {seconds} {running.digest} {digest}",
            f"{HELPER} confirm {digest}",
        ),
        rollback=(f"{HELPER} abandon",),
    )
