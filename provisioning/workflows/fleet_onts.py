"""Which ONTs a look at many lines is about: of lines on fibre, where they hang, and what they shall have."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from provisioning.errors import ProvisoError, cause_of
from provisioning.fleet.olts import OntTarget
from provisioning.model.intent import AddressedIntent
from provisioning.model.ont import OntSeen
from provisioning.platforms.huawei_smartax.wanted import ont_scope, wanted_service
from provisioning.store.delivered import delivered_line
from provisioning.store.selection import MOST_NAMES, SelectedDevice, Selection, select_devices
from provisioning.workflows.intended_line import intended_line
from provisioning.workflows.open_olt import need_olt, open_olt
from provisioning.workflows.surroundings import Surroundings


def delivered_onts(devices: Sequence[SelectedDevice], around: Surroundings) -> list[OntTarget]:
    """Return the ONTs of those lines that have one, where they hang now: what a backup is taken of.

    Args:
        devices: the lines' routers.
    """
    found = []
    for line in _with_ont(devices, around):
        addressed = _delivered(line, around)
        scope = ont_scope(addressed) if addressed is not None else None
        if scope is not None:
            found.append(OntTarget(line, scope))
    return found


def intended_onts(devices: Sequence[SelectedDevice], around: Surroundings) -> list[OntTarget]:
    """Return the ONTs of those lines that have one, as their orders want them: what drift is looked for in.

    Args:
        devices: the lines' routers.
    """
    found = []
    for line in _with_ont(devices, around):
        with suppress(ProvisoError):  # whoever holds the line against its order tells what is wrong with that
            addressed = intended_line(line, around).addressed
            scope = ont_scope(addressed)
            if scope is not None:
                wanted = wanted_service(addressed, need_olt(scope.olt, around))
                found.append(OntTarget(line, scope, wanted))
    return found


def look_at_ont(line: str, around: Surroundings) -> OntSeen | None:
    """Return what a line's OLT says of its ONT, as that was delivered last; None for a line without one."""
    addressed = _delivered(line, around)
    scope = ont_scope(addressed) if addressed is not None else None
    if scope is None:
        return None
    try:
        node = open_olt(scope.olt, around)
        try:
            return OntSeen(scope, node.fetch(scope, None))
        finally:
            node.close()
    except ProvisoError as error:
        return OntSeen(scope, None, cause_of(error), str(error))


def _with_ont(devices: Sequence[SelectedDevice], around: Surroundings) -> Iterator[str]:
    """Yield those lines that have an ONT, in the order of the devices."""
    names = [each.line for each in devices]
    with around.store.read() as connection:
        there = {
            each.line
            for first in range(0, len(names), MOST_NAMES)
            for each in select_devices(
                connection, Selection(kind="ont", lines=tuple(names[first : first + MOST_NAMES]))
            )
        }
    return (each for each in names if each in there)


def _delivered(line: str, around: Surroundings) -> AddressedIntent | None:
    """Return what a line was delivered as last; of one that was taken in as it stood, what it is meant to be."""
    with around.store.read() as connection:
        found = delivered_line(connection, line)
    if found is not None:
        return found.addressed
    try:
        return intended_line(line, around).addressed
    except ProvisoError:
        return None
