"""A router with Cisco IOS-XE, by way of NAPALM's driver `ios`.

A change is merged under the router's own timer (Cisco IOS XE 17 System Management Configuration Guide, "Configuration
Rollback Confirmed Change"). What came of it is read back and compared, because the driver notices few refusals.
"""

from collections.abc import Sequence

from provisioning.devices.iosxe_connection import IosxeDriver
from provisioning.devices.iosxe_drill import announced, begin, end, report, require_no_drill
from provisioning.devices.iosxe_files import BEFORE
from provisioning.devices.iosxe_look import Look, ask, fetch, look
from provisioning.devices.iosxe_merge import (
    REPLACE_SECONDS,
    TO_SAVED,
    keep,
    merge,
    remove_files,
    require_wanted,
    take_back,
)
from provisioning.devices.iosxe_sessions import end_sessions
from provisioning.errors import DeviceMoved, DeviceRefused, DeviceUnreachable, OutcomeUnknown, ScopeBusy
from provisioning.model.bearer import Announced, BearerReport, Cut
from provisioning.model.change import Change
from provisioning.model.device import DeviceFacts, DeviceStatus, Running
from provisioning.model.intent import AddressedIntent
from provisioning.model.live_session import EndedSessions
from provisioning.model.opening import Opening
from provisioning.platforms.cisco_iosxe.drill_mark import CUTS
from provisioning.platforms.cisco_iosxe.parsing.facts import (
    ADDRESSES,
    ADDRESSES6,
    VERSION,
    shown_addresses,
    shown_version,
)

LONGEST_MINUTES = 120
"""Of the timer."""


