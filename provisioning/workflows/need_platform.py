"""Finding out that a router is of the platform that is expected, before anything is sent to it."""

from provisioning.errors import AnswerNotUnderstood, DeviceTimeout, ProvisoError, Refused
from provisioning.platforms.routers import ROUTERS
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings


def need_platform(serial: str, platform: str, around: Surroundings) -> None:
    """Ask a router who it is; of one that does not answer at all nothing is said.

    Args:
        serial: of a router at its staging address.
        platform: that it has to be of.

    Raises:
        Refused: when it answers as a router of another platform.
    """
    try:
        _facts(serial, platform, around)
    except (AnswerNotUnderstood, DeviceTimeout):
        other = next((each for each in ROUTERS if each != platform and _answers_as(each, serial, around)), None)
        if other is not None:
            raise Refused(
                f"this router is of the platform {other}, and the backup is of one of {platform}",
                where=serial,
                remedy=f"Name a router of the platform {platform}. One of {other} gets its configuration from an "
                "order of kind change that names it as the line's `cpe`.",
            ) from None
    except ProvisoError:
        # Whoever speaks to it next tells what is in the way.
        return


def _answers_as(platform: str, serial: str, around: Surroundings) -> bool:
    try:
        _facts(serial, platform, around)
    except ProvisoError:
        return False
    return True


def _facts(serial: str, platform: str, around: Surroundings) -> None:
    router = Router(serial, platform, None, Reach(around, prepare=False))
    try:
        router.facts()
    finally:
        router.close()
