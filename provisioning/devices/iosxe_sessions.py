"""Ends sessions on a router with IOS-XE, as far as it can end one without others."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network

from provisioning.devices.iosxe_connection import IosxeDriver
from provisioning.devices.iosxe_look import ask
from provisioning.errors import DeviceRefused
from provisioning.model.intent import AddressedIntent
from provisioning.model.live_session import EndedSessions, LiveSession, sessions_to_end
from provisioning.model.opening import Opening
from provisioning.platforms.cisco_iosxe.names import INSIDE, OUTSIDE
from provisioning.platforms.cisco_iosxe.parsing.sessions import (
    SESSIONS,
    TRANSLATIONS,
    clear_translation,
    clear_zone_pair,
    shown_sessions,
    shown_translations,
)


def end_sessions(router: IosxeDriver, closed: Sequence[Opening], addressed: AddressedIntent) -> EndedSessions:
    """End the sessions that came in by openings which are closed now, and no others.

    A translated session is ended by itself. Of those that are not translated the platform ends all that came in from
    outside, or none: they are ended where no other session is among them, and stay until they have been idle for long
    enough where there is one.

    Raises:
        DeviceRefused: when it does not know a command.
    """
    translated = ask(router, TRANSLATIONS, shown_translations)
    ended = sessions_to_end(translated, closed, addressed)
    for each in ended:
        _clear(router, clear_translation(each))
    inwards = [each for each in ask(router, SESSIONS, shown_sessions) if _is_inside(each, addressed)]
    gone = {_key(each) for each in ended}
    direct = sessions_to_end(inwards, closed, addressed)
    others = [each for each in inwards if each not in direct and _key(each) not in gone]
    if not direct or others:
        return EndedSessions(len(ended), left=len(direct))
    _clear(router, clear_zone_pair(f"{OUTSIDE}-{INSIDE}".upper()))
    return EndedSessions(len(ended) + len(direct))


def _key(session: LiveSession) -> tuple[object, ...]:
    return session.protocol, session.source, session.source_port, session.host, session.host_port


def _is_inside(session: LiveSession, addressed: AddressedIntent) -> bool:
    """Return whether a session goes to the customer's side, so that it came in from outside."""
    half = addressed.ipv6.routed_half if addressed.ipv6 is not None else None
    lan = addressed.intent.lan.subnet if addressed.intent.lan is not None else None
    networks: list[IPv4Network | IPv6Network] = [*addressed.packs, *(each for each in (half, lan) if each is not None)]
    return any(session.host in each for each in networks)


def _clear(router: IosxeDriver, command: str) -> None:
    said = router.ask(command)
    if said.strip().startswith("%"):
        raise DeviceRefused(
            f"it does not end a session: {said.strip().splitlines()[0]}",
            where=router.where,
            remedy=f"Nothing else is in the way: end it by hand, `{command}`.",
        )
