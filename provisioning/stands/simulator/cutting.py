"""What the daemon does when somebody asks it to cut a router's bearer, or to heal it."""

from typing import Any

from provisioning.errors import BadInput
from provisioning.stands.simulator.cables import HasBearers, bearer_named
from provisioning.stands.simulator.packets import BEARERS
from provisioning.stands.simulator.world import World


def cut(world: World, request: dict[str, Any]) -> dict[str, Any]:
    """Cut a bearer of a router.

    Raises:
        BadInput: when it is no router, no bearer, or no kind of cut.
        UnknownName: when nothing is called so.
    """
    name, router = _router(world, str(request["host"]))
    router.cut_bearer(str(request["bearer"]), str(request["kind"]))
    return {"host": name, "cuts": router.cut_bearers()}


def heal(world: World, request: dict[str, Any]) -> dict[str, Any]:
    """Let a bearer of a router be whole again; all of them when none is named.

    Raises:
        BadInput: when it is no router, or no bearer.
        UnknownName: when nothing is called so.
    """
    name, router = _router(world, str(request["host"]))
    wanted = request.get("bearer")
    for each in BEARERS if wanted is None else (bearer_named(str(wanted)),):
        if each in router.cut_bearers():
            router.heal_bearer(each)
    return {"host": name, "cuts": router.cut_bearers()}


def cuts_of(host: object) -> dict[str, str]:
    """Return how the bearers of a host are cut, by name; nothing where it has none."""
    return host.cut_bearers() if isinstance(host, HasBearers) else {}


def _router(world: World, called: str) -> tuple[str, HasBearers]:
    host = world.named(called)
    if not isinstance(host, HasBearers):
        raise BadInput(
            "it has no bearers to cut", where=host.name, remedy="Name a router; `proviso simulator status` lists them."
        )
    return host.name, host