class CiscoIosxe:
    """A router of the platform `cisco_iosxe`.

    Args:
        router: a session on it, in privileged mode.
        serial: of the router, for errors.
    """

    def __init__(self, router: IosxeDriver, serial: str) -> None:
        self._router = router
        self._serial = serial

    def facts(self) -> DeviceFacts:
        """Return what it says of itself; this works before it was made ready, too."""
        version = ask(self._router, VERSION, shown_version)
        addresses = self._router.ask(ADDRESSES)
        return DeviceFacts(
            serial=version.serial,
            hostname=version.hostname,
            uptime_seconds=version.uptime_seconds,
            versions={"ios-xe": version.release},
            helper="",
            addresses=ask(self._router, ADDRESSES6, lambda text: shown_addresses(addresses, text)),
        )

    def fetch(self) -> Running:
        """Return what is in force.

        Raises:
            AnswerNotUnderstood: when an answer was cut.
            DeviceUnreachable: when the connection is lost, or an answer takes too long.
        """
        return fetch(self._router)

    def status(self) -> DeviceStatus:
        """Return where it stands between two configurations.

        Confirmed is what it starts with. A change that was confirmed and not saved is in force, not pending, and not
        confirmed; `confirm` saves it.
        """
        return look(self._router).status

    def apply(self, change: Change, *, seconds: int) -> None:
        """Merge a change under the router's timer, and compare what came of it with what is wanted.

        The timer runs whole minutes: at least as long as is asked for, at most two hours. Once the router merges, the
        session may be lost: it goes on, and `status` tells what came of it.

        Raises:
            DeviceMoved: when what is in force is not what the change was computed from.
            DeviceRefused: when it refuses a line, or something else came of it; it went back then.
            OutcomeUnknown: when it did not go back.
            ScopeBusy: when another change waits there to be confirmed.
        """
        found = self._ready_for(change)
        if found.live == change.wanted:
            return
        if found.live != change.base:
            raise DeviceMoved(
                "what is in force is not what the change was computed from",
                where=self._serial,
                remedy="Plan again, from what is in force now.",
            )
        if found.unsaved:
            # A loss of power must take it back to where the timer does.
            self._router.device.save_config()
        try:
            self._merge(change, minutes=min(max(-(-seconds // 60), 1), LONGEST_MINUTES))
        except DeviceUnreachable:
            if not self._router.merging or self._router.refused:
                raise

    def confirm(self, digest: str) -> None:
        """Keep what is pending, and save it; asked again, it changes nothing.

        Raises:
            DeviceRefused: when something else is pending, or in force, or it does not save.
        """
        found = look(self._router)
        require_no_drill(self._router, found)
        if found.timer is not None:
            if not found.ours or found.live != digest:
                raise self._refused("something else waits there to be confirmed")
            keep(self._router)
            found = look(self._router)
        if found.timer is not None or found.live != digest:
            raise self._refused("it has gone back before it was confirmed")
        if self._remove_orphans(found) or found.unsaved:
            self._router.device.save_config()
        remove_files(self._router)

    def abandon(self) -> None:
        """Go back to what was confirmed last; asked again, it changes nothing.

        Raises:
            DeviceUnreachable: when the way to the router goes with what is taken back; it goes back nevertheless.
            ScopeBusy: when what is pending is somebody else's.
        """
        found = look(self._router)
        require_no_drill(self._router, found)
        if found.timer is not None:
            self._require_ours(found)
            found = take_back(self._router)
        elif found.unsaved and found.mark is not None and found.mark.base == found.confirmed:
            # Confirmed, and then cut off before it was saved; or aborted on the way back.
            self._router.ask(TO_SAVED, seconds=REPLACE_SECONDS)
            found = look(self._router)
        if found.unsaved:
            return  # what is left on it tells the next one whose change that is
        if self._remove_orphans(found):
            self._router.device.save_config()
        remove_files(self._router)

    def end_sessions(self, closed: Sequence[Opening], addressed: AddressedIntent) -> EndedSessions:
        """End the sessions that came in by openings which are closed now, and no others, as far as it can tell them.

        Raises:
            DeviceRefused: when it does not know a command.
        """
        return end_sessions(self._router, closed, addressed)

    # --- drills ---

    @property
    def cuts(self) -> frozenset[Cut]:
        """The kinds of cut that the platform can make."""
        return CUTS

    def bearers(self) -> BearerReport:
        """Return what it says of its bearers.

        Raises:
            AnswerNotUnderstood: when an answer cannot be read.
            DeviceUnreachable: when the connection is lost, or an answer takes too long.
        """
        return report(self._router)

    def announced(self) -> Announced:
        """Return what it tells the BGP neighbours of each bearer.

        Raises:
            AnswerNotUnderstood: when an answer cannot be read.
            DeviceUnreachable: when the connection is lost, or an answer takes too long.
        """
        return announced(self._router)

    def begin_drill(self, token: str, cut: Cut, *, seconds: int) -> None:
        """Have it shut its fixed bearer; its own timer, of whole minutes, ends that at the latest.

        Raises:
            BadInput: when its timer cannot run so long, or it cannot keep the token.
            DeviceRefused: when another drill, or a change, is at work there, it cannot make such a cut, or it sets no
                timer.
            DeviceUnreachable: when the connection is lost on the way.
        """
        begin(self._router, token, cut, seconds=seconds)

    def end_drill(self, token: str) -> None:
        """Have it heal its fixed bearer now; asked again, or with a token that it does not know, it changes nothing.

        Raises:
            DeviceRefused: when the bearer is cut still.
            DeviceUnreachable: when the connection is lost; it heals when its timer is over.
        """
        end(self._router, token)

    def close(self) -> None:
        """End the connection."""
        self._router.close()

    def _ready_for(self, change: Change) -> Look:
        """Return where it stands before a change; what was begun of the same one, and cut off, is taken back."""
        found = look(self._router)
        require_no_drill(self._router, found)
        if found.timer is None or (found.ours and found.live == change.wanted):
            return found
        self._require_ours(found)
        if found.mark is None or found.mark.wanted != change.wanted:
            raise ScopeBusy(
                "another change waits there to be confirmed",
                where=self._serial,
                remedy="Wait until it is confirmed, or went back.",
            )
        return take_back(self._router)

    def _merge(self, change: Change, *, minutes: int) -> None:
        try:
            merge(self._router, change, minutes=minutes)
            require_wanted(self._router, change, fetch(self._router))
        except DeviceRefused as refusal:
            if self._router.merging and self._stays(change):
                raise OutcomeUnknown(
                    f"{refusal.what}; and it did not go back", where=self._serial, remedy="Look at the router."
                ) from None
            remove_files(self._router)
            raise
        remove_files(self._router, BEFORE)

    def _stays(self, change: Change) -> bool:
        """Take it back, if it is not yet; return whether it stays where it is nevertheless."""
        found = look(self._router)
        if found.timer is not None or found.live != change.base:
            found = take_back(self._router)
        return found.live != change.base

    def _remove_orphans(self, found: Look) -> bool:
        """Remove SNMP users that have no rights any more; return whether there were any."""
        if found.orphans:
            self._router.device.configure(tuple(each.removal for each in found.orphans))
        return bool(found.orphans)

    def _require_ours(self, found: Look) -> None:
        if not found.ours and found.timer is not None:
            raise ScopeBusy(
                f"a change of `{found.timer.user}` waits there to be confirmed",
                where=self._serial,
                remedy="Wait until it is confirmed, or went back.",
            )

    def _refused(self, what: str) -> DeviceRefused:
        return DeviceRefused(what, where=self._serial, remedy="`proviso device facts` tells where it stands.")
