"""A SmartAX OLT as a host that is reached by SSH."""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import asyncssh

from provisioning.stands.simulator.faults import Count, Faults
from provisioning.stands.simulator.fibre import Fibre
from provisioning.stands.simulator.smartax.device import COMING_UP_SECONDS, Device
from provisioning.stands.simulator.smartax.shell import Rebooted, Shell
from provisioning.stands.simulator.smartax.terminal import Terminal

SESSIONS = 10
"""Terminals at a time; one more is told so and let go."""

_RULE = "-" * 77


class Olt:
    """An OLT.

    Args:
        name: in the world; also its sysname.
        ports: kind ("gpon", "xgs-pon") by frame/slot/port.
        host_key: of its SSH server.
        user: account that gets in.
        password: of the account.
        saved: file of what was saved.
        fibre: the plant that it stands in; its listeners are told which ONTs pass, and at which rates.
        faults: returns the faults in force.
        now: the clock.
        coming_up: seconds until an ONT that is authorised is online.
    """

    def __init__(
        self,
        name: str,
        ports: Mapping[str, str],
        *,
        host_key: asyncssh.SSHKey,
        user: str,
        password: str,
        saved: Path,
        fibre: Fibre,
        faults: Callable[[], Faults],
        now: Callable[[], datetime],
        coming_up: float = COMING_UP_SECONDS,
    ) -> None:
        self.name = name
        self.host_key = host_key
        self.device = Device(name, ports, saved, fibre, now, coming_up)
        self._user = user
        self._password = password
        self._faults = faults
        self._ends: dict[int, Callable[[], None]] = {}

    kind = "OLT"

    def shown(self) -> str:
        """Return in a few words how it is, for people."""
        config = self.device.config
        online = sum(self.device.is_online(each) for each in config.onts.values())
        unsaved = "" if config == self.device.saved_config() else ", not saved"
        return f"{len(config.onts)} ONTs, {online} online{unsaved}"

    def lets_in(self, user: str, *, password: str | None, key: asyncssh.SSHKey | None) -> bool:
        """Return whether it is the account, with its password; keys it does not take."""
        if password is None:
            return False
        same_user = hmac.compare_digest(user.encode(), self._user.encode())
        return hmac.compare_digest(password.encode(), self._password.encode()) and same_user

    async def execute(self, command: str, process: asyncssh.SSHServerProcess[bytes]) -> int:
        """Refuse a command that is no session: a SmartAX has terminals only."""
        process.stderr.write(b"exec request is not supported\r\n")
        return 1

    async def converse(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        """Serve a terminal."""
        if len(self._ends) >= SESSIONS:
            process.stdout.write(b"\r\n  Reenter times have reached the upper limit.\r\n")
            return
        number = max(self._ends, default=0) + 1
        self._ends[number] = process.channel.get_connection().abort
        try:
            shell = Shell(self.device)
            await Terminal(process, shell, self._faults, Count()).run(self._banner())
        except Rebooted:
            self.lose_power()
        finally:
            self._ends.pop(number, None)

    def lose_power(self) -> None:
        """End every session, and start again from what was saved."""
        for end in list(self._ends.values()):
            end()
        self.device.reload()

    def _banner(self) -> list[str]:
        return [
            "",
            "  Huawei Integrated Access Software (MA5800).",
            "  Simulated: this is no Huawei device.",
            "",
            f"  {_RULE}",
            "  User last login information:",
            f"  {_RULE}",
            "  Access Type : SSH",
            "  IP-Address  : 127.0.0.1",
            f"  Login  Time : {self.device.now():%Y-%m-%d %H:%M:%S}+00:00",
            "  Logout Time : -",
            f"  {_RULE}",
        ]
