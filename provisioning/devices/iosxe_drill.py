"""Cutting the fixed bearer of a router with IOS-XE for a drill, and healing it.

The dead-man is the router's own: `configure terminal revert timer` goes back to the archived configuration when nobody
confirms, whatever becomes of us (Cisco IOS XE 17 System Management Configuration Guide, "Configuration Rollback
Confirmed Change"); nothing is saved, so a loss of power goes back as well.
"""

from provisioning.devices.iosxe_connection import IosxeDriver
from provisioning.devices.iosxe_look import Look, ask, look
from provisioning.devices.iosxe_merge import REPLACE_SECONDS, TO_SAVED, told_by_our_errors
from provisioning.errors import BadInput, DeviceRefused, ScopeBusy
from provisioning.model.bearer import Announced, BearerName, BearerReport, Cut, Network, in_order
from provisioning.platforms.cisco_iosxe.bearer_report import (
    COMMANDS,
    NEIGHBOURS,
    announced_to,
    bearer_report,
    bearers_of,
)
from provisioning.platforms.cisco_iosxe.drill_mark import CUTS, cut_lines
from provisioning.platforms.cisco_iosxe.names import FIXED_BEARER
from provisioning.platforms.cisco_iosxe.parsing.announced import shown_announced
from provisioning.platforms.cisco_iosxe.parsing.bearers import shown_neighbours
from provisioning.platforms.cisco_iosxe.parsing.rollback_timer import TIMER, shown_timer

LONGEST_SECONDS = 120 * 60
"""Of the timer."""


def report(router: IosxeDriver) -> BearerReport:
    """Return what a router says of its bearers, in one round trip.

    Raises:
        AnswerNotUnderstood: when an answer cannot be read.
        DeviceUnreachable: when the connection is lost, or an answer takes too long.
    """
    answers = dict(zip(COMMANDS, router.device.ask_all(COMMANDS), strict=True))
    return ask(router, "", lambda _nothing: bearer_report(answers))


def announced(router: IosxeDriver) -> Announced:
    """Return what a router tells the BGP neighbours of each bearer.

    Raises:
        AnswerNotUnderstood: when an answer cannot be read.
        DeviceUnreachable: when the connection is lost, or an answer takes too long.
    """
    told: dict[BearerName, list[Network]] = {each: [] for each in BearerName}
    for address, bearer in bearers_of(ask(router, NEIGHBOURS, shown_neighbours)).items():
        told[bearer] += ask(router, announced_to(address), shown_announced)
    return {bearer: in_order(networks) for bearer, networks in told.items()}


def begin(router: IosxeDriver, token: str, cut: Cut, *, seconds: int) -> None:
    """Have a router shut its fixed bearer, under its timer.

    Asked again with the same token, it changes nothing, but for finishing what was cut off before the bearer was shut.

    Raises:
        BadInput: when the timer cannot run so long.
        CannotEncode: when the token is none that the router can keep.
        DeviceRefused: when another drill, or a change, is at work there, it cannot make such a cut, or sets no timer.
        DeviceUnreachable: when the connection is lost; the timer runs if it was set.
    """
    lines = cut_lines(token)
    if cut not in CUTS:
        raise DeviceRefused(
            f"it cannot cut its bearer by `{cut}`",
            where=router.where,
            remedy=f"This platform can do: {', '.join(sorted(CUTS))}.",
        )
    if not 0 < seconds <= LONGEST_SECONDS:
        raise BadInput(
            f"its timer cannot run for {seconds} s", where=router.where, remedy=f"1 to {LONGEST_SECONDS} seconds."
        )
    found = look(router)
    if found.drill == token:
        if not found.bearer_is_shut and found.timer is not None:
            router.device.configure(lines)
        return
    _require_rest(router, found)
    minutes = -(-seconds // 60)
    with told_by_our_errors(router):
        router.device.config_mode(f"configure terminal revert timer {minutes}")
        # No bearer is shut before the router says itself that it will go back.
        if ask(router, f"do {TIMER}", shown_timer) is None:
            router.device.exit_config_mode()
            raise DeviceRefused(
                "it set no timer, so nothing was cut",
                where=router.where,
                remedy="`proviso device bootstrap` switches its archive on.",
            )
        router.device.enter(lines)


def end(router: IosxeDriver, token: str) -> None:
    """Have a router heal its fixed bearer now; asked again, or with a token that it does not know, it changes nothing.

    Raises:
        DeviceRefused: when the bearer is cut still.
        DeviceUnreachable: when the connection is lost; it heals when its timer is over.
    """
    found = look(router)
    if found.drill != token:
        return
    if found.timer is not None:
        with told_by_our_errors(router):
            router.rollback()
        found = look(router)
    if found.drill == token and found.timer is None:
        # The router aborted on its way back, or somebody confirmed the cut: what it starts with has none.
        router.ask(TO_SAVED, seconds=REPLACE_SECONDS)
        found = look(router)
    if found.drill == token:
        raise DeviceRefused(
            "its fixed bearer is cut still",
            where=router.where,
            remedy=f"Look at the router: `no shutdown` below `interface {FIXED_BEARER}`.",
        )


def require_no_drill(router: IosxeDriver, found: Look) -> None:
    """Refuse to change a router whose bearer is cut for a drill.

    Raises:
        ScopeBusy: when one is at work.
    """
    if found.drill is not None:
        raise ScopeBusy(
            f"the drill `{found.drill}` has its fixed bearer cut",
            where=router.where,
            remedy="Wait until the drill is over; its timer ends it at the latest.",
        )


def _require_rest(router: IosxeDriver, found: Look) -> None:
    if found.drill is not None:
        raise DeviceRefused(
            f"the drill `{found.drill}` has its fixed bearer cut", where=router.where, remedy="Wait until it is over."
        )
    if found.timer is not None:
        raise DeviceRefused(
            f"a change of `{found.timer.user}` waits there to be confirmed",
            where=router.where,
            remedy="Wait until it is confirmed, or went back.",
        )
    if found.unsaved:
        raise DeviceRefused(
            "what is in force there is not saved, so a loss of power in the drill would lose it",
            where=router.where,
            remedy="Confirm the change, or save it with `write memory`, and try again.",
        )
