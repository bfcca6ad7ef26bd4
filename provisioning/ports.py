"""The seams to the outside, as protocols: what the product asks of the world, and nothing more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from provisioning.model.bearer import Announced, BearerReport, Cut
from provisioning.model.change import Change
from provisioning.model.device import DeviceFacts, DeviceStatus, Running
from provisioning.model.intent import AddressedIntent
from provisioning.model.live_session import EndedSessions
from provisioning.model.ont import AccessRunning, OntScope, OntService
from provisioning.model.opening import Opening
from provisioning.model.secret import Secret
from provisioning.model.verdict import Viewpoint


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC and aware of it."""
        ...


class Secrets(Protocol):
    """Knows secrets by the source that an order form names."""

    def read(self, source: str) -> Secret | None:
        """Return the secret of a source such as `env:NAME`; None when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Completed:
    """What became of a command on another machine."""

    code: int
    output: bytes
    complaints: str

    def __repr__(self) -> str:
        # What a device says may hold its secrets.
        return f"Completed({self.code})"


class Session(Protocol):
    """A way to run commands on another machine."""

    def run(self, command: str, *, given: bytes = b"", seconds: float = 30.0) -> Completed:
        """Run a command of that machine's shell, with `given` as its standard input.

        Raises:
            DeviceUnreachable: when the connection is lost or the answer takes longer.
        """
        ...

    def close(self) -> None:
        """End it; ending it twice changes nothing."""
        ...


class Device(Protocol):
    """A router that goes back by itself unless it is confirmed in time."""

    def facts(self) -> DeviceFacts:
        """Return what it says of itself."""
        ...

    def fetch(self) -> Running:
        """Return what is in force."""
        ...

    def status(self) -> DeviceStatus:
        """Return where it stands between two configurations."""
        ...

    def apply(self, change: Change, *, seconds: int) -> None:
        """Check the change on the device, start its revert timer, and begin to put the change in force.

        Asked again for the same change while that is pending, it changes nothing. The session may be lost on the way:
        `status`, on a fresh connection, tells when it is settled.

        Raises:
            DeviceMoved: when what is in force is not what the change was computed from.
            DeviceRefused: when a daemon's checker refuses a document, with its words; nothing was changed then.
        """
        ...

    def confirm(self, digest: str) -> None:
        """Keep what is pending; asked again, it changes nothing.

        Raises:
            DeviceRefused: when something else is pending, or confirmed.
        """
        ...

    def abandon(self) -> None:
        """Go back to what was confirmed last; asked again, it changes nothing."""
        ...

    def end_sessions(self, closed: Sequence[Opening], addressed: AddressedIntent) -> EndedSessions:
        """End the sessions that came in by openings which are closed now, and no others; done twice, it ends no more.

        Args:
            closed: that were taken away, or left to fewer.
            addressed: the line as it is now.
        """
        ...

    def close(self) -> None:
        """End the connection."""
        ...


class BackedUpRouter(Protocol):
    """A router with a mobile back-up, which can cut its own fixed bearer for a while (facts: I-6.1)."""

    @property
    def cuts(self) -> frozenset[Cut]:
        """The kinds of cut that its platform can make."""
        ...

    def bearers(self) -> BearerReport:
        """Return what it says of its bearers."""
        ...

    def announced(self) -> Announced:
        """Return what it tells the BGP neighbours of each bearer: asked apart, for only some want to know."""
        ...

    def begin_drill(self, token: str, cut: Cut, *, seconds: int) -> None:
        """Have the router cut its fixed bearer, and end that by itself after `seconds`, or when it loses power.

        Asked again with the same token, it changes nothing. The session may be lost on the way.

        Raises:
            DeviceRefused: when another drill is at work, a change is pending, or it cannot make such a cut.
        """
        ...

    def end_drill(self, token: str) -> None:
        """End the cut now; asked again, or with a token that it does not know, it changes nothing."""
        ...


class AccessNode(Protocol):
    """An OLT. It has no revert timer: whoever changes it holds the way back."""

    def fetch(self, scope: OntScope, wanted: OntService | None) -> AccessRunning:
        """Return what is in force in one scope, and what of the OLT `wanted` shares with others.

        Raises:
            AnswerNotUnderstood: when an answer makes no sense, or was cut.
            DeviceUnreachable: when the connection is lost, or an answer takes too long.
        """
        ...

    def run(self, lines: Sequence[str]) -> None:
        """Send commands, in order; what was done before one is refused stays.

        Raises:
            DeviceRefused: when one is refused, with it and the device's own words.
            AnswerNotUnderstood: when nobody can tell from an answer whether it was done.
            DeviceUnreachable: when the connection is lost, or an answer takes too long.
        """
        ...

    def save(self) -> None:
        """Have it keep what is in force over a loss of power. It cannot tell whether it did: in doubt, save again."""
        ...

    def find(self, serial: str) -> tuple[OntScope, ...]:
        """Return where on it a serial is registered."""
        ...

    def autofind(self, port: str) -> tuple[str, ...]:
        """Return the serials of the ONTs that shine on a port and are not registered."""
        ...

    def close(self) -> None:
        """End the connection; ending it twice changes nothing."""
        ...


class Vantage(Protocol):
    """A host from which a line is observed."""

    @property
    def name(self) -> str:
        """Its name in the inventory."""
        ...

    @property
    def viewpoint(self) -> Viewpoint:
        """Where it stands."""
        ...

    def probe(self, what: str, request: Mapping[str, object], *, seconds: float) -> Mapping[str, object]:
        """Make one observation there and return what was seen, as JSON knows it.

        Raises:
            VantageTrouble: when it cannot be made from there.
        """
        ...
