"""What can be wrong with a simulated host, by command."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from provisioning.errors import BadInput


class FaultKind(StrEnum):
    """What may be asked for; power loss is an act, the others stay until they are cleared."""

    REFUSE_LOGIN = "refuse-login"
    HANG = "hang"
    SLOW = "slow"
    DROP_AFTER = "drop-after"
    REJECT = "reject"
    TRUNCATE = "truncate"
    POWER_LOSS = "power-loss"
    UNPLUG = "unplug"
    DISK_FULL = "disk-full"
    SIM_MISSING = "sim-missing"
    WEAK_SIGNAL = "weak-signal"
    NO_REGISTRATION = "no-registration"


MEANING: Mapping[FaultKind, str] = {
    FaultKind.REFUSE_LOGIN: "nobody gets in, whatever the password or key",
    FaultKind.HANG: "commands are taken and never answered; what is under way is not carried out",
    FaultKind.SLOW: "each command waits so many SECONDS before it is carried out",
    FaultKind.DROP_AFTER: "a connection ends in place of the answer to its Nth command; 0: at the first, undone",
    FaultKind.REJECT: "a command that begins with these words is refused, in the device's own wording",
    FaultKind.TRUNCATE: "an answer is cut after so many BYTES, and its connection ends",
    FaultKind.POWER_LOSS: "connections end, and what was not saved is lost",
    FaultKind.DISK_FULL: "nothing more fits on the disk of a router",
    FaultKind.UNPLUG: "an ONT has no light: it is not found, and does not come up",
    FaultKind.SIM_MISSING: "the mobile modem of a router has no SIM",
    FaultKind.WEAK_SIGNAL: "the mobile modem of a router hears its network badly, and carries packets all the same",
    FaultKind.NO_REGISTRATION: "no mobile network takes the modem of a router",
}


_STATES = {
    FaultKind.REFUSE_LOGIN: "refuse_login",
    FaultKind.HANG: "hang",
    FaultKind.DISK_FULL: "disk_full",
    FaultKind.SIM_MISSING: "no_sim",
    FaultKind.WEAK_SIGNAL: "weak_signal",
    FaultKind.NO_REGISTRATION: "no_registration",
}
"""Attributes of `Faults` that are there or not."""

_WITHOUT_VALUE = frozenset({*_STATES, FaultKind.POWER_LOSS, FaultKind.UNPLUG})

OF_ROUTERS = frozenset({FaultKind.DISK_FULL, FaultKind.SIM_MISSING, FaultKind.WEAK_SIGNAL, FaultKind.NO_REGISTRATION})
"""What can be wrong with a router alone."""

LONGEST_REJECTION = 1000
"""Characters of the beginning of a command."""

SHOWN = 60
"""Characters of a wrong value that people are shown."""


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of one host that are in force.

    Attributes:
        refuse_login: nobody gets in.
        hang: commands are never answered.
        slow: seconds before each command.
        drop_after: commands after which a connection ends; None for never.
        reject: beginnings of commands that are refused.
        truncate: bytes of an answer that still arrive; None for all.
        disk_full: nothing more fits on its disk.
        no_sim: its mobile modem has no SIM.
        weak_signal: its mobile modem hears its network badly.
        no_registration: no mobile network takes it.
    """

    refuse_login: bool = False
    hang: bool = False
    slow: float = 0.0
    drop_after: int | None = None
    reject: tuple[str, ...] = field(default=())
    truncate: int | None = None
    disk_full: bool = False
    no_sim: bool = False
    weak_signal: bool = False
    no_registration: bool = False

    def rejects(self, command: str) -> bool:
        """Return whether a command is to be refused; a host asks before it carries one out."""
        said = " ".join(command.split())
        return any(said == each or said.startswith(each + " ") for each in self.reject)

    def shown(self) -> dict[str, object]:
        """Return what is in force, by the name of its kind."""
        every: dict[FaultKind, object] = {
            FaultKind.REFUSE_LOGIN: self.refuse_login or None,
            FaultKind.HANG: self.hang or None,
            FaultKind.SLOW: self.slow or None,
            FaultKind.DROP_AFTER: self.drop_after,
            FaultKind.REJECT: list(self.reject) or None,
            FaultKind.TRUNCATE: self.truncate,
            FaultKind.DISK_FULL: self.disk_full or None,
            FaultKind.SIM_MISSING: self.no_sim or None,
            FaultKind.WEAK_SIGNAL: self.weak_signal or None,
            FaultKind.NO_REGISTRATION: self.no_registration or None,
        }
        return {kind.value: value for kind, value in every.items() if value is not None}


