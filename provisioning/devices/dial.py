"""How machines are reached: directly, or through the SOCKS proxy of the settings, which then looks up their names."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from provisioning.errors import DeviceUnreachable, ProxyTrouble
from provisioning.model.proxy import Proxy

if TYPE_CHECKING:
    from python_socks import ProxyError

REFUSED_BY_TARGET = {
    2: "the proxy does not allow it",
    3: "network is unreachable",
    4: "no route to host",
    5: "connection refused",
    6: "no route to host",
}
"""What a proxy says of the machine behind it (RFC 1928, 6); everything else is its own trouble."""


def dial(host: str, port: int, seconds: float, proxy: Proxy | None = None) -> socket.socket:
    """Return a connection to a machine, with `seconds` as the time limit of what is done on it.

    Args:
        host: name or address; through a proxy, the proxy looks the name up.
        seconds: how long each step may take.
        proxy: None to connect directly.

    Raises:
        DeviceUnreachable: when the machine does not answer.
        ProxyTrouble: when the proxy does not, or does not let us in.
    """
    if proxy is None:
        try:
            return socket.create_connection((host, port), timeout=seconds)
        except (OSError, UnicodeError) as error:
            raise no_connection(said_by(error), host) from None
    return _through(proxy, host, port, seconds)


def said_by(error: BaseException) -> str:
    """Return the words of an error of the network, for people."""
    return (getattr(error, "strerror", None) or str(error) or "no answer").lower()


def lost_words(error: BaseException) -> str:
    """Return for people how a connection that stood was lost."""
    said = getattr(error, "strerror", None) or str(error)
    return f"the connection was lost: {said.lower()}" if said else "the connection was lost: the other end closed it"


def _through(proxy: Proxy, host: str, port: int, seconds: float) -> socket.socket:
    from python_socks import ProxyType
    from python_socks.sync import Proxy as Dialler

    secret = proxy.password.reveal() if proxy.password else None
    dialler = Dialler(ProxyType.SOCKS5, proxy.host, proxy.port, proxy.user or None, secret, rdns=True)
    with proxy_told(proxy, host, seconds):
        connection = dialler.connect(host, port, timeout=seconds)
    with suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


@contextmanager
def proxy_told(proxy: Proxy, host: str, seconds: float) -> Iterator[None]:
    """Tell as ours what goes wrong when a proxy is asked for a connection.

    Args:
        host: that it is to lead to.
        seconds: how long that may take.

    Raises:
        DeviceUnreachable: when it reaches nobody.
        ProxyTrouble: when the proxy cannot be used.
    """
    from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError

    try:
        yield
    except ProxyConnectionError as error:
        raise proxy_silent(proxy, said_by(error.__cause__ or error)) from None
    except ProxyTimeoutError:
        # It may be either's silence; a proxy that connected us to nobody yet is not blamed for it.
        raise no_connection(f"no answer within {seconds:.0f} s", host) from None
    except ProxyError as error:
        raise proxy_refusal(error, proxy, host) from None
    except (OSError, UnicodeError) as error:
        raise proxy_silent(proxy, said_by(error)) from None


def proxy_refusal(error: "ProxyError", proxy: Proxy, host: str) -> DeviceUnreachable:
    """Return our error for what a proxy says when it does not connect us to a machine."""
    if error.error_code in REFUSED_BY_TARGET:
        return no_connection(REFUSED_BY_TARGET[error.error_code], host)
    if "authentication" in str(error).lower():
        return proxy_refuses(proxy)
    return proxy_silent(proxy, str(error).lower() or "it ended the connection")


def proxy_refuses(proxy: Proxy) -> ProxyTrouble:
    """Return the error for a proxy that does not take our name and password."""
    return ProxyTrouble(
        "it does not let us in",
        where=proxy.where,
        remedy="Check user and password: setting socks_proxy.",
    )


def proxy_silent(proxy: Proxy, said: str) -> ProxyTrouble:
    """Return the error for a proxy that cannot be used."""
    return ProxyTrouble(
        f"it cannot be used: {said}", where=proxy.where, remedy="Does it run? It is named by the setting socks_proxy."
    )


def no_connection(said: str, host: str) -> DeviceUnreachable:
    """Return the error for a machine to which no connection came about.

    Args:
        said: why, for people.
    """
    return DeviceUnreachable(f"no connection: {said}", where=host, remedy="Is it switched on, and the line up?")
