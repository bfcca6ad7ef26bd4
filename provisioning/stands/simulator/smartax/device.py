"""A SmartAX without its terminals: what it has configured and saved, which ONTs are up, and what each may pass."""

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from provisioning.stands.simulator.fibre import Fibre, Passing
from provisioning.stands.simulator.smartax.config import Config, Ont, ServicePort, TrafficTable, factory

COMING_UP_SECONDS = 0.3
"""How long an ONT ranges and takes its configuration before it is online; on a real one it is tens of seconds."""

MOST_ONTS = 128
"""On a port."""

PORTS_OF_A_BOARD = 16

CONTROL_BOARDS = {8: "H901MPLA", 9: "H901MPLA"}

BOARDS = {"gpon": "H901GPSF", "xgs-pon": "H901XSHF"}


class Failure(Exception):
    """What a device refuses; it says so behind `Failure:`."""


class Device:
    """A SmartAX as it runs.

    Args:
        name: which its fibres know it by.
        ports: those that fibres end on, kind by frame/slot/port; a board has the kind of its first.
        saved: the file that outlives a loss of power.
        fibre: the plant that it stands in.
        now: the clock.
        coming_up: seconds until an ONT that is authorised is online.
    """

    def __init__(
        self,
        name: str,
        ports: Mapping[str, str],
        saved: Path,
        fibre: Fibre,
        now: Callable[[], datetime],
        coming_up: float = COMING_UP_SECONDS,
    ) -> None:
        self.name = name
        self.sysname = name
        self.now = now
        self.boards: dict[int, str] = {}
        for port, kind in ports.items():
            self.boards.setdefault(int(port.split("/")[1]), kind)
        self._ports = sorted(ports, key=lambda port: [int(each) for each in port.split("/")])
        self._saved = saved
        self._fibre = fibre
        self._coming_up = coming_up
        self._up_at: dict[str, datetime] = {}
        self._wanted: asyncio.TimerHandle | None = None
        self.found_at = now()
        self.config = self._load()
        fibre.watch_light(self.settle)
        self.settle()

    def save(self) -> None:
        """Keep what is configured over a loss of power.

        Raises:
            Failure: when the disk does not take it.
        """
        partial = self._saved.with_name(f".{self._saved.name}.part")
        try:
            self._saved.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with partial.open("w", encoding="utf-8") as file:
                file.write(self.config.to_json())
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self._saved)
        except OSError:
            raise Failure("The flash memory cannot be written") from None

    def reload(self) -> None:
        """Start again from what was saved, as after a loss of power."""
        for ont in self.config.onts.values():
            self._fibre.leave(ont.serial, self.name, ont.port)
        self._up_at.clear()
        self.config = self._load()
        self.settle()

    def saved_config(self) -> Config:
        """Return what is saved; the factory's when nothing is."""
        return self._load()

    def _load(self) -> Config:
        try:
            return Config.from_json(self._saved.read_text("utf-8"))
        except FileNotFoundError:
            return factory()

    def kind_of(self, slot: int) -> str | None:
        """Return the kind of the board in a slot: "gpon", "xgs-pon", or None."""
        return self.boards.get(slot)

    def port(self, written: str) -> str:
        """Return a port as it is known here.

        Raises:
            Failure: when there is no such port.
        """
        frame, slot, port = (int(each) for each in written.split("/"))
        if frame != 0:
            raise Failure("The frame does not exist")
        if slot not in self.boards:
            raise Failure("This board does not exist")
        if port >= PORTS_OF_A_BOARD:
            raise Failure("The port does not exist")
        return f"0/{slot}/{port}"

    def ont(self, port: str, ont_id: int) -> Ont:
        """Return a registered ONT.

        Raises:
            Failure: when there is none at that id.
        """
        if (found := self.config.onts.get((port, ont_id))) is None:
            raise Failure("The ONT does not exist")
        return found

    def drop_ont(self, ont: Ont) -> None:
        """Take the registration of an ONT away."""
        del self.config.onts[ont.port, ont.ont_id]
        self._fibre.leave(ont.serial, self.name, ont.port)
        self._up_at.pop(ont.serial, None)

    def restart_ont(self, ont: Ont) -> None:
        """Have an ONT come up anew."""
        self._up_at.pop(ont.serial, None)

    def is_online(self, ont: Ont) -> bool:
        """Return whether an ONT is up."""
        since = self._up_at.get(ont.serial)
        return since is not None and since <= self.now()

    def up_since(self, ont: Ont) -> datetime | None:
        """Return since when an ONT is up, or None."""
        return self._up_at.get(ont.serial) if self.is_online(ont) else None

    def found(self) -> list[tuple[str, str]]:
        """Return the ports and serials of ONTs that have light and are registered nowhere on this device."""
        registered = {ont.serial for ont in self.config.onts.values()}
        return [
            (port, serial)
            for port in self._ports
            if port not in self.config.autofind_off
            for serial in self._fibre.seen(self.name, port)
            if serial not in registered
        ]

    def settle(self) -> None:
        """Let the ONTs come up or go down as the configuration and the light say, and tell the fibre what passes."""
        now = self.now()
        if self._wanted is not None:
            self._wanted.cancel()
            self._wanted = None
        for ont in self.config.onts.values():
            if not (ont.active and self._fibre.hang(ont.serial, self.name, ont.port)):
                self._up_at.pop(ont.serial, None)
            elif ont.serial not in self._up_at:
                self._up_at[ont.serial] = datetime.fromtimestamp(now.timestamp() + self._coming_up, now.tzinfo)
        self._tell()
        waits = [(each - now).total_seconds() for each in self._up_at.values() if each > now]
        if waits:
            self._settle_in(min(waits))

    def _settle_in(self, seconds: float) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # somebody looks again, with a clock of his own
        self._wanted = loop.call_later(seconds + 0.001, self.settle)

    def _tell(self) -> None:
        before = {serial for serial, each in self._fibre.passing.items() if each.olt == self.name}
        after = {ont.serial: passing for ont in self.config.onts.values() if (passing := self._passing(ont))}
        for serial in before - after.keys():
            self._fibre.let_pass(serial, None)
        for serial, passing in after.items():
            self._fibre.let_pass(serial, passing)

    def _passing(self, ont: Ont) -> Passing | None:
        flows = [each for each in self.config.flows_of(ont.port, ont.ont_id) if self._carries(ont, each)]
        if not flows or not self.is_online(ont):
            return None
        down = [self._rate(each.outbound) for each in flows]
        up = [self._rate(each.inbound) for each in flows]
        return Passing(ont.serial, self.name, ont.port, _most(down), _most(up))

    def _carries(self, ont: Ont, flow: ServicePort) -> bool:
        """Return whether untagged frames of the customer find their way through a flow, and back."""
        if not flow.enabled or flow.vlan not in {vlan for vlan, _ in self.config.uplinks}:
            return False
        line = self.config.lines.get(ont.line_profile)
        service = self.config.services.get(ont.service_profile)
        if line is None or service is None or not flow.user_vlan.isdigit():
            return False
        vlan = int(flow.user_vlan)
        mapped = any(gem == flow.gem and each == vlan for (gem, _), each in line.mappings.items())
        ports = {port for port, (native, _) in ont.native.items() if native == vlan}
        let_through = any(service.transparent or vlan in service.vlans.get(port, {}) for port in ports)
        return mapped and let_through

    def _rate(self, index: int | None) -> float | None:
        table: TrafficTable | None = None if index is None else self.config.tables.get(index)
        return None if table is None or table.pir is None else table.pir / 1000


def _most(rates: list[float | None]) -> float | None:
    return None if None in rates else max(each for each in rates if each is not None)