class Dropped(Exception):
    """A fault ended the connection; the server closes it, and nobody is told anything."""


class Count:
    """Counts the commands of one connection against its host's faults."""

    def __init__(self) -> None:
        self.commands = 0

    async def before(self, faults: Faults, gone: Callable[[], Awaitable[object]]) -> None:
        """Wait as the faults want it, before a command is carried out.

        Args:
            faults: in force.
            gone: waits until the other side is gone; what hangs, hangs no longer than that.

        Raises:
            Dropped: when the connection ends before that.
        """
        self.commands += 1
        if faults.slow:
            await asyncio.sleep(faults.slow)
        if faults.hang:
            await gone()
            raise Dropped
        if faults.drop_after is not None and self.commands > faults.drop_after:
            raise Dropped

    def is_last(self, faults: Faults) -> bool:
        """Return whether the connection ends in place of the answer to the command at hand."""
        return faults.drop_after is not None and self.commands >= faults.drop_after


def check(kind: FaultKind, value: str | None, *, clear: bool) -> None:
    """Judge what somebody wrote, before anything is asked of the simulator.

    Raises:
        BadInput: when the value is missing or no such value.
    """
    if clear:
        return
    if kind not in _WITHOUT_VALUE:
        changed(Faults(), kind, value, clear=False)
    elif value is not None:
        raise BadInput(
            f"{kind.value} takes no value, as `{_short(value)}`",
            where="proviso simulator fault",
            remedy=f"For example: proviso simulator fault HOST {kind.value}",
        )


def changed(faults: Faults, kind: FaultKind, value: str | None, *, clear: bool) -> Faults:
    """Return the faults with one more, or without one.

    Args:
        faults: in force until now.
        kind: which; neither power loss nor unplugging, which are no state of the host.
        value: as written on the command line.
        clear: take the fault away.

    Raises:
        BadInput: when the value is missing or no such value.
    """
    if kind in _STATES:
        state: dict[str, Any] = {_STATES[kind]: not clear}
        return replace(faults, **state)
    match kind:
        case FaultKind.SLOW:
            return replace(faults, slow=0.0 if clear else _number(kind, value, 3600))
        case FaultKind.DROP_AFTER:
            return replace(faults, drop_after=None if clear else _whole_number(kind, value, 1_000_000))
        case FaultKind.TRUNCATE:
            return replace(faults, truncate=None if clear else _whole_number(kind, value, 1_000_000_000))
        case FaultKind.REJECT:
            return replace(faults, reject=_rejections(faults, value, clear=clear))
        case _:
            raise BadInput(f"{kind.value} is no state of a host", where="simulator")


def _number(kind: FaultKind, value: str | None, most: int) -> float:
    try:
        number = float(value or "")
    except ValueError:
        number = -1.0
    if 0 <= number <= most:
        return number
    raise _no_number(kind, value, f"a number from 0 to {most:,}")


def _whole_number(kind: FaultKind, value: str | None, most: int) -> int:
    number = _number(kind, value, most)
    if number.is_integer():
        return int(number)
    raise _no_number(kind, value, f"a whole number from 0 to {most:,}")


def _no_number(kind: FaultKind, value: str | None, wanted: str) -> BadInput:
    return BadInput(
        f"{kind.value} needs {wanted}" + (f", not `{_short(value)}`" if value else ""),
        where="proviso simulator fault",
        remedy=f"For example: proviso simulator fault HOST {kind.value} 3",
    )


def _short(value: str) -> str:
    return value if len(value) <= SHOWN else f"{value[:SHOWN]}…"


def _rejections(faults: Faults, value: str | None, *, clear: bool) -> tuple[str, ...]:
    line = " ".join((value or "").split())
    if clear:
        return tuple(each for each in faults.reject if line and each != line)
    if not line:
        raise BadInput(
            "reject needs the beginning of a command",
            where="proviso simulator fault",
            remedy='For example: proviso simulator fault HOST reject "ont add"',
        )
    if len(line) > LONGEST_REJECTION:
        raise BadInput(
            f"no command begins with {len(line):,} characters",
            where="proviso simulator fault",
            remedy=f"Name its first words, in {LONGEST_REJECTION:,} characters at most.",
        )
    return (*(each for each in faults.reject if each != line), line)
