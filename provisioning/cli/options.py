"""Options and arguments that several commands share, and what completes them."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from provisioning.cli.shell_words import Fitting, is_quoted
from provisioning.errors import ProvisoError

# Zsh evaluates what describes a completion, so nothing of a shell may be left in it.
COMPLETED = 200
"""At most so many ids at once: a shell asks before it shows more."""

_NOT_PLAIN = re.compile(r"[^\w .,&()+-]")
_NOT_A_WORD = re.compile(r"[ &()]")


def describe(text: str) -> str:
    """Return what somebody wrote as the description of a completion, with nothing in it that a shell would run."""
    return _NOT_PLAIN.sub("_", text)


def words(texts: Iterable[str], incomplete: str) -> Iterator[str]:
    """Yield the texts that begin so as a shell takes them as one word each.

    Bash puts a word on the command line as it is, where others quote it themselves; behind an open quote it needs
    nothing more. What a shell might run is left out: whoever means it types it.
    """
    bare = os.environ.get("_PROVISO_COMPLETE") == "complete_bash" and not is_quoted(os.environ)
    for each in texts:
        if each.startswith(incomplete) and _NOT_PLAIN.search(each) is None:
            yield Fitting(_NOT_A_WORD.sub(r"\\\g<0>", each)) if bare else each


def complete_line(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the lines whose id begins so, with their customers."""
    from provisioning.cli.surroundings import glance

    with suppress(ProvisoError), glance() as store:
        for line, customer in store.complete_line(incomplete, limit=COMPLETED):
            yield line, describe(customer)


def complete_run(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the latest runs whose id begins so, with their orders."""
    from provisioning.cli.surroundings import glance

    with suppress(ProvisoError), glance() as store:
        for run, order, state in store.complete_run(incomplete, limit=COMPLETED):
            yield run, describe(f"{order} {state}")


def complete_customer(incomplete: str) -> Iterator[str]:
    """Yield the customers whose name begins so."""
    from provisioning.cli.surroundings import glance

    with suppress(ProvisoError), glance() as store:
        yield from words(store.complete_customer(incomplete, limit=COMPLETED), incomplete)


def complete_night(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the latest runs over the fleet whose id begins so, with when they began."""
    from provisioning.cli.surroundings import glance

    with suppress(ProvisoError), glance() as store:
        for night, began in store.complete_night(incomplete, limit=COMPLETED):
            yield night, describe(began)


def complete_drill(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the latest drills whose id begins so, with their lines."""
    from provisioning.cli.surroundings import glance

    with suppress(ProvisoError), glance() as store:
        for drill, line, state in store.complete_drill(incomplete, limit=COMPLETED):
            yield drill, describe(f"{line} {state}")


def complete_announcement(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the latest announcements of drills that stand, whose number begins so, with their lines."""
    from provisioning.cli.surroundings import glance

    with suppress(ProvisoError), glance() as store:
        for number, line, opens in store.complete_announcement(incomplete, limit=COMPLETED):
            yield number, describe(f"{line} {opens}")


def complete_incident(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the latest incidents whose id begins so, with their lines."""
    yield from _incidents(incomplete, only_open=False)


def complete_open_incident(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the open incidents whose id begins so, with their lines."""
    yield from _incidents(incomplete, only_open=True)


def _incidents(incomplete: str, *, only_open: bool) -> Iterator[tuple[str, str]]:
    from provisioning.cli.surroundings import glance

    with suppress(ProvisoError), glance() as store:
        for incident, line, priority in store.complete_incident(incomplete, only_open=only_open, limit=COMPLETED):
            yield incident, describe(f"{line} {priority}")


def complete_request(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the latest change requests whose id begins so, with their references."""
    from provisioning.cli.surroundings import glance

    with suppress(ProvisoError), glance() as store:
        for request, reference, state in store.complete_request(incomplete, limit=COMPLETED):
            yield request, describe(f"{reference} {state}")


def complete_pool(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the pools whose name begins so, with their extent."""
    from provisioning.cli.surroundings import surroundings
    from provisioning.store import pools

    try:
        with surroundings().store.read() as connection:
            for stored in pools.list_pools(connection):
                if stored.pool.name.startswith(incomplete):
                    yield stored.pool.name, stored.pool.prefix
    except ProvisoError:
        return


def complete_platform(incomplete: str) -> Iterator[str]:
    """Yield the platforms of routers that begin so."""
    from provisioning.devices.open_router import PLATFORMS

    yield from (each for each in PLATFORMS if each.startswith(incomplete))


def complete_role(incomplete: str) -> Iterator[str]:
    """Yield the roles that begin so."""
    from provisioning.model.intent import Role

    return (role.value for role in Role if role.value.startswith(incomplete))


def complete_formula(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the formulas whose identifier begins so, with their names."""
    from provisioning.catalogue import FORMULAS

    return ((each.identifier, each.name) for each in FORMULAS.values() if each.identifier.startswith(incomplete))


JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="Order form, YAML or JSON; `-` reads it from standard input.")
]
FilesArgument = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", help="Order forms, or folders of them; `-` reads one from standard input."),
]
LinesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="LINE", help="Only these lines.", autocompletion=complete_line)
]
FormulasOption = Annotated[
    list[str] | None,
    typer.Option("--formula", metavar="FORMULA", help="Only lines of this formula.", autocompletion=complete_formula),
]
PlatformsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--platform", metavar="PLATFORM", help="Only routers of this platform.", autocompletion=complete_platform
    ),
]
CustomersOption = Annotated[
    list[str] | None,
    typer.Option("--customer", metavar="NAME", help="Only lines of this customer.", autocompletion=complete_customer),
]
LineArgument = Annotated[str, typer.Argument(metavar="LINE", help="Id of the line.", autocompletion=complete_line)]
RequestArgument = Annotated[
    str, typer.Argument(metavar="ID", help="Id of the request.", autocompletion=complete_request)
]
PoolArgument = Annotated[str, typer.Argument(metavar="POOL", help="Name of the pool.", autocompletion=complete_pool)]
