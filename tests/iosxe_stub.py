"""A router with IOS-XE as far as a session needs one: it says what the device's manual has.

It knows no grammar: a line of a merged file is added, `no` before a line removes it. What it refuses is told to it;
what it says can be changed, command by command, so that answers come late, cut, or not at all.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

FLASH = "bootflash:/"

VERSION = """\
Cisco IOS XE Software, Version 17.09.04a
Cisco IOS Software [Cupertino], C1100 Software (C1100-UNIVERSALK9-M), Version 17.9.4a, RELEASE SOFTWARE (fc3)

ROM: (c)

{name} uptime is 1 day, 2 hours, 3 minutes
System image file is "bootflash:c1100-universalk9.17.09.04a.SPA.bin"
Last reload reason: Power-on

cisco C1111-8PLTE (1RU) processor with 1419961K/6147K bytes of memory.
Processor board ID FGL26000121
Configuration register is 0x2102
"""

IPV4 = """\
GigabitEthernet0/0/0 is up, line protocol is up
Vlan1 is up, line protocol is up
  Internet address is 192.168.1.1/24
  Secondary address 203.0.113.1/29
"""

IPV6 = """\
Vlan1 is up, line protocol is up
    2001:DB8:12::1, subnet is 2001:DB8:12::/64
"""

ROOM = "2904358912 bytes total (1933672448 bytes free)"

READY = ("archive", " path flash:proviso-archive", "file prompt quiet", "ip scp server enable")


@dataclass
class Stub:
    """The router's state.

    Attributes:
        running: lines of its configuration.
        startup: those that it starts with; None when it was never saved.
        timer: lines that it goes back to, user and minutes; None when none runs.
        refuses: what it says to lines that begin so, in place of doing them.
        instead: what is said in place of its own answer, by command; called with that answer.
        cut_at: commands during which the connection is lost, before their effect.
        cut_after: commands during which the connection is lost, after their effect.
        busy_saves: how often NVRAM is taken before it saves.
        aborts: 1 when it does not go back by its timer, 2 when it does not go back at all.
        banner_only: shows no prompt.
        takes_no_file: says nothing to one who brings a file.
    """

    name: str = "Router"
    running: list[str] = field(default_factory=lambda: ["hostname Router", *READY])
    startup: list[str] | None = field(default_factory=lambda: ["hostname Router", *READY])
    files: dict[str, bytes] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    timer: tuple[list[str], str, int] | None = None
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    asked: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    instead: dict[str, Callable[[str], str]] = field(default_factory=dict)
    cut_at: set[str] = field(default_factory=set)
    cut_after: set[str] = field(default_factory=set)
    busy_saves: int = 0
    mode: str = ""
    aborts: int = 0
    privileged: bool = True
    banner_only: bool = False
    takes_no_file: bool = False

    @property
    def prompt(self) -> str:
        return f"{self.name}{f'({self.mode})' if self.mode else ''}{'#' if self.privileged else '>'}"

    def go_back(self) -> None:
        assert self.timer is not None
        self.running, self.timer = list(self.timer[0]), None
        self._rename()

    def answer(self, command: str) -> str:
        self.asked.append(command)
        said = self._configure(command) if self.mode and command else self._exec(command)
        return self.instead[command](said) if command in self.instead else said

    def _exec(self, command: str) -> str:
        words, _, wanted = command.partition(" | ")
        said = self._say(words)
        if wanted:
            _, _, kept = wanted.partition(" ")
            parts = kept.removeprefix("^").split("|")
            return "".join(f"{line}\n" for line in said.splitlines() if any(part in line for part in parts))
        return said

    def _say(self, command: str) -> str:
        words = command.split()
        for about in (self._show, self._show_kept, self._files_of, self._enter, self._rest):
            said = about(words)
            if said is not None:
                return said
        return f"{command}\n^\n% Invalid input detected at '^' marker.\n\n"

    def _show(self, words: list[str]) -> str | None:
        """Answer what is shown; None for another command."""
        match words:
            case ["show", "version"]:
                return VERSION.format(name=self.name)
            case ["show", "ip", "interface"]:
                return IPV4
            case ["show", "ipv6", "interface"]:
                return IPV6
            case ["show", "clock"]:
                return f"{datetime.now(UTC):%H:%M:%S.000 UTC %a %b %d %Y}\n"
            case ["show", "snmp", "user"]:
                return "".join(
                    f"\nUser name: {name}\nEngine ID: 80000009030000AABBCCDDEE\nstorage-type: nonvolatile\t active\n"
                    f"Authentication Protocol: SHA\nPrivacy Protocol: AES128\nGroup-name: {group}\n"
                    for name, group in self.users.items()
                )
            case _:
                return None

    def _show_kept(self, words: list[str]) -> str | None:
        """Answer what is shown of configurations and the way back; None for another command."""
        match words:
            case ["show", "running-config"]:
                text = self._text(self.running)
                return f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n{text}"
            case ["show", "startup-config"]:
                if self.startup is None:
                    return "startup-config is not present\n"
                return f"Using 4237 out of 33554432 bytes\n{self._text(self.startup)}"
            case ["show", "archive"]:
                there = "archive" in self.running
                return (
                    "The maximum archive configurations allowed is 5.\n" if there else "Archive feature not enabled\n"
                )
            case ["show", "archive", "config", "rollback", "timer"]:
                if self.timer is None:
                    return "%No Rollback Confirmed Change pending\n"
                return (
                    f"Time configured(or reconfigured): {self.since:%H:%M:%S UTC %a %b %d %Y}\n"
                    f"Timer type: absolute timer\nTimer value: {self.timer[2]} min\nUser: {self.timer[1]}\n"
                )
            case _:
                return None

    def _files_of(self, words: list[str]) -> str | None:
        """Answer what is done with files; None for another command."""
        match words:
            case ["dir", "bootflash:"]:
                return f"Directory of bootflash:/\n\n{self._listing(self.files)}\n{ROOM}\n"
            case ["dir", path]:
                name = path.removeprefix(FLASH)
                if name not in self.files:
                    return f"%Error opening {path} (No such file or directory)\n"
                return f"Directory of {path}\n\n{self._listing([name])}\n{ROOM}\n"
            case ["verify", "/md5", path]:
                digest = hashlib.md5(self.files[path.removeprefix(FLASH)], usedforsecurity=False).hexdigest()
                return f"....Done!\nverify /md5 ({path}) = {digest}\n"
            case ["more", path]:
                name = path.removeprefix(FLASH)
                return self.files[name].decode() if name in self.files else f"%Error opening {path} (No such file)\n"
            case ["delete", "/force", path]:
                if self.files.pop(path.removeprefix(FLASH), None) is None:
                    return f"%Error deleting {path} (No such file or directory)\n"
                return ""
            case ["copy", "running-config", path]:
                self.files[path.removeprefix(FLASH)] = self._text(self.running).encode()
                return "120 bytes copied in 0.1 secs (1200 bytes/sec)\n"
            case ["copy", path, "running-config"]:
                said = "".join(
                    self._merge(line) for line in self.files[path.removeprefix(FLASH)].decode().splitlines()
                )
                self._rename()
                return f"{said}120 bytes copied in 0.1 secs (1200 bytes/sec)\n"
            case _:
                return None

    def _enter(self, words: list[str]) -> str | None:
        """Answer what begins, confirms or takes back a change; None for another command."""
        match words:
            case ["configure", "terminal"]:
                self.mode = "config"
                return "Enter configuration commands, one per line.  End with CNTL/Z.\n"
            case ["configure", "terminal", "revert", "timer", minutes]:
                if "archive" not in self.running:
                    return "%Turn config archive on before using Rollback Confirmed Change\n"
                self.timer, self.since, self.mode = (
                    (list(self.running), "root", int(minutes)),
                    datetime.now(UTC),
                    "config",
                )
                return "Rollback Confirmed Change: Backing up current running config to flash:proviso-archive-1\n"
            case ["configure", "confirm"]:
                said, self.timer = ("" if self.timer else "%No Rollback Confirmed Change pending\n"), None
                return said
            case ["configure", "revert", "now"] if self.timer is None:
                return "%No Rollback Confirmed Change pending\n"
            case ["configure", "revert", "now"] if self.aborts:
                self.timer = None
                return "Rollback aborted after 5 passes\n"
            case ["configure", "revert", "now"]:
                self.go_back()
                return "Rollback Confirmed Change: rolling to:flash:proviso-archive-1\n\nRollback Done\n"
            case ["configure", "replace", *_] if self.aborts > 1:
                return "Rollback aborted after 5 passes\n"
            case ["configure", "replace", "nvram:startup-config", "force"]:
                self.running = list(self.startup or [])
                self._rename()
                return "Total number of passes: 1\nRollback Done\n"
            case _:
                return None

    def _rest(self, words: list[str]) -> str | None:
        """Answer what else it knows; None for what it does not."""
        match words:
            case [] | ["terminal", *_]:
                return ""
            case ["write", "mem"]:
                if self.busy_saves:
                    self.busy_saves -= 1
                    return "startup-config file open failed (Device or resource busy)\n"
                self.startup = list(self.running)
                return "Building configuration...\n[OK]\n"
            case _:
                return None

    def _configure(self, line: str) -> str:
        if line == "end":
            self.mode = ""
            return ""
        if line == "archive":
            self.mode = "config-archive"
        said = self._merge(f" {line}" if line.startswith(("path", "maximum")) else line)
        self._rename()
        return said

    def _merge(self, line: str) -> str:
        for begins, words in self.refuses.items():
            if line.startswith(begins):
                return f"{line}\n      ^\n% {words}\n\n"
        if line.startswith("no snmp-server user "):
            del self.users[line.split()[3]]
        elif line.startswith("snmp-server user "):
            self.users[line.split()[2]] = line.split()[3]
        elif line.startswith("no "):
            self.running = [each for each in self.running if each != line.removeprefix("no ")]
        elif line.startswith("hostname "):
            self.running = [line, *(each for each in self.running if not each.startswith("hostname "))]
        elif line != "end" and not line.startswith("!") and line not in self.running:
            self.running.append(line)
        return ""

    def _rename(self) -> None:
        self.name = next((line.split()[1] for line in self.running if line.startswith("hostname ")), "Router")

    @staticmethod
    def _text(lines: list[str]) -> str:
        return "".join(f"{line}\n" for line in ("!", "version 17.9", *lines, "!", "end"))

    def _listing(self, names: "Iterator[str] | list[str] | dict[str, bytes]") -> str:
        return "".join(
            f"   12  -rw-  {len(self.files[name])}  Nov 21 2026 11:30:00 +00:00  {name}\n" for name in names
        )
