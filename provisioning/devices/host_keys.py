"""Host keys: recorded at the first contact, checked ever after."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from provisioning.devices.dial import dial, said_by
from provisioning.devices.known_hosts import SSH_PORT, host_name, known_keys, written
from provisioning.errors import DeviceUnreachable, HostKeyDiffers
from provisioning.model.proxy import Proxy

STAGED = "Is it switched on, and connected to the staging network?"


@contextlib.contextmanager
def known_hosts_for(host: str, key: str, *, port: int = SSH_PORT) -> Iterator[Path]:
    """Yield a known_hosts file that knows one machine by its recorded key, for as long as it is needed.

    Args:
        key: type and key, as in a known_hosts file.
    """
    with written(f"{host_name(host, port)} {key}\n") as path:
        yield path


def scan_host_key(
    host: str,
    *,
    port: int = SSH_PORT,
    known_hosts: Path | None = None,
    seconds: float = 15.0,
    proxy: Proxy | None = None,
) -> str:
    """Return the host key of a machine that is met for the first time, as `type key`.

    It is trusted on this first use, which is meant for the staging network. Where the configured known_hosts file has
    the machine, its key must match.

    Raises:
        DeviceUnreachable: when nobody answers there.
        ProxyTrouble: when the proxy that leads there does not.
        HostKeyDiffers: when the file has another key of that machine.
        UnreadableProject: when the file cannot be read.
    """
    import paramiko

    known = _known(known_hosts, host, port)
    try:
        with dial(host, port, seconds, proxy) as connection:
            transport = paramiko.Transport(connection)
            try:
                if known:
                    transport.get_security_options().key_types = _preferred(transport, known)
                transport.start_client(timeout=seconds)
                key = transport.get_remote_server_key()
            finally:
                transport.close()
    except DeviceUnreachable as error:
        error.remedy = STAGED if type(error) is DeviceUnreachable else error.remedy
        raise
    except (OSError, EOFError, paramiko.SSHException) as error:
        said = said_by(error) if str(error) else "no SSH session came about"
        raise DeviceUnreachable(f"no connection: {said}", where=host, remedy=STAGED) from None
    found = f"{key.get_name()} {key.get_base64()}"
    if known and found not in known:
        raise HostKeyDiffers(
            "its host key is not the one on record",
            where=host,
            remedy=f"Another machine may answer in its place. Compare its key with {known_hosts}.",
        )
    return found


def _known(known_hosts: Path | None, host: str, port: int) -> tuple[str, ...]:
    return known_keys(known_hosts, host, port, "Setting known_hosts_file.") if known_hosts is not None else ()


def _preferred(transport: object, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the key types to ask for: those on record first, or the machine shows another of its keys."""
    present: tuple[str, ...] = tuple(getattr(transport, "preferred_keys", ()))
    names = {each.split()[0] for each in known}
    first = tuple(each for each in present if each in names or (each.startswith("rsa-") and "ssh-rsa" in names))
    return (*first, *(each for each in present if each not in first))
