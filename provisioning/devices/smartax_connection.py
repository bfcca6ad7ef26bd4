"""A conversation with an OLT's command line, on netmiko's driver `huawei_smartax`.

What of the driver does not work is replaced: it sleeps where it could wait, leaves privileged mode that it needs
again, its `cleanup` waits for a farewell that newer versions do not say, and its reading ends at whatever looks like a
prompt.
Here an answer is whole when it begins with the echo of its command and ends with the OLT's own prompt, not before.
"""

import re
import time
from contextlib import suppress
from pathlib import Path
from socket import socket
from typing import Any, cast

from netmiko.huawei.huawei_smartax import HuaweiSmartAXSSH

from provisioning.devices.connecting import KNOWN_HOSTS, Login, opening
from provisioning.devices.known_hosts import known_hosts_about
from provisioning.devices.smartax_screen import Screen
from provisioning.devices.ssh_transport import SLOW, GcmFirst
from provisioning.devices.wire import Wire, receive, send
from provisioning.errors import (
    AnswerNotUnderstood,
    AuthenticationRefused,
    DeviceUnreachable,
    NoSessionFree,
    ProvisoError,
)
from provisioning.model.secret import Secret
from provisioning.platforms.huawei_smartax.answers import without_echo

ENABLE = "enable"

LARGEST_ANSWER = 16 * 1024 * 1024
"""Characters; one ONT's pages are a few thousand."""

FAREWELL_SECONDS = 1.0
"""How long a polite end may take before the connection is just closed."""

_PARAMETERS = re.compile(r"\{[^{}]*<cr>[^{}]*\}\s*:\s*$")
_SURE = re.compile(r"\(\s*y\s*/\s*n\s*\)\s*(?:\[\s*[yn]\s*\])?\s*:?\s*$", re.IGNORECASE)
_YES_NO = re.compile(r"YES.NO\W*$")
_PASSWORD = re.compile(r"password\s*:\s*$", re.IGNORECASE)
_FULL = re.compile(r"reached the (?:upper limit|maximum)", re.IGNORECASE)
"""What it says before it ends a session that is one too many."""

_FIRST_PROMPT = re.compile(r"(?:^|\n)([A-Za-z0-9][^\s<>#(){}\[\]]{0,63})[>#]\s*$")


