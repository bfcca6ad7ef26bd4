"""Plans the change of one router: `plan(running, config) -> Change`."""

from provisioning.model.change import Change
from provisioning.model.config import Config
from provisioning.model.device import Running
from provisioning.planning.difference import differences
from provisioning.platforms.linux_cpe.digest import ORDER, config_digest
from provisioning.platforms.linux_cpe.redaction import mask

SCOPE = "the whole router"
HELPER = "proviso-helper"


def plan(device: str, running: Running, config: Config, *, seconds: int, assumed: bool = False) -> Change:
    """Return what has to happen to a router.

    Args:
        device: its serial.
        running: what is in force.
        config: what is wanted.
        seconds: the revert timer.
        assumed: whether `running` is a guess, because the router did not answer.
    """
    wanted = {each.name: each.reveal() for each in config.documents}
    digest = config_digest(config)
    found = differences(
        ORDER,
        running.documents,
        wanted,
        {name: mask(name, text) for name, text in running.documents.items()},
        {each.name: each.shown for each in config.documents},
    )
    return Change(
        device=device,
        platform=config.platform,
        scope=SCOPE,
        base=running.digest,
        wanted=digest,
        config=config,
        differences=tuple(found),
        commands=(
            f"{HELPER} stage",
            f"{HELPER} apply {seconds} {running.digest} {digest}",
            f"{HELPER} confirm {digest}",
        ),
        rollback=(f"{HELPER} abandon",),
        assumed=assumed,
    )
