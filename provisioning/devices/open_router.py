"""The routers that Proviso speaks to, by platform: what opens a session, works with it, and makes a router ready."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from provisioning.devices.bootstrap import Bootstrapped
from provisioning.devices.host_keys import known_hosts_for
from provisioning.devices.reach import ACCOUNT, Access, Way, need_key, reach
from provisioning.errors import UnreadableProject
from provisioning.model.device import Running
from provisioning.ports import Device

if TYPE_CHECKING:
    from provisioning.devices.iosxe_connection import IosxeDriver
    from provisioning.devices.session import SshSession

LINUX_CPE: Final = "linux_cpe"
CISCO_IOSXE: Final = "cisco_iosxe"
PLATFORMS: Final = (LINUX_CPE, CISCO_IOSXE)


TRANSPORT: Final = ("paramiko", "netmiko", "python_socks.sync", "provisioning.devices.shell_connection")

_loading = Lock()


class _Session(Protocol):
    def close(self) -> None: ...


S = TypeVar("S", bound=_Session)
Made = TypeVar("Made", bound=_Session, contravariant=True)


class _Bootstrap(Protocol[Made]):
    def __call__(self, session: Made, /, *, serial: str | None, host_key: str) -> Bootstrapped: ...


@dataclass(frozen=True, slots=True)
class _Kind(Generic[S]):
    """A platform.

    Attributes:
        name: of it.
        opener: opens a session at an address, as `open_session` does.
        device: what works with a session; the serial is for errors.
        bootstrap: makes the router of a session ready.
        look: fetches what is in force without what Proviso installs; the serial is for errors.
        helper: digest of what Proviso installs on it; empty where that is nothing.
    """

    name: str
    opener: Callable[..., S]
    device: Callable[[S, str], Device]
    bootstrap: _Bootstrap[S]
    look: Callable[[S, str], Running]
    helper: str = ""


@dataclass(frozen=True, slots=True)
class OpenRouter:
    """A router that answered.

    Attributes:
        host: name or address at which it did.
        platform: of it.
        helper: digest of what Proviso installs on a router of its platform; empty where that is nothing.
        make_ready: makes it ready, given the host key by which it was reached; a second time it changes nothing.
        look: returns what is in force on a router that was not made ready, too.
    """

    device: Device
    host: str
    way: Way
    platform: str
    helper: str
    make_ready: Callable[[str], Bootstrapped]
    look: Callable[[], Running]


def open_router(
    platform: str, serial: str, access: Access, *, management: str | None, staging: str, host_key: str | None
) -> OpenRouter:
    """Open a session on a router, at its management address first.

    Args:
        platform: of the router.
        serial: of the router.
        management: address of its activated line; None when there is none.
        staging: its name or address on the staging network.
        host_key: `type key` as recorded at bootstrap; None when it never was.

    Raises:
        DeviceUnreachable: when it answers at neither; names both.
        AuthenticationRefused: when it answers, and does not let us in.
        ProxyTrouble: when the proxy cannot be used.
        HostKeyDiffers: when something answers that is not the router, at the first address that does.
        UnreadableProject: when a setting that is needed is missing, or there is no such platform.
    """
    _load_transport()
    if _need(platform, serial) == LINUX_CPE:
        return _open(_linux_cpe(), serial, access, management, staging, host_key)
    return _open(_cisco_iosxe(), serial, access, management, staging, host_key)


def bootstrap_router(platform: str, host: str, access: Access, *, serial: str | None, host_key: str) -> Bootstrapped:
    """Make the router at an address ready.

    Args:
        platform: of the router.
        host: its name or address.
        serial: that was ordered; None to take whichever it is.
        host_key: `type key` that it must have.

    Raises:
        DeviceRefused: when it is another router than the one that was ordered, or does not let itself be made ready.
        DeviceUnreachable: when it does not answer.
        UnreadableProject: when a setting that is needed is missing, or there is no such platform.
    """
    _load_transport()
    if _need(platform, host) == LINUX_CPE:
        return _bootstrap(_linux_cpe(), host, access, serial, host_key)
    return _bootstrap(_cisco_iosxe(), host, access, serial, host_key)


def _open(
    kind: _Kind[S], serial: str, access: Access, management: str | None, staging: str, host_key: str | None
) -> OpenRouter:
    reached = reach(access, management=management, staging=staging, host_key=host_key, opener=kind.opener)
    session = reached.session

    def make_ready(key: str) -> Bootstrapped:
        return kind.bootstrap(session, serial=serial, host_key=key)

    return OpenRouter(
        kind.device(session, serial),
        reached.host,
        reached.way,
        kind.name,
        kind.helper,
        make_ready,
        lambda: kind.look(session, serial),
    )


def _bootstrap(kind: _Kind[S], host: str, access: Access, serial: str | None, host_key: str) -> Bootstrapped:
    key_file = need_key(access.key_file)
    with known_hosts_for(host, host_key) as known:
        session = kind.opener(
            host, user=ACCOUNT, key_file=key_file, known_hosts=known, seconds=access.seconds, proxy=access.proxy
        )
    with closing(session):
        return kind.bootstrap(session, serial=serial, host_key=host_key)


def _need(platform: str, where: str) -> str:
    if platform not in PLATFORMS:
        raise UnreadableProject(
            f"this version reaches no routers of the platform {platform}",
            where=where,
            remedy=f"Those that it reaches: {', '.join(PLATFORMS)}.",
        )
    return platform


def _load_transport() -> None:
    """Load what every session needs, once: threads that load one library at the same time may each find half of it."""
    with _loading:
        for each in TRANSPORT:
            import_module(each)


def _linux_cpe() -> "_Kind[SshSession]":
    with _loading:
        from provisioning.devices import helper
        from provisioning.devices.bootstrap import bootstrap
        from provisioning.devices.connecting import open_session
        from provisioning.devices.linux_cpe import LinuxCpe
        from provisioning.devices.linux_documents import read_documents

    return _Kind(LINUX_CPE, open_session, LinuxCpe, bootstrap, read_documents, helper.shipped_digest())


def _cisco_iosxe() -> "_Kind[IosxeDriver]":
    # NAPALM takes a second and 40 MB to load, so that only those load it who have such a router; one at a time.
    with _loading:
        from provisioning.devices.cisco_iosxe import CiscoIosxe
        from provisioning.devices.iosxe_bootstrap import bootstrap
        from provisioning.devices.iosxe_connection import open_command_line
        from provisioning.devices.iosxe_look import fetch

    return _Kind(CISCO_IOSXE, open_command_line, CiscoIosxe, bootstrap, lambda router, _serial: fetch(router))
