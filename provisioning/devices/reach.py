"""How a router is reached: at its management address when its line is up, else on the staging network."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

from provisioning.devices.host_keys import known_hosts_for
from provisioning.errors import (
    AnswerNotUnderstood,
    AuthenticationRefused,
    DeviceTimeout,
    DeviceUnreachable,
    NoSessionFree,
    ProvisoError,
    ProxyTrouble,
    UnreadableProject,
)
from provisioning.model.proxy import Proxy

ACCOUNT = "root"

S = TypeVar("S")


class Way(StrEnum):
    """By which address a router answered."""

    MANAGEMENT = "management"
    STAGING = "staging"


@dataclass(frozen=True, slots=True)
class Reached(Generic[S]):
    """A router that answered.

    Attributes:
        host: name or address at which it did.
    """

    session: S
    host: str
    way: Way


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed to reach routers.

    Attributes:
        key_file: setting `ssh_key_file`.
        known_hosts: setting `known_hosts_file`; used where no key of a router is on record.
        seconds: how long each step of a connection may take.
        proxy: that leads there; None to connect directly.
    """

    key_file: Path | None
    known_hosts: Path | None
    seconds: float = 10.0
    proxy: Proxy | None = None


def staging_name(pattern: str, serial: str) -> str:
    """Return the name of a router on the staging network.

    Args:
        pattern: setting `staging_host`, such as `{serial}.staging.example`.

    Raises:
        UnreadableProject: when the pattern is none.
    """
    try:
        return pattern.format(serial=serial)
    except (KeyError, IndexError, ValueError, AttributeError):
        raise UnreadableProject(
            f"no pattern of a host name: {pattern}", where="setting staging_host", remedy="Write {serial} in it."
        ) from None


def reach(
    access: Access,
    *,
    management: str | None,
    staging: str,
    host_key: str | None,
    opener: Callable[..., S],
) -> Reached[S]:
    """Open a session on a router, at its management address first.

    Args:
        access: what is needed to reach it.
        management: address of its activated line; None when there is none.
        staging: its name or address on the staging network.
        host_key: `type key` as recorded at bootstrap; None when it never was.
        opener: opens a session at one address, as `open_session` does.

    Raises:
        DeviceUnreachable: when it answers at neither; names both.
        DeviceTimeout: when it is there, and does not answer in time.
        NoSessionFree: when others have all its sessions.
        AuthenticationRefused: when it answers, and does not let us in.
        ProxyTrouble: when the proxy cannot be used.
        HostKeyDiffers: when something answers that is not the router, at the first address that does.
        UnreadableProject: when a setting that is needed is missing.
    """
    key_file = need_key(access.key_file)
    failures = []
    for way, host in _ways(management, staging):
        try:
            with ExitStack() as stack:
                if host_key is not None:
                    known = stack.enter_context(known_hosts_for(host, host_key))
                elif access.known_hosts is not None:
                    known = access.known_hosts
                else:
                    raise UnreadableProject(
                        "no host key of this router is on record, and no known hosts are set",
                        where=host,
                        remedy="`proviso device bootstrap` records it; or set known_hosts_file.",
                    )
                session = opener(
                    host,
                    user=ACCOUNT,
                    key_file=key_file,
                    known_hosts=known,
                    seconds=access.seconds,
                    proxy=access.proxy,
                )
                return Reached(session, host, way)
        except ProxyTrouble:
            raise
        except DeviceUnreachable as error:
            failures.append((way, error))
    raise _of_both(failures, staging) from failures[-1][1]


def _of_both(failures: list[tuple[Way, DeviceUnreachable]], staging: str) -> DeviceUnreachable:
    """Return the error of a router that let us in nowhere: who answers and refuses is told from who does not."""
    kinds: tuple[type[DeviceUnreachable], ...] = (AuthenticationRefused, NoSessionFree, DeviceTimeout)
    kind = next((kind for kind in kinds if any(isinstance(error, kind) for _, error in failures)), DeviceUnreachable)
    answered = [error for _, error in failures if isinstance(error, kind) and kind is not DeviceUnreachable]
    return kind(
        "; ".join(f"{way} {error.where}: {error.what}" for way, error in failures),
        where=staging,
        remedy=answered[0].remedy if answered else "Is it switched on, and its line or the staging network up?",
    )


def answers_strangely(error: ProvisoError) -> bool:
    """Return whether a router answered, but not as one of the platform that it was taken for."""
    return isinstance(error, AnswerNotUnderstood) or DeviceTimeout in (type(error), type(error.__cause__))


def need_key(key_file: Path | None) -> Path:
    """Return the file of the key to log in with.

    Raises:
        UnreadableProject: when none is set.
    """
    if key_file is None:
        raise UnreadableProject(
            "no SSH key is set",
            where="setting ssh_key_file",
            remedy="Name the file of the operator's key; `proviso lab run` and `simulator run` do it for theirs.",
        )
    return key_file


def _ways(management: str | None, staging: str) -> Iterator[tuple[Way, str]]:
    if management is not None:
        yield Way.MANAGEMENT, management
    yield Way.STAGING, staging
