"""A conversation with the command line of a router with IOS-XE, on netmiko's driver `cisco_ios`.

The driver types before it has seen a prompt, and learns prompts from whatever arrives: under load it takes another
line for one, and an answer that was cut for a whole one. Here an answer is whole when it begins with the echo of its
command and ends with the router's own prompt on a line of its own, not before; what NAPALM asks of the driver is
answered from that. Nothing that is said passes netmiko's log.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, cast

import paramiko
from netmiko.cisco.cisco_ios import CiscoIosSSH

from provisioning.devices.connecting import at_most
from provisioning.devices.dial import dial
from provisioning.devices.iosxe_screen import Screen, any_prompt, prompt_of
from provisioning.devices.known_hosts import host_name
from provisioning.devices.ssh_transport import GcmFirst
from provisioning.devices.wire import Wire, lost, receive, send
from provisioning.errors import (
    AnswerNotUnderstood,
    AuthenticationRefused,
    DeviceRefused,
    DeviceUnreachable,
)
from provisioning.model.proxy import Proxy

ANSWER_SECONDS = 30.0
"""How long an answer may take at least, whatever NAPALM thinks: `show running-config` of a busy router takes 10 s."""

LONGEST_ANSWER_SECONDS = 100.0
"""How long an answer may take at most: the checksum of a file, for which NAPALM would wait five minutes."""

SAVE_TRIES = 6
SAVE_PAUSE_SECONDS = 1.0
"""NVRAM is written by one session at a time; it is tried again after a pause."""

FAREWELL_SECONDS = 1.0
"""How long a polite end may take before the connection is just closed."""


class IosxeConnection(CiscoIosSSH):
    """A connection to a router, in privileged mode once it is open.

    Attributes:
        called: what the router is called in errors; its address when empty.
        proxy: that leads there; None where it is reached directly.
    """

    called = ""
    proxy: Proxy | None = None
    _name = ""
    _prompt = ""
    _over = False

    @property
    def where(self) -> str:
        """What the router is called in errors."""
        return self.called or self.host

    @property
    def configuring(self) -> bool:
        """Whether the last prompt was one of configuration mode."""
        return self._prompt.endswith(")#")

    @property
    def _wire(self) -> Wire:
        return cast(Wire, self.remote_conn)

    def ask(self, command: str, *, seconds: float = ANSWER_SECONDS, renamed: bool = False) -> str:
        """Send one line and return its whole answer, without echo and prompt.

        Args:
            command: may be empty, to see the prompt.
            seconds: how long the answer may take.
            renamed: whether the router may have another name afterwards.

        Raises:
            DeviceTimeout: when the prompt does not come back in time; the connection is of no use any more.
            DeviceUnreachable: when the connection is lost.
            AnswerNotUnderstood: when it does not stop talking.
        """
        deadline = time.monotonic() + seconds
        self._send(f"{command}\n")
        screen, prompt = Screen(), any_prompt() if renamed else prompt_of(self._name)
        while True:
            screen.add(self._receive(deadline, command))
            if screen.too_long:
                raise AnswerNotUnderstood("it does not stop talking", where=self.where, remedy="Look at the router.")
            if screen.asks_to_confirm():
                self._send("\n")
                continue
            found = prompt.fullmatch(screen.last_line)
            answer = screen.answer_to(command, self._prompt) if found else None
            if found and answer is not None:
                self._prompt = found[0]
                if renamed and not self.configuring:
                    self._name = self.base_prompt = found["name"]
                return answer

    def ask_all(self, commands: Sequence[str], *, seconds: float = ANSWER_SECONDS) -> list[str]:
        """Send several commands that change nothing, at once, and return their answers: one round trip for all.

        Args:
            seconds: how long all of them may take.

        Raises:
            DeviceTimeout: when the prompt does not come back in time; the connection is of no use any more.
            DeviceUnreachable: when the connection is lost.
            AnswerNotUnderstood: when it does not stop talking.
        """
        # What is typed ahead is echoed when its turn comes; the first line stands at the prompt that is there.
        deadline = time.monotonic() + seconds
        self._send("".join(f"{each}\n" for each in commands))
        screen, prompt = Screen(), prompt_of(self._name)
        screen.add(self._prompt.encode())
        while True:
            screen.add(self._receive(deadline, commands[-1]))
            if screen.too_long:
                raise AnswerNotUnderstood("it does not stop talking", where=self.where, remedy="Look at the router.")
            if prompt.fullmatch(screen.last_line):
                answers = screen.answers_to(commands, self._prompt)
                if answers is not None:
                    return answers

    def configure(self, lines: tuple[str, ...]) -> None:
        """Enter lines in configuration mode, and leave it.

        Raises:
            DeviceRefused: when one is refused, with it and the device's words.
        """
        self.config_mode()
        self.enter(lines)

    def enter(self, lines: tuple[str, ...]) -> None:
        """Enter lines in the configuration mode that it is in, and leave it.

        Raises:
            DeviceRefused: when one is refused, with it and the device's words.
        """
        try:
            for line in lines:
                said = self.ask(line)
                if "%" in said or not self.configuring:
                    words = " / ".join(each.strip() for each in said.splitlines() if each.strip(" ^"))
                    raise DeviceRefused(
                        f"it refuses `{line}`: {words}", where=self.where, remedy="Look at the router."
                    )
        finally:
            if self.configuring:
                self.ask("end")

    # What netmiko's driver and NAPALM's ask of a connection.

    def _connect_params_dict(self) -> dict[str, Any]:
        given = super()._connect_params_dict()
        if self.sock is None:
            raise RuntimeError("an SSH client without a connection would dial by itself, past the proxy")
        self.sock = None  # each client has its own
        return {**given, "look_for_keys": False, "transport_factory": GcmFirst}

    def _build_ssh_client(self) -> paramiko.SSHClient:
        client = super()._build_ssh_client()
        before = getattr(self, "remote_conn_pre", None)
        if before is not None:
            # What comes second must be the machine that came first.
            key = before.get_transport().get_remote_server_key()
            client.get_host_keys().add(host_name(self.host, self.port), key.get_name(), key)
        # The file of host keys goes with the opening; whatever stands at its path later is none.
        self.alt_host_keys = False
        return client

    @contextmanager
    def second_client(self, seconds: float) -> Iterator[None]:
        """Have a connection ready for the next SSH client, which is cut when all takes longer than that.

        Raises:
            DeviceUnreachable: when the router does not answer.
            ProxyTrouble: when the proxy that leads there does not.
        """
        with dial(self.host, self.port, self.conn_timeout, self.proxy) as spare, at_most(seconds, spare):
            self.sock = spare
            try:
                yield
            finally:
                self.sock = None

    def _try_session_preparation(self, force_data: bool = False) -> None:
        # The router speaks first; the driver would send a line break and sleep.
        super()._try_session_preparation(force_data=False)

    def session_preparation(self) -> None:
        """Wait for the prompt, and have nothing interrupt the answers."""
        self._log_in(time.monotonic() + self.conn_timeout)
        for command in ("terminal width 511", "terminal length 0"):
            self.ask(command, seconds=self.conn_timeout)

    def send_command(  # type: ignore[override]  # of its parameters, only these are used
        self, command_string: str, expect_string: str | None = None, read_timeout: float = 10.0, **_given: Any
    ) -> str:
        """Return what a command answers; where something is expected, the router's name may change with it."""
        seconds = min(max(read_timeout, ANSWER_SECONDS), LONGEST_ANSWER_SECONDS)
        return self.ask(command_string.strip(), seconds=seconds, renamed=expect_string is not None)

    def find_prompt(self, delay_factor: float = 1.0, pattern: str | None = None) -> str:
        """Return the prompt that it shows now."""
        self.ask("")
        return self._prompt

    def set_base_prompt(
        self,
        pri_prompt_terminator: str = "#",
        alt_prompt_terminator: str = ">",
        delay_factor: float = 1.0,
        pattern: str | None = None,
    ) -> str:
        """Learn the name that the router has now, and return it."""
        self.ask("", renamed=True)
        return self._name

    def config_mode(self, config_command: str = "configure terminal", pattern: str = "", re_flags: int = 0) -> str:
        """Enter configuration mode.

        Raises:
            ValueError: when the router does not let us in, with its words; what NAPALM looks for.
        """
        said = self.ask(config_command)
        if not self.configuring:
            raise ValueError(said.strip() or "it stays out of configuration mode")
        return said

    def exit_config_mode(self, exit_config: str = "end", pattern: str = "") -> str:
        """Leave configuration mode."""
        return self.ask(exit_config) if self.configuring else ""

    def save_config(self, cmd: str = "write mem", confirm: bool = False, confirm_response: str = "") -> str:
        """Make it keep what is in force over a loss of power; tried again while its memory is taken.

        Raises:
            DeviceRefused: when it does not.
        """
        for left in reversed(range(SAVE_TRIES)):
            said = self.ask(cmd, seconds=LONGEST_ANSWER_SECONDS)
            if "[OK]" in said:
                return said
            if left:
                # A router does not say when its NVRAM is free again.
                time.sleep(SAVE_PAUSE_SECONDS)
        words = " / ".join(each.strip() for each in said.splitlines() if each.strip())
        raise DeviceRefused(
            f"it does not save what is in force: {words}", where=self.where, remedy="Look at its NVRAM; try again."
        )

    def cleanup(self, command: str = "exit") -> None:
        """Say good-bye, and do not insist on an answer."""
        with suppress(Exception):  # whatever the other side does, it is over
            self._wire.settimeout(FAREWELL_SECONDS)
            self._wire.sendall(f"end\n{command}\n".encode() if self.configuring else f"{command}\n".encode())

    def close(self) -> None:
        """End it; ending it twice changes nothing."""
        with suppress(Exception):  # whatever the other side does, it is over
            if self.remote_conn is not None:
                self.disconnect()

    def _log_in(self, deadline: float) -> None:
        """Learn the router's name from its first prompt."""
        screen = Screen()
        while not (found := any_prompt().fullmatch(screen.last_line)):
            screen.add(self._receive(deadline, "login"))
        self._prompt, self._name = found[0], found["name"]
        self.base_prompt = self._name
        if not self._prompt.endswith("#"):
            raise AuthenticationRefused(
                f"it lets `{self.username}` in without the right to configure",
                where=self.where,
                remedy="Give the account privilege 15: `device bootstrap` in docs/cisco-iosxe.md.",
            )

    def _send(self, text: str) -> None:
        if self._over or self.remote_conn is None:
            raise lost(EOFError(), self.where)
        with self._ends_it():
            send(self._wire, text, where=self.where)

    def _receive(self, deadline: float, command: str) -> bytes:
        with self._ends_it():
            return receive(self._wire, deadline, command=command, where=self.where)

    @contextmanager
    def _ends_it(self) -> Iterator[None]:
        """End the conversation with an error: what is said later would be taken for the answer to another command."""
        try:
            yield
        except DeviceUnreachable:
            self._over = True
            raise
