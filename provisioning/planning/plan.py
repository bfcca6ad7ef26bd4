"""Plans the change of one router: `plan(running, config) -> Change`."""

from provisioning.model.change import Change
from provisioning.model.config import Config
from provisioning.model.device import Running
from provisioning.planning.difference import differences
from provisioning.platforms.router_platform import Way
from provisioning.platforms.routers import ROUTERS

SCOPE = "the whole router"


def plan(device: str, running: Running, config: Config, *, seconds: int, assumed: bool = False) -> Change:
    """Return what has to happen to a router.

    Args:
        device: its serial.
        running: what is in force.
        config: what is wanted.
        seconds: the revert timer.
        assumed: whether `running` is a guess, because the router did not answer.
    """
    platform = ROUTERS[config.platform]
    before = {name: platform.comparable(name, text) for name, text in running.documents.items()}
    after = {each.name: platform.comparable(each.name, each.reveal()) for each in config.documents}
    found = differences(
        platform.order,
        before,
        after,
        {name: platform.mask(name, text) for name, text in before.items()},
        {each.name: platform.comparable(each.name, each.shown) for each in config.documents},
    )
    wanted = platform.digest_of(config)
    # To look for the way is what takes longest, and there is none to a place where one stands.
    way = platform.way(running, config, seconds) if running.digest != wanted else Way((), ())
    return Change(
        device=device,
        platform=config.platform,
        scope=SCOPE,
        base=running.digest,
        wanted=wanted,
        config=config,
        differences=tuple(found),
        commands=way.commands,
        rollback=way.rollback,
        patch=way.patch,
        assumed=assumed,
    )
