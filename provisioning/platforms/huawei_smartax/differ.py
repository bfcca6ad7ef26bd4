"""From what an ONT has to what it shall have, and back. An OLT has no revert timer: the inverse is held by the run.

The order is such that whoever dies on the way leaves the customer as before, or cut off cleanly: a service-port comes
last on and first off. After that, planning anew from what is in force reaches the end, or the beginning.
"""

import difflib
from collections.abc import Iterator

from provisioning.errors import DeviceRefused
from provisioning.model.change import Difference
from provisioning.model.ont import AccessRunning, OntChange, OntScope, OntService
from provisioning.platforms.huawei_smartax import commands
from provisioning.platforms.huawei_smartax.digest import service_digest, service_text
from provisioning.platforms.huawei_smartax.redaction import masked
from provisioning.platforms.huawei_smartax.shared import additions

PLATFORM = "huawei_smartax"


def plan_ont(running: AccessRunning, wanted: OntService | None, *, line: str | None = None) -> OntChange:
    """Return how one ONT gets what is wanted, and how it gets back.

    Args:
        running: what is in force there, and what the OLT shares.
        wanted: None: no ONT.
        line: whose ONT it is; needed where `wanted` is None, so that nobody else's is removed.

    Raises:
        DeviceRefused: when the id is another line's, when the serial is registered elsewhere on the OLT, when a shared
            object under our name holds something else, or when others made things on this ONT that would be lost.
        CannotEncode: when something there, or wanted there, cannot be written as a command.
    """
    if wanted is None and line is None:
        raise ValueError("say whose ONT is to be removed")
    scope, before = running.scope, running.service
    _refuse_what_is_not_ours(running, wanted, wanted.line if wanted else line)
    steps = tuple(_steps(scope, before, wanted, running.service_port_index))
    added = additions(wanted, running.shared, scope.olt) if wanted else ()
    back = tuple(_steps(scope, wanted, before, running.service_port_index)) if steps else ()
    return OntChange(
        scope=scope,
        platform=PLATFORM,
        before=before,
        after=wanted,
        base=service_digest(before),
        wanted=service_digest(wanted),
        differences=tuple(differences(before, wanted, added)),
        commands=_in_configuration_mode((*added, *steps)),
        rollback=_in_configuration_mode(back),
    )


def _refuse_what_is_not_ours(running: AccessRunning, wanted: OntService | None, line: str | None) -> None:
    before, where = running.service, str(running.scope)
    if wanted is not None and wanted.service_port and not (wanted.vlan and wanted.user_vlan):
        raise ValueError("a service-port has a VLAN on both sides")
    if before is not None and before != wanted:
        same_ont = wanted is not None and wanted.serial == before.serial
        if before.line != line and not same_ont:
            raise DeviceRefused(
                f"this id is taken by {before.serial}, described `{before.line}`",
                where=where,
                remedy="Look whose it is; then choose another id, or remove it by hand.",
            )
        if before.others:
            raise DeviceRefused(
                f"there is more on this ONT than Proviso made: {masked('; '.join(before.others))[:300]}",
                where=where,
                remedy="It would be lost, and could not be brought back. Remove it by hand first.",
            )
    if wanted is not None and running.elsewhere and (before is None or before.serial != wanted.serial):
        raise DeviceRefused(
            f"{wanted.serial} is registered already at {', '.join(map(str, running.elsewhere))}",
            where=where,
            remedy="Cease or move the line that it belongs to, or look whether the serial is right.",
        )


def _steps(scope: OntScope, before: OntService | None, after: OntService | None, index: int | None) -> Iterator[str]:
    if before == after:
        return
    if before is not None and after is not None and before.serial == after.serial:
        yield from _modify(scope, before, after, index)
        return
    inside = []
    if before is not None:
        if before.service_port:
            yield commands.remove_service_ports(scope)
        inside.append(commands.delete_ont(scope))
    if after is not None:
        inside += [commands.add_ont(scope, after)]
        if after.user_vlan:
            inside.append(commands.native_vlan(scope, after.user_vlan))
        if not after.active:
            inside.append(commands.activate_ont(scope, False))
    yield from _inside_board(scope, inside)
    if after is not None and after.service_port:
        yield commands.add_service_port(scope, after)


def _modify(scope: OntScope, before: OntService, after: OntService, index: int | None) -> Iterator[str]:
    rates_differ = (before.down_table, before.up_table) != (after.down_table, after.up_table)
    can_swap = index is not None and all((before.down_table, before.up_table, after.down_table, after.up_table))
    stays = (
        before.service_port
        and after.service_port
        and (before.line_profile, before.vlan, before.user_vlan) == (after.line_profile, after.vlan, after.user_vlan)
        and (can_swap or not rates_differ)
    )
    if before.service_port and not stays:
        yield commands.remove_service_ports(scope)
    yield from _inside_board(scope, list(_modify_ont(scope, before, after)))
    if after.service_port and not stays:
        yield commands.add_service_port(scope, after)
    elif stays and rates_differ and index is not None:
        yield commands.change_rates(index, after)


def _modify_ont(scope: OntScope, before: OntService, after: OntService) -> Iterator[str]:
    if before.line_profile != after.line_profile:
        yield commands.modify_ont(scope, "ont-lineprofile-name", after.line_profile)
    if before.service_profile != after.service_profile:
        yield commands.modify_ont(scope, "ont-srvprofile-name", after.service_profile)
    if before.line != after.line:
        yield commands.modify_ont(scope, "desc", after.line)
    if before.user_vlan != after.user_vlan:
        yield commands.native_vlan(scope, after.user_vlan)
    if before.active != after.active:
        yield commands.activate_ont(scope, after.active)


def _inside_board(scope: OntScope, inside: list[str]) -> Iterator[str]:
    if inside:
        yield commands.enter_board(scope)
        yield from inside
        yield commands.QUIT


def _in_configuration_mode(steps: tuple[str, ...]) -> tuple[str, ...]:
    return (commands.CONFIG, *steps, commands.QUIT) if steps else ()


def differences(
    before: OntService | None, after: OntService | None, added: tuple[str, ...] = ()
) -> Iterator[Difference]:
    """Yield how what an ONT has differs from what it shall have, secrets masked.

    Args:
        added: commands that add what the OLT lacks of what its ONTs share.
    """
    if added:
        yield Difference("shared by the OLT", "\n".join(f"+{each}" for each in added))
    old, new = service_text(before), service_text(after)
    if old != new:
        shown_old, shown_new = masked(old), masked(new)
        lines = difflib.unified_diff(
            shown_old.splitlines(),
            shown_new.splitlines(),
            "ont in force" if before else "no ont",
            "ont wanted" if after else "no ont",
            lineterm="",
            n=8,
        )
        yield Difference("ont", "\n".join(lines), secret=shown_old == shown_new)