class SmartAxConnection(HuaweiSmartAXSSH):
    """A connection to an OLT, in privileged mode once it is open.

    Attributes:
        called: what the OLT is called in errors; its host name when empty.
    """

    called = ""
    _prompt = ""

    @property
    def _where(self) -> str:
        return self.called or self.host

    @property
    def _wire(self) -> Wire:
        return cast(Wire, self.remote_conn)

    def _connect_params_dict(self) -> dict[str, Any]:
        return {**super()._connect_params_dict(), "transport_factory": GcmFirst}

    def _try_session_preparation(self, force_data: bool = False) -> None:
        # The login banner is data enough; the driver would send a line break and sleep.
        super()._try_session_preparation(force_data=False)

    def session_preparation(self) -> None:
        """Wait for the prompt, enter privileged mode, and have nothing interrupt the answers."""
        deadline = time.monotonic() + self.conn_timeout
        self._prompt = rf"{re.escape(self._login(deadline))}(?:\([^()\n]*\))?[>#]"
        self.ask(ENABLE, seconds=self.conn_timeout)
        # Where a version has not got one of these it says so, and goes on.
        for command in ("undo smart", "scroll 512", "infoswitch cli OFF"):
            self.ask(command, seconds=self.conn_timeout)

    def cleanup(self, command: str = "quit") -> None:
        """Say good-bye, and do not insist on an answer."""
        with suppress(Exception):  # whatever the other side does, it is over
            self._wire.settimeout(FAREWELL_SECONDS)
            self._wire.sendall(b"return\n")
            self._wire.sendall(f"{command}\ny\n".encode())
            deadline = time.monotonic() + FAREWELL_SECONDS
            while time.monotonic() < deadline and self._wire.recv(65536):
                continue

    def _disable_mmi_mode(self, command: str = "mmi-mode disable") -> None:
        # The driver's waits for a prompt that cannot come: its pattern takes the brackets for a group.
        self.ask(command, seconds=self.conn_timeout)

    def ask(self, command: str, *, seconds: float, agree: bool = False) -> str:
        """Send one command and return its whole answer, without echo and prompt.

        Args:
            seconds: how long the answer may take.
            agree: what is answered when the OLT asks whether one is sure.

        Raises:
            DeviceTimeout: when the prompt does not come back in time.
            DeviceUnreachable: when the connection is lost.
            AnswerNotUnderstood: when the answer does not begin with the command, or asks something else.
        """
        deadline = time.monotonic() + seconds
        self._send(f"{command}\n")
        prompt = re.compile(self._prompt)
        screen = Screen()
        while True:
            screen.add(self._receive(deadline, command))
            if len(screen.text) > LARGEST_ANSWER:
                raise AnswerNotUnderstood("it does not stop talking", where=self._where, remedy="Look at the OLT.")
            before, _, last = screen.text.rstrip().rpartition("\n")
            if prompt.fullmatch(last):
                # A prompt without the echo before it is an earlier command's.
                answer = self._after_echo(command, before)
                if answer is not None:
                    return answer
            reply = self._reply(screen, command, agree)
            if reply:
                screen.answered()
                self._send(reply)

    def hear(self, what: re.Pattern[str], *, seconds: float) -> None:
        """Wait for something that the OLT says by itself, after the prompt of a command that goes on.

        Raises:
            DeviceTimeout: when it does not say it in time.
            DeviceUnreachable: when the connection is lost.
        """
        deadline = time.monotonic() + seconds
        screen = Screen()
        while not what.search(screen.text):
            screen.add(self._receive(deadline, what.pattern))

    def _reply(self, screen: Screen, command: str, agree: bool) -> str:
        """Return what the OLT waits for in the middle of an answer; nothing when it does not wait."""
        if screen.pages():
            return " "
        text = screen.question()
        if _PARAMETERS.search(text):
            return "\n"
        if _SURE.search(text):
            return "y\n" if agree else "n\n"
        if command == ENABLE and _PASSWORD.search(text):
            raise AuthenticationRefused(
                f"it asks for a password after `{command}`",
                where=self._where,
                remedy="Give the account the level that may configure, without a password for `enable`.",
            )
        return ""

    def _after_echo(self, command: str, text: str) -> str | None:
        """Return what follows the echo of a command, before which other messages may stand."""
        prompt = re.compile(rf"\s*(?:{self._prompt})?")
        start = 0
        while True:
            begin = prompt.match(text, start)
            answer = without_echo(command, text[begin.end() if begin else start :])
            start = text.find("\n", start) + 1
            if answer is not None or start == 0:
                return answer

    def _login(self, deadline: float) -> str:
        """Return the OLT's name, which its prompts begin with."""
        screen, answered = Screen(), 0
        while True:
            try:
                screen.add(self._receive(deadline, "login"))
            except DeviceUnreachable:
                if _FULL.search(screen.text):
                    raise NoSessionFree(
                        "it has no session free",
                        where=self._where,
                        remedy="See who is on it: `display client`.",
                    ) from None
                raise
            text = screen.text
            if found := _FIRST_PROMPT.search(text):
                return found[1]
            if _YES_NO.search(text[answered:]):
                self._send("yes\n")
                answered = len(text)
            elif _SURE.search(text[answered:]):
                self._send("n\n")
                answered = len(text)

    def _send(self, text: str) -> None:
        send(self._wire, text, where=self._where)

    def _receive(self, deadline: float, command: str) -> bytes:
        return receive(self._wire, deadline, command=command, where=self._where)


def connect(
    sock: socket,
    host: str,
    port: int,
    user: str,
    password: Secret,
    known_hosts: Path,
    seconds: float,
    called: str,
) -> SmartAxConnection:
    """Return a session on an OLT over a connection that is up, in privileged mode.

    Args:
        sock: the connection; it is closed when no session comes about.
        called: what the OLT is called in errors.

    Raises:
        AuthenticationRefused: when it does not let us in.
        DeviceUnreachable: when it does not answer as an OLT does.
        HostKeyDiffers: when its key is not the one on record.
        NoSessionFree: when others have all its sessions.
    """
    login = Login(host, port, user, password=password, set_by="See `password_from` in the inventory.")
    try:
        with (
            known_hosts_about(known_hosts, host, port, KNOWN_HOSTS) as known,
            opening(sock, login, known, known_hosts, seconds, called) as arguments,
        ):
            connection = SmartAxConnection(device_type="huawei_smartax", disabled_algorithms=SLOW, **arguments)
    except ProvisoError:
        sock.close()
        raise
    connection.called = called
    return connection
