"""Reaching a router that lets nobody in: the kind of trouble, and what to do about it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.devices.reach import Access, reach
from provisioning.errors import AuthenticationRefused, DeviceTimeout, DeviceUnreachable, NoSessionFree, cause_of

MANAGEMENT, STAGING = "10.255.0.7", "LX0107"
Error = type[DeviceUnreachable]


def answering(management: Error, staging: Error) -> Callable[..., object]:
    def opener(host: str, **_: object) -> object:
        kind = management if host == MANAGEMENT else staging
        raise kind("it did not work out", where=host, remedy=f"See to {kind.__name__}.")

    return opener


@pytest.mark.parametrize(
    ("management", "staging", "told", "cause"),
    [
        (DeviceUnreachable, DeviceUnreachable, DeviceUnreachable, "unreachable"),
        (DeviceUnreachable, DeviceTimeout, DeviceTimeout, "timeout"),
        (DeviceTimeout, DeviceUnreachable, DeviceTimeout, "timeout"),
        (DeviceUnreachable, NoSessionFree, NoSessionFree, "unreachable"),
        (DeviceTimeout, AuthenticationRefused, AuthenticationRefused, "authentication"),
    ],
)
def test_who_answers_is_told_from_who_does_not(
    tmp_path: Path, management: Error, staging: Error, told: Error, cause: str
) -> None:
    access = Access(tmp_path / "key", tmp_path / "known_hosts")
    with pytest.raises(DeviceUnreachable) as raised:
        reach(access, management=MANAGEMENT, staging=STAGING, host_key=None, opener=answering(management, staging))
    error = raised.value
    assert (type(error), cause_of(error)) == (told, cause)
    assert MANAGEMENT in error.what and STAGING in error.what
    switched_on = "Is it switched on" in error.remedy
    assert switched_on if told is DeviceUnreachable else error.remedy == f"See to {told.__name__}."
