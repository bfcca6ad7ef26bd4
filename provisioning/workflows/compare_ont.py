"""Holding what an OLT has for a line's ONT against what the line is meant to have there, changing nothing."""

from dataclasses import dataclass, replace

from provisioning.backups.withhold import suspicious_texts, withhold, withhold_from
from provisioning.errors import DeviceRefused
from provisioning.model.change import Difference
from provisioning.model.intent import AddressedIntent
from provisioning.model.ont import AccessRunning, OntSeen, OntService
from provisioning.platforms.backup_readers import ONT
from provisioning.platforms.huawei_smartax.differ import differences, plan_ont
from provisioning.platforms.huawei_smartax.digest import service_text
from provisioning.platforms.huawei_smartax.redaction import masked
from provisioning.platforms.huawei_smartax.wanted import ont_scope, wanted_service
from provisioning.workflows.open_olt import need_olt
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class ComparedOnt:
    """How an ONT differs, secrets masked.

    Attributes:
        commands: what would bring it back, each with the name of its OLT before it.
        rollback: what would take that back.
    """

    differences: tuple[Difference, ...] = ()
    commands: tuple[str, ...] = ()
    rollback: tuple[str, ...] = ()


def compare_ont(addressed: AddressedIntent, seen: OntSeen | None, platform: str, around: Surroundings) -> ComparedOnt:
    """Return how the ONT of a line differs from what the line is meant to have; nothing for a line without one.

    Args:
        addressed: what the line is meant to be.
        seen: what its OLT says; None when nobody asked.
        platform: of the line's router.

    Raises:
        UnknownName: when the inventory does not have the OLT.
        UnreadableProject: when the inventory does not have the port.
    """
    scope = ont_scope(addressed)
    if scope is None:
        return ComparedOnt()
    wanted = wanted_service(addressed, need_olt(scope.olt, around))
    if seen is None or seen.running is None or wanted is None:
        return ComparedOnt()
    found = _compared(seen.running, wanted)
    suspicious = suspicious_texts(platform, {ONT: masked(service_text(seen.running.service))})
    return replace(
        found,
        differences=tuple(withhold(each, suspicious) for each in found.differences),
        commands=withhold_from(found.commands, suspicious),
    )


def _compared(running: AccessRunning, wanted: OntService) -> ComparedOnt:
    olt = running.scope.olt
    try:
        change = plan_ont(running, wanted)
    except DeviceRefused as error:
        # What stands there is somebody else's work: it drifts, and no command of ours may take it away.
        found = tuple(differences(running.service, wanted)) or (Difference("shared by the OLT", f"-{error.what}"),)
        return ComparedOnt(found, (f"{olt}: by hand, since {error.what}. {error.remedy}",))
    return ComparedOnt(
        change.differences,
        tuple(f"{olt}: {each}" for each in change.commands),
        tuple(f"{olt}: {each}" for each in change.rollback),
    )
