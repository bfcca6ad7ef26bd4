"""A session on a router with IOS-XE: NAPALM's driver `ios` over a connection of ours.

What of the driver does not fit is replaced: it switches `file prompt quiet` on and off, which is part of the router's
configuration here; it looks for the file system, whose name differs from what `dir` says; it saves what it went back
to without a look at it; it tells of a change that was refused without what the router said.
"""

from pathlib import Path

from napalm.ios.ios import IOSDriver

from provisioning.devices.connecting import KNOWN_HOSTS, Login, check_files, keep_quiet, opening
from provisioning.devices.dial import dial
from provisioning.devices.iosxe_terminal import ANSWER_SECONDS, IosxeConnection
from provisioning.devices.known_hosts import known_hosts_about
from provisioning.devices.ssh_transport import SLOW
from provisioning.model.proxy import Proxy

FILE_SYSTEM = "bootflash:"
"""Of the C1100 (Cisco 1000 Series Software Configuration Guide, "Using Cisco IOS XE Software"). `flash:` is the same,
but `dir flash:` names this one, so that NAPALM does not find there what it has put there."""

TRANSFER_SECONDS = 90.0
"""How long handing over a file may take, with all that is asked about it."""


class IosxeDriver(IOSDriver):  # type: ignore[misc]  # NAPALM has no types
    """NAPALM's driver, on a connection that is up.

    Attributes:
        device: the connection.
        known_hosts: by which its host key was checked, for errors.
        merging: whether it was told to merge a file, so that it may be doing so whatever becomes of the session.
        said: what the router said when it merged a file.
    """

    device: IosxeConnection

    def __init__(self, connection: IosxeConnection, known_hosts: Path) -> None:
        options = {"auto_file_prompt": False, "dest_file_system": FILE_SYSTEM}
        super().__init__(connection.host, connection.username, "", optional_args=options)
        self.device = self._netmiko_device = connection
        self.known_hosts = known_hosts
        self.merging = False
        self.said = ""

    @property
    def where(self) -> str:
        """What the router is called in errors."""
        return self.device.where

    @property
    def refused(self) -> bool:
        """Whether it refused a line of the file that it merged last, so that NAPALM takes the change back."""
        return "Invalid input detected" in self.said

    @property
    def user(self) -> str:
        """The account that is logged in."""
        return self.device.username

    def ask(self, command: str, *, seconds: float = ANSWER_SECONDS) -> str:
        """Return what a command answers.

        Args:
            seconds: how long that may take.

        Raises:
            DeviceTimeout: when the prompt does not come back in time.
            DeviceUnreachable: when the connection is lost.
        """
        return self.device.ask(command, seconds=seconds)

    def close(self) -> None:
        """End the session; ending it twice changes nothing."""
        self.device.close()

    def rollback(self) -> None:
        """Go back to what was in force before the timer was set, which ends it.

        NAPALM would save what came of it: a router that aborts in the middle would start with that.
        """
        self._commit_handler("configure revert now")

    def _scp_file(self, source_file: str, dest_file: str, file_system: str) -> tuple[bool, str]:
        with self.device.second_client(TRANSFER_SECONDS):
            done: tuple[bool, str] = super()._scp_file(source_file, dest_file, file_system)
        return done

    def _commit_handler(self, cmd: str) -> str:
        merging = cmd.startswith("copy ")
        self.merging = self.merging or merging
        said: str = super()._commit_handler(cmd)
        if merging:
            self.said = said
        return said


def open_command_line(
    host: str,
    *,
    port: int = 22,
    user: str,
    key_file: Path,
    known_hosts: Path,
    seconds: float = 15.0,
    proxy: Proxy | None = None,
) -> IosxeDriver:
    """Open a session on a router's command line.

    Args:
        host: name or address, as it stands in `known_hosts`.
        user: account on the router, with privilege 15.
        key_file: private key in OpenSSH's format, without a pass phrase.
        known_hosts: in OpenSSH's format; a router that is not in it is not spoken to.
        seconds: how long each step of the connection may take.
        proxy: that leads there; None to connect directly.

    Raises:
        DeviceUnreachable: when nobody answers, or not as a router with IOS-XE does.
        AuthenticationRefused: when it does not let us in, or not so that it can be configured.
        ProxyTrouble: when the proxy does not.
        HostKeyDiffers: when the router's key is not the one on record, or none is.
        UnreadableProject: when the key file or the known hosts cannot be read.
    """
    where = host if port == 22 else f"{host} port {port}"
    check_files(host, port, key_file, known_hosts)
    keep_quiet()
    with known_hosts_about(known_hosts, host, port, KNOWN_HOSTS) as known:
        connected = dial(host, port, seconds, proxy)
        with opening(connected, Login(host, port, user, key_file), known, known_hosts, seconds, where) as arguments:
            connection = IosxeConnection(device_type="cisco_ios", disabled_algorithms=SLOW, **arguments)
    connection.called, connection.proxy = where, proxy
    return IosxeDriver(connection, known_hosts)
