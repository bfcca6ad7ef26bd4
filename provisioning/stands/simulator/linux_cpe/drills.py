"""What the helper of a simulated router tells of bearers, and its drills (docs/helper.md, "Bearers", "Drills")."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from provisioning.stands.simulator.cables import CutKind
from provisioning.stands.simulator.linux_cpe.failover import Failover
from provisioning.stands.simulator.linux_cpe.forwarding import INTERFACES
from provisioning.stands.simulator.linux_cpe.frr import Network
from provisioning.stands.simulator.linux_cpe.shell_types import Streams
from provisioning.stands.simulator.operator_side import NEIGHBOURS
from provisioning.stands.simulator.packets import BEARERS
from provisioning.stands.simulator.radio import RadioState

LONGEST = 3600


class Fail(Exception):
    """The helper refuses, with an exit code."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


class Machine(Protocol):
    """The router."""

    failover: Failover

    def now(self) -> datetime:
        """Return the time."""

    def uptime(self, moment: datetime) -> float:
        """Return how many seconds after the start of the router a moment was."""

    def text(self, document: str) -> str:
        """Return a document in force; empty when there is none."""

    def counted(self, side: str, seconds: float) -> tuple[int, int]:
        """Return how many bytes came in and went out by a bearer."""

    def in_use(self, version: int) -> str:
        """Return the bearer of the default route; `none` without one."""

    def announced(self, side: str, version: int) -> list[Network] | None:
        """Return what the neighbour of a bearer is told in one family; None when nobody answers on the router."""

    def radio(self) -> RadioState:
        """Return how the mobile modem does."""

    def keeps_voice_off(self) -> bool:
        """Return whether the firewall drops telephony on the mobile bearer, both ways."""


class Drills:
    """The verbs of bearers and drills.

    Args:
        machine: that they are about.
        pending: returns what waits to be confirmed; empty when nothing does.
    """

    def __init__(self, machine: Machine, pending: Callable[[], str]) -> None:
        self._machine = machine
        self._pending = pending

    def verbs(self, arguments: list[str], streams: Streams) -> Mapping[tuple[str, int], Callable[[], None]]:
        """Return what each verb does, by name and number of words."""
        return {
            ("bearers", 1): lambda: self._bearers(streams),
            ("announced", 1): lambda: self._announced(streams),
            ("events-follow", 1): self._require_document,
            ("drill", 4): lambda: self._drill(*arguments[1:], streams=streams),
            ("drill-end", 2): lambda: self._end(arguments[1], streams),
        }

    def refuse_change(self) -> None:
        """Refuse a change of the configuration while a drill runs.

        Raises:
            Fail: when one does.
        """
        self._machine.failover.advance()
        if self._machine.failover.drill is not None:
            raise Fail(4, "a drill runs")

    def events(self, after: int = 0) -> Iterator[tuple[int, str]]:
        """Yield each event with a higher number: its number, and its line."""
        for number, moment, kind, bearer in self._machine.failover.events:
            if number > after:
                yield number, f"{number} {self._machine.uptime(moment):.2f} {kind} {bearer}"

    def _require_document(self) -> None:
        if not self._machine.text("failover.conf"):
            raise Fail(1, "this line has no mobile back-up")
        self._machine.failover.advance()

    def _bearers(self, streams: Streams) -> None:
        self._require_document()
        machine, failover, now = self._machine, self._machine.failover, self._machine.now()
        uptime = machine.uptime(now)
        streams.say(f"clock {uptime:.2f}")
        for side in BEARERS:
            received, sent = machine.counted(side, uptime)
            link = "up" if failover.has_link(side) else "down"
            streams.say(f"bearer {side} {INTERFACES[side]} {link} {received} {sent}")
        for side in BEARERS:
            session = failover.sessions[side]
            stands = int((now - session.since).total_seconds() * 100) if session.here and session.since else 0
            state = "up" if session.here else "down"
            for version in NEIGHBOURS[side]:
                if self._has_neighbour(side, version):
                    streams.say(f"neighbour {side} {version} {state} {state} {stands} {stands}")
        streams.say(f"in-use 4 {machine.in_use(4)}")
        streams.say(f"in-use 6 {machine.in_use(6)}")
        streams.say(f"guard {failover.guard} {int(failover.hold_left().total_seconds() * 100)}")
        streams.say(f"voice-off {'yes' if machine.keeps_voice_off() else 'no'}")
        for key, value in _modem(machine.radio()).items():
            streams.say(f"radio {key} {value}")
        if (drill := failover.drill) is not None:
            left = int((drill.ends - now).total_seconds() * 100)
            streams.say(f"drill {drill.token} {drill.cable.cut} {max(left, 0)}")
        for _, line in self.events():
            streams.say(f"event {line}")
        streams.say("end")

    def _has_neighbour(self, side: str, version: int) -> bool:
        return f"{side}_ipv{version}=''" not in self._machine.text("failover.conf")

    def _announced(self, streams: Streams) -> None:
        self._require_document()
        for side in BEARERS:
            for version in (each for each in NEIGHBOURS[side] if self._has_neighbour(side, each)):
                found = self._machine.announced(side, version)
                for network in found or ():
                    streams.say(f"announced {side} {network}")
                streams.say(f"silent {side} {version}" if found is None else f"told {side} {version} {len(found)}")
        streams.say("end")

    def _drill(self, token: str, cut: str, seconds: str, *, streams: Streams) -> None:
        self._require_document()
        failover = self._machine.failover
        if not re.fullmatch(r"[A-Za-z0-9._-]+", token):
            raise Fail(1, "no token: letters, digits, dots, dashes")
        if cut not in {each.value for each in CutKind}:
            raise Fail(1, f"no such cut: {cut}")
        if not seconds.isdecimal() or not 1 <= int(seconds) <= LONGEST:
            raise Fail(1, "a drill takes 1 to 3600 seconds")
        if failover.drill is not None and failover.drill.token == token:
            streams.say(f"drill {token}")
            return
        if token in failover.drilled:
            streams.say(f"ended {token}")
            return
        if failover.drill is not None:
            raise Fail(4, f"another drill runs: {failover.drill.token}")
        if self._pending():
            raise Fail(4, "a change of the configuration is pending")
        failover.begin_drill(token, cut, int(seconds))
        streams.say(f"drill {token}")

    def _end(self, token: str, streams: Streams) -> None:
        self._require_document()
        failover = self._machine.failover
        if failover.drill is not None and failover.drill.token == token:
            failover.end_drill(self._machine.now())
            failover.advance()
        streams.say(f"ended {token}")


def _modem(radio: RadioState) -> dict[str, str]:
    """Return what mmcli(1) tells of a modem, as far as the helper passes it on."""
    if not radio.has_sim:
        return {"modem.generic.state": "failed", "modem.generic.state-failed-reason": "sim-missing"}
    told = {"modem.generic.state-failed-reason": "--", "modem.generic.unlock-required": "none"}
    if not radio.registered:
        return {"modem.generic.state": "searching", **told}
    return {
        "modem.generic.state": "connected",
        **told,
        "modem.generic.access-technologies.value[1]": "lte",
        "modem.3gpp.operator-code": "00101",
        "modem.3gpp.operator-name": "Mobile Example",
        "modem.signal.lte.rsrp": f"{radio.rsrp}.00",
        "modem.location.3gpp.cid": f"{radio.cell:08X}",
    }
