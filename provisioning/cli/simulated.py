"""The simulator of a call, and the names of what is in it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from provisioning.cli import surroundings
from provisioning.cli.options import COMPLETED, describe
from provisioning.errors import ProvisoError, UnknownName

if TYPE_CHECKING:
    from provisioning.stands.simulator.client import Client

LONGEST_HOST = 255
"""Characters of a host's name (RFC 1035, 2.3.4)."""


def find_client() -> "Client":
    """Return the simulator of this call, up or not: it has a folder in the state directory."""
    from provisioning.stands.simulator import folder
    from provisioning.stands.simulator.client import Client

    return Client(surroundings.settings().state / folder.NAME)


def need_host(name: str) -> None:
    """Refuse what cannot be the name of a host.

    Raises:
        UnknownName: when it is longer than any.
    """
    if len(name) > LONGEST_HOST:
        raise UnknownName(
            f"nothing in the simulator is called `{name[:LONGEST_HOST]}…`",
            where="simulator",
            remedy="`proviso simulator status` lists what there is.",
        )


def complete_host(incomplete: str) -> Iterator[str]:
    """Yield the hosts and ONTs of the simulator that begin so."""
    with suppress(ProvisoError):
        status = find_client().ask("status")
        names = [each["name"] for each in status["hosts"]] + [each["serial"] for each in status["onts"]]
        yield from [each for each in names if each.startswith(incomplete)][:COMPLETED]


def complete_fault(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds of faults that begin so, with their meaning."""
    from provisioning.stands.simulator.faults import MEANING

    return ((kind.value, describe(says)) for kind, says in MEANING.items() if kind.value.startswith(incomplete))
