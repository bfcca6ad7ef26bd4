"""The fibre plant: which ONTs there are, where they hang, and what each may pass.

What a fibre is plugged into nobody simulates: an ONT comes up on whichever port it is authorised on, and hangs there,
as a real one would, until its registration goes. Until then it is seen where it is said to wait, else on every port.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Passing:
    """What an ONT may pass.

    Attributes:
        serial: of the ONT.
        olt: name of the OLT that it hangs on.
        port: frame/slot/port there.
        down: Mbit/s towards the customer; None where no traffic table limits it.
        up: Mbit/s from the customer.
    """

    serial: str
    olt: str
    port: str
    down: float | None
    up: float | None


Listener = Callable[[Passing | None, str], None]
"""Told an ONT's serial, second, whenever what it may pass changes; first what it may pass now, None for nothing."""


@dataclass(slots=True)
class Fibre:
    """The ONTs, and what each may pass as the OLTs say.

    Attributes:
        onts: serials of those that have power and light.
        unplugged: serials of those that have not.
        passing: what each ONT may pass; those that may pass nothing are not in it.
        listeners: told of changes.
        waits: OLT and port where an ONT is seen before it is authorised anywhere.
    """

    onts: set[str] = field(default_factory=set)
    unplugged: set[str] = field(default_factory=set)
    passing: dict[str, Passing] = field(default_factory=dict)
    listeners: list[Listener] = field(default_factory=list)
    waits: dict[str, tuple[str, str]] = field(default_factory=dict)
    _hangs: dict[str, tuple[str, str]] = field(default_factory=dict)
    _light: list[Callable[[], None]] = field(default_factory=list)

    def is_lit(self, serial: str) -> bool:
        """Return whether an ONT has power and light."""
        return serial in self.onts and serial not in self.unplugged

    def hang(self, serial: str, olt: str, port: str) -> bool:
        """Let an ONT come up on a port where it is authorised; return whether it does: it hangs on one only."""
        if not self.is_lit(serial):
            return False
        return self._hangs.setdefault(serial, (olt, port)) == (olt, port)

    def leave(self, serial: str, olt: str, port: str) -> None:
        """Let an ONT go from a port where it is authorised no more."""
        if self._hangs.get(serial) == (olt, port):
            del self._hangs[serial]

    def seen(self, olt: str, port: str) -> list[str]:
        """Return the ONTs that have light on a port, whether authorised there or not."""
        here = (olt, port)
        return sorted(each for each in self.onts - self.unplugged if self._place(each, here) == here)

    def _place(self, serial: str, otherwise: tuple[str, str]) -> tuple[str, str]:
        return self._hangs.get(serial) or self.waits.get(serial, otherwise)

    def plug(self, serial: str, *, plugged: bool) -> None:
        """Give an ONT light or take it away; the OLTs are told."""
        (self.unplugged.discard if plugged else self.unplugged.add)(serial)
        for told in self._light:
            told()

    def watch_light(self, told: Callable[[], None]) -> None:
        """Have an OLT told when an ONT gains or loses light."""
        self._light.append(told)

    def let_pass(self, serial: str, passing: Passing | None) -> None:
        """State what an ONT may pass from now on; the listeners are told of a change."""
        if self.passing.get(serial) == passing:
            return
        if passing is None:
            del self.passing[serial]
        else:
            self.passing[serial] = passing
        for listener in self.listeners:
            listener(passing, serial)
